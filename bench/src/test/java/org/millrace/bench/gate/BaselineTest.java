package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The committed numbers and the comparison with them. */
class BaselineTest
{
    private static final Map<String, Object> ENVIRONMENT = Map.of("cpu", "any \"quoted\" one");

    @TempDir
    private Path directory;

    @Test
    void shouldReadWhatItHasWritten() throws IOException
    {
        final Baseline baseline = new Baseline(directory.resolve("deeper"));
        assertFalse(baseline.hasCounters());
        baseline.writeCounters(ENVIRONMENT, List.of(counter("a", 1.23456), counter("b", 4)));
        final Baseline.Peer peer = new Baseline.Peer(
            Map.of("java", "17"),
            Map.of("set", new Baseline.Ratio(-0.5, 0.02)),
            Map.of("set", new Baseline.Ratio(0.1, 0.2)));
        baseline.writePeer(ENVIRONMENT, peer);

        assertEquals(Map.of("a", 1.2346, "b", 4.0), baseline.counters());
        assertTrue(baseline.hasPeer());
        assertEquals(peer, baseline.peer());
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException
    {
        final Baseline baseline = new Baseline(directory);
        assertMessage(baseline, "{\"counters\": {\"a\": }}", "expected a value in line 1");
        assertMessage(baseline, "{\n\"counters\": 3}", "counters is not an object");
        assertMessage(baseline, "{\"counters\": {\"a\": {\"value\": \"x\"}}}", "no number value");
        assertMessage(baseline, "{\"counters\": {}", "expected more in line 1");
        assertMessage(baseline, "[]", "counters.json is not an object");
    }

    @Test
    void shouldReadJson()
    {
        assertEquals(
            Map.of("list", List.of(1.5, true, "a\nü\""), "empty", Map.of()),
            JsonReader.read(" {\"list\": [1.5, true, \"a\\n\\u00fc\\\"\"],\n \"empty\": {} } "));
        for (final String wrong : List.of("", "{", "[1 2]", "{\"a\" 1}", "{} {}", "\"a", "\"\\u12\"", "tru",
            "[".repeat(99)))
        {
            assertThrows(IllegalArgumentException.class, () -> JsonReader.read(wrong), wrong);
        }
    }

    @Test
    void shouldFailWhatIsAboveTheAllowance()
    {
        final List<CounterRule.Row> rows = CounterRule.compare(
            Map.of("a", 1.0, "b", 1.0, "c", 1.0, "gone", 2.0),
            List.of(counter("a", 1.1), counter("b", 1.1001), counter("c", 0.8), counter("new", 5)));

        assertEquals(
            Map.of(
                "a", CounterRule.State.SAME,
                "b", CounterRule.State.WORSE,
                "c", CounterRule.State.BETTER,
                "new", CounterRule.State.NEW,
                "gone", CounterRule.State.NOT_MEASURED),
            rows.stream().collect(Collectors.toMap(CounterRule.Row::name, CounterRule.Row::state)));
    }

    @Test
    void shouldHoldTheCommittedBaseline() throws IOException
    {
        final Baseline committed = new Baseline(Path.of("..", "perf-reports", "baseline"));

        assertTrue(committed.counters().size() > 20, committed.counters()::toString);
        // Ratios to a peer belong to a machine, so they may be missing.
        if (committed.hasPeer())
        {
            assertEquals(GateSizes.full().cases(), List.copyOf(committed.peer().cpu().keySet()));
        }
    }

    @Test
    void shouldAddUpATableOfStrace()
    {
        assertEquals(
            4_032,
            Strace.sum(List.of(
                "% time     seconds  usecs/call     calls    errors syscall",
                "------ ----------- ----------- --------- --------- ----------------",
                " 53.88    0.042548        5318         8         3 futex",
                " 34.07    0.026906          13      2000           write",
                "  6.38    0.005040           2      2000         5 read",
                "  5.54    0.004376           2        32           epoll_wait",
                "  0.10    0.000076          38         2         2 restart_syscall",
                "------ ----------- ----------- --------- --------- ----------------",
                "100.00    0.078962          13      4042        10 total")));
        assertTrue(Double.isNaN(Strace.sum(List.of("strace: attach: not permitted"))));
    }

    private void assertMessage(final Baseline baseline, final String text, final String wanted) throws IOException
    {
        Files.writeString(directory.resolve("counters.json"), text);
        final Exception ex = assertThrows(Exception.class, baseline::counters);
        assertTrue(ex.getMessage().contains(wanted), ex.getMessage());
    }

    private static Counter counter(final String name, final double value)
    {
        return new Counter(name, "bytes", "INFO", value, 0.1);
    }
}
