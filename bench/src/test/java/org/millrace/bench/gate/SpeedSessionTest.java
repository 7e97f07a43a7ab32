package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.server.ServerSpec;

/** One tiny session of every kind of work on real servers, so that none rots. The numbers mean nothing. */
@Timeout(120)
class SpeedSessionTest
{
    private static final GateSizes TINY = new GateSizes(1, 2, 2, 4_000_000, 4_000_000, GateSizes.full().cases());

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void shouldMeasureEveryKindOfWorkAndAddRoundsWhereAsked() throws IOException
    {
        final ServerSpec redis = RealRedis.spec();
        final List<String> asked = new ArrayList<>();
        final Map<String, SpeedSamples> samples = new SpeedSession(
            redis.with("one"), redis.with("two"), TINY, (work, found) ->
            {
                asked.add(work.name());
                return "get".equals(work.name());
            }, out).run();

        assertEquals(TINY.cases(), List.copyOf(samples.keySet()));
        assertEquals(TINY.cases(), asked.subList(0, TINY.cases().size()));
        for (final Map.Entry<String, SpeedSamples> each : samples.entrySet())
        {
            assertEquals("get".equals(each.getKey()) ? 4 : 2, each.getValue().count(), each.getKey());
        }

        assertTrue(samples.get("set").medianNs(false, 2) > 0);
        final String text = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("round 2 get"), text);
    }

    @Test
    void shouldGiveATableAndRatiosOfASession() throws IOException
    {
        final ServerSpec redis = RealRedis.spec();
        final GateSizes sizes = TINY.with(List.of("set"));
        final List<SpeedResult> results = SpeedGate.againstControl(redis, redis, sizes, 10, out).run();

        assertEquals(2, results.size());
        // Far too little was measured to say anything.
        assertEquals(Verdict.TOO_NOISY, results.get(0).verdict());
        final String table = SpeedGate.table("this", "that", results).toText();
        assertTrue(table.contains("SET, pipeline 16"), table);

        final Baseline.Peer peer = SpeedGate.ratios(
            Map.of("java", "17"),
            SpeedGate.againstControl(redis, redis, sizes, 10, out).measure());
        assertEquals(List.of("set"), List.copyOf(peer.wall().keySet()));
    }
}
