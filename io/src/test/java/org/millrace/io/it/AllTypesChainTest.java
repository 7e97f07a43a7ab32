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
 * both links are cut again and again. {@code -Dmillrace.it.keys} says how many keys there are beside those of the load:
 * half of them when the links begin, the others come between two cuts.
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
    private static final int DIGESTED_MAX = 100_000;

    /** Nothing of the load swaps or empties it. */
    private static final String KEPT_DATABASE = "9";

    /** What comes while a link is down must not need a full resync. */
    private static final String[] BACKLOG = {"--repl-backlog-size", "256mb"};

    @Parameter
    Mode mode;

    @RegisterExtension
    final Nodes nodes = Nodes.optimizing();

    @Test
    void shouldPassThroughWhileBothLinksAreCut()
    {
        final TestServer top = nodes.redis("top", BACKLOG);
        final SplittableRandom random = new SplittableRandom(SEED);
        fill(top, random, 0, KEYS / 2);
        try (MixedLoad load = MixedLoad.start(top, SEED, 4_000))
        {
            final LinkProxy first = nodes.proxy(top);
            final TestServer middle = nodes.millrace("middle", mode, following(first, BACKLOG));
            final LinkProxy second = nodes.proxy(middle);
            final TestServer bottom = nodes.redis("bottom", following(second));
            DataComparison.awaitLinkUp(middle);
            DataComparison.awaitLinkUp(bottom);
            for (int i = 0; i < CUTS; i++)
            {
                fill(top, random, part(i), part(i + 1));
                load.awaitWritten(random.nextInt(400));
                first.cutAfter(random.nextInt(20_000));
                load.awaitWritten(random.nextInt(400));
                second.cutAfter(random.nextInt(20_000));
            }

            load.awaitWritten(1_000);
            load.stop();
            compare(top, middle, bottom);
            assertEquals(0, middle.figure("stats", "unexpected_error_replies"));
            assertTrue(top.resyncs("partial_ok") > 0, "partial resyncs of the first link");
            assertTrue(middle.resyncs("partial_ok") > 0, "partial resyncs of the second link");
            bottom.client().ok("SELECT", KEPT_DATABASE);
            assertEquals(KEYS, bottom.client().number("DBSIZE"));
        }
    }

    private static void compare(final TestServer top, final TestServer... others)
    {
        if (KEYS <= DIGESTED_MAX)
        {
            DataComparison.assertEqualData(top, others);
        }
        else
        {
            DataComparison.assertEqualValues(top, others);
        }
    }

    /** The number of the first key that comes before a cut. */
    private static int part(final int cut)
    {
        return KEYS / 2 + (int)((long)(KEYS - KEYS / 2) * cut / CUTS);
    }

    private static String[] following(final LinkProxy link, final String... options)
    {
        return RedisReplicaTest.with(options, "--replicaof", "127.0.0.1 " + link.port());
    }

    /** Keys of all types, most of them small, every tenth with a deadline far away. */
    private static void fill(final TestServer node, final SplittableRandom random, final int from, final int to)
    {
        try (TextClient client = node.connect())
        {
            client.ok("SELECT", KEPT_DATABASE);
            int queued = 0;
            for (int i = from; i < to; i++)
            {
                queued += key(client, random, i);
                if (queued >= BATCH || i == to - 1)
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
