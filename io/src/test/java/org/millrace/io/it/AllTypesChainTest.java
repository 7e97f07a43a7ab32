package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.millrace.kit.resp.RespError;
import org.millrace.kit.resp.TextClient;
import org.millrace.kit.server.LinkProxy;
import org.millrace.kit.server.TestServer;

/**
 * Values of all types on their way from a real Redis through Millrace to a real Redis, by snapshot and by stream, while
 * both links are cut again and again. {@code -Dmillrace.it.keys} says how many keys there are at first.
 */
@ParameterizedClass
@EnumSource(Mode.class)
@Timeout(value = 900, unit = TimeUnit.SECONDS)
final class AllTypesChainTest
{
    private static final long SEED = 7_401;
    private static final int KEYS = Integer.getInteger("millrace.it.keys", 3_000);
    private static final int CUTS = 10;
    private static final int BATCH = 500;

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = Nodes.optimizing();

    @Test
    void shouldPassThroughWhileBothLinksAreCut()
    {
        final TestServer top = nodes.redis("top");
        fill(top);
        try (MixedLoad load = MixedLoad.start(top, SEED, 4_000))
        {
            final LinkProxy first = nodes.proxy(top);
            final TestServer middle = nodes.millrace("middle", mode, "--replicaof", "127.0.0.1 " + first.port());
            final LinkProxy second = nodes.proxy(middle);
            final TestServer bottom = nodes.redis("bottom", "--replicaof", "127.0.0.1 " + second.port());
            DataComparison.awaitLinkUp(middle);
            DataComparison.awaitLinkUp(bottom);
            final SplittableRandom random = new SplittableRandom(SEED);
            for (int i = 0; i < CUTS; i++)
            {
                load.awaitWritten(random.nextInt(400));
                first.cutAfter(random.nextInt(20_000));
                load.awaitWritten(random.nextInt(400));
                second.cutAfter(random.nextInt(20_000));
            }

            load.awaitWritten(1_000);
            load.stop();
            DataComparison.assertEqualData(top, middle, bottom);
            assertEquals(0, middle.figure("stats", "unexpected_error_replies"));
            assertTrue(top.resyncs("partial_ok") > 0, "partial resyncs of the first link");
            assertTrue(middle.resyncs("partial_ok") > 0, "partial resyncs of the second link");
        }
    }

    /** Keys of all types, most of them small, every tenth with a deadline far away. */
    private static void fill(final TestServer node)
    {
        final SplittableRandom random = new SplittableRandom(SEED);
        try (TextClient client = node.connect())
        {
            int queued = 0;
            for (int i = 0; i < KEYS; i++)
            {
                queued += key(client, random, i);
                if (queued >= BATCH || i == KEYS - 1)
                {
                    client.flush();
                    for (; queued > 0; queued--)
                    {
                        if (client.read() instanceof RespError error)
                        {
                            throw new AssertionError(error.message());
                        }
                    }
                }
            }
        }
    }

    /** @return commands sent. */
    private static int key(final TextClient client, final SplittableRandom random, final int number)
    {
        final String key = "start:" + number;
        final int elements = 0 == random.nextInt(200) ? 700 : 1 + random.nextInt(12);
        int commands = 0;
        for (int i = 0; i < elements; i++)
        {
            final String text = Long.toString(random.nextLong() >>> random.nextInt(64), 36);
            final String score = Integer.toString(random.nextInt(1_000));
            switch (number % 7)
            {
                case 0 -> client.send("RPUSH", key, text, score);
                case 1 -> client.send("HSET", key, text, score);
                case 2 -> client.send("SADD", key, text);
                case 3 -> client.send("SADD", key, score);
                case 4 -> client.send("ZADD", key, score, text);
                case 5 -> client.send("XADD", key, "*", "field", text);
                default -> client.send("SET", key, text + text);
            }

            commands++;
        }

        if (0 == number % 10)
        {
            client.send("PEXPIREAT", key, Long.toString(4_000_000_000_000L + number));
            commands++;
        }

        return commands;
    }
}
