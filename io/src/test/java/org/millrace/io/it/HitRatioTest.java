package org.millrace.io.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.resp.CommandBuffer;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.TestServer;

/**
 * How many reads of a cache hit, beside a real redis-server that holds as many keys: the same keys in the same order, by
 * Zipf's law with exponent 0.99, one in ten of which fits, and at the same pace, as both count time in seconds. Long: it
 * runs nightly.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class HitRatioTest
{
    private static final int KEYS = 20_000;
    private static final int FITTING = KEYS / 10;
    private static final int BATCH = 16;
    private static final long BATCH_NS = 2_000_000;
    private static final int WARM_BATCHES = 3_000;
    private static final int BATCHES = 9_000;
    private static final double EXPONENT = 0.99;
    private static final double POINTS = 0.5;
    private static final byte[] VALUE = "v".repeat(1_000).getBytes(StandardCharsets.US_ASCII);

    @RegisterExtension
    final Nodes nodes = Nodes.optimizing();

    /** One of the two, as a cache in front of something. */
    private static final class Cache
    {
        private final RespClient client;
        private final CommandBuffer commands = new CommandBuffer();
        private final int[] missed = new int[BATCH];
        private long hits;
        private long limit;

        Cache(final TestServer server) throws IOException
        {
            client = RespClient.connect("127.0.0.1", server.port(), 60_000);
        }

        void fill() throws IOException
        {
            client.callOk("FLUSHALL");
            for (int key = 0; key < FITTING; key++)
            {
                commands.clear();
                set(KEYS + key);
                client.send(commands);
                client.readReply();
            }
        }

        private void set(final int key)
        {
            commands.begin(3).argument("SET".getBytes(StandardCharsets.US_ASCII)).argument(name(key)).argument(VALUE);
        }

        private static byte[] name(final int key)
        {
            return ("key:" + key).getBytes(StandardCharsets.US_ASCII);
        }

        /** Room for just so many keys as are there now. */
        void limit(final String policy) throws IOException
        {
            fill();
            final long used = client.info("memory").number("used_memory", 0) -
                client.info("memory").number("mem_not_counted_for_evict", 0);
            client.callOk("CONFIG", "SET", "maxmemory-policy", policy);
            limit(used);
        }

        private void limit(final long bytes) throws IOException
        {
            limit = bytes;
            client.callOk("CONFIG", "SET", "maxmemory", Long.toString(bytes));
        }

        /** As many keys as the other, whose own needs count, too, is left with. */
        void adjustTo(final Cache other) throws IOException
        {
            limit(limit - (size() - other.size()) * limit / FITTING);
        }

        void read(final int[] keys) throws IOException
        {
            commands.clear();
            for (final int key : keys)
            {
                commands.begin(2).argument("GET".getBytes(StandardCharsets.US_ASCII)).argument(name(key));
            }

            client.send(commands);
            int misses = 0;
            for (final int key : keys)
            {
                if (null == client.readReply())
                {
                    missed[misses++] = key;
                }
            }

            hits += keys.length - misses;
            commands.clear();
            for (int i = 0; i < misses; i++)
            {
                set(missed[i]);
            }

            if (misses > 0)
            {
                client.send(commands);
                assertEquals(0, client.skipReplies(misses));
            }
        }

        long size() throws IOException
        {
            return client.callLong("DBSIZE");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu", "allkeys-random"})
    void shouldHitAsOftenAsRedis(final String policy) throws Exception
    {
        Assumptions.assumeTrue(Boolean.getBoolean("millrace.nightly"), "long");
        final Cache redis = new Cache(nodes.redis("redis"));
        final Cache millrace = new Cache(nodes.millrace("millrace", Mode.SHARED));
        redis.limit(policy);
        millrace.limit(policy);
        final Random random = new Random(20);
        final double[] sums = sums();
        run(redis, millrace, WARM_BATCHES / 2, random, sums);
        millrace.adjustTo(redis);
        run(redis, millrace, WARM_BATCHES / 2, random, sums);
        redis.hits = 0;
        millrace.hits = 0;
        run(redis, millrace, BATCHES, random, sums);

        final double reads = (double)BATCHES * BATCH;
        final double ofRedis = 100 * redis.hits / reads;
        final double ofMillrace = 100 * millrace.hits / reads;
        System.out.printf(Locale.ROOT, "%s: Redis %.2f %% of %d keys, Millrace %.2f %% of %d keys%n", policy,
            ofRedis, redis.size(), ofMillrace, millrace.size());
        assertTrue(ofMillrace > ofRedis - POINTS, policy + ": Redis " + ofRedis + ", Millrace " + ofMillrace);
        assertEquals(redis.size(), millrace.size(), FITTING / 25.0);
    }

    private static void run(
        final Cache redis, final Cache millrace, final int batches, final Random random, final double[] sums)
        throws IOException, InterruptedException
    {
        final int[] keys = new int[BATCH];
        final long startNs = System.nanoTime();
        for (int batch = 0; batch < batches; batch++)
        {
            for (int i = 0; i < BATCH; i++)
            {
                keys[i] = key(random, sums);
            }

            redis.read(keys);
            millrace.read(keys);
            final long leftNs = startNs + (batch + 1) * BATCH_NS - System.nanoTime();
            if (leftNs > 0)
            {
                TimeUnit.NANOSECONDS.sleep(leftNs);
            }
        }
    }

    private static double[] sums()
    {
        final double[] sums = new double[KEYS];
        double sum = 0;
        for (int i = 0; i < KEYS; i++)
        {
            sum += 1 / Math.pow(i + 1, EXPONENT);
            sums[i] = sum;
        }

        return sums;
    }

    private static int key(final Random random, final double[] sums)
    {
        final int found = Arrays.binarySearch(sums, random.nextDouble() * sums[KEYS - 1]);
        return Math.min(KEYS - 1, found < 0 ? -found - 1 : found);
    }
}
