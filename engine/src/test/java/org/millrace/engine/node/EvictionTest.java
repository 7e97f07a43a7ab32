package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.transport.SimNetwork;

/** What goes when there is more than maxmemory, and what is told of it; a primary with a replica. */
class EvictionTest
{
    private static final String OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
    private static final int PRIMARY = 7001;
    private static final int REPLICA = 7002;

    private final SimTrio trio = new SimTrio(new SimNetwork(1));
    private final SimNode primary = trio.start(PRIMARY, 0);
    private final SimPeer client = new SimPeer(primary);

    @AfterEach
    void close()
    {
        trio.close();
    }

    private DataSet data()
    {
        return primary.node.data();
    }

    private long evicted()
    {
        return primary.node.parts().statistics().evictedKeys;
    }

    /** From now on there is room for so many bytes more. */
    private long limit(final String policy, final long room)
    {
        assertEquals("+OK\r\n", client.ask("CONFIG SET maxmemory-policy " + policy));
        final long limit = data().liveBytes() + room;
        assertEquals("+OK\r\n", client.ask("CONFIG SET maxmemory " + limit));
        return limit;
    }

    private void set(final String key, final int length)
    {
        assertEquals("+OK\r\n", client.ask("SET " + key + " " + "v".repeat(length) + " EX 100000"), key);
    }

    private boolean isThere(final String key)
    {
        return client.ask("EXISTS " + key).startsWith(":1");
    }

    private int there(final String prefix, final int count)
    {
        int there = 0;
        for (int i = 0; i < count; i++)
        {
            there += isThere(prefix + i) ? 1 : 0;
        }

        return there;
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu",
        "volatile-random", "volatile-ttl"})
    void shouldKeepWithinTheLimitAndReplicasEqual(final String policy)
    {
        final SimNode replica = trio.start(REPLICA, PRIMARY, "maxmemory", "1", "maxmemory-policy", policy);
        trio.sync();
        final long limit = limit(policy, 200_000);
        for (int i = 0; i < 2_000; i++)
        {
            primary.clock.advanceMs(20);
            client.ask("SELECT " + i % 3);
            set("key:" + i, 100 + i % 7 * 50);
            assertTrue(data().liveBytes() <= limit + 10_000, policy + " at key " + i);
        }

        assertTrue(evicted() > 500, policy + ": " + evicted());
        trio.sync();
        assertEquals(0, replica.node.parts().statistics().evictedKeys);
        assertEquals(data().size(), replica.node.data().size());
    }

    @Test
    void shouldLetAReplicaEvictThatIsToldTo()
    {
        final SimNode replica = trio.start(REPLICA, PRIMARY, "replica-ignore-maxmemory", "no", "maxmemory-policy",
            "allkeys-lru");
        trio.sync();
        new SimPeer(replica).ask("CONFIG SET maxmemory " + (replica.node.data().liveBytes() + 50_000));
        for (int i = 0; i < 1_000; i++)
        {
            set("key:" + i, 100);
        }

        // Not by the trio: it wants all data to be equal.
        for (int i = 0; i < 2_000; i++)
        {
            trio.clock.advanceNs(100_000);
            primary.cycle();
            replica.cycle();
        }

        assertEquals(1_000, data().size());
        assertTrue(replica.node.data().size() < 900 && replica.node.data().size() > 100);
        assertTrue(replica.node.parts().replication().isLinkUp());
    }

    @ParameterizedTest
    @ValueSource(strings = {"volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl", "noeviction"})
    void shouldRefuseWhenNothingMayGo(final String policy)
    {
        for (int i = 0; i < 200; i++)
        {
            client.ask("SET stays:" + i + " " + "v".repeat(200));
        }

        limit(policy, 20_000);
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            refused += OOM.equals(client.ask("SET more:" + i + " " + "v".repeat(200))) ? 1 : 0;
        }

        assertTrue(refused > 100, "refused: " + refused);
        assertEquals(0, evicted());
        assertEquals(200, there("stays:", 200));
        assertNotEquals("0", info("current_eviction_exceeded_time"));
        assertEquals(":1\r\n", client.ask("DEL stays:0"));
        client.ask("CONFIG SET maxmemory 0");
        primary.clock.advanceMs(5);
        assertEquals("+OK\r\n", client.ask("SET more v"));
    }

    @Test
    void shouldOnlyTakeKeysWithADeadlineUnderVolatilePolicies()
    {
        for (int i = 0; i < 300; i++)
        {
            client.ask("SET stays:" + i + " " + "v".repeat(100));
            client.ask("SET goes:" + i + " " + "v".repeat(100) + " EX 1000");
        }

        limit("volatile-random", 0);
        for (int i = 0; i < 100; i++)
        {
            set("new:" + i, 100);
        }

        assertEquals(300, there("stays:", 300));
        assertTrue(evicted() > 80);
    }

    @ParameterizedTest
    @CsvSource({"allkeys-lru", "volatile-lru", "allkeys-lfu", "volatile-lfu"})
    void shouldKeepWhatIsUsed(final String policy)
    {
        client.ask("CONFIG SET maxmemory-policy " + policy);
        client.ask("CONFIG SET maxmemory-samples 10");
        for (int i = 0; i < 400; i++)
        {
            set("used:" + i, 100);
            set("idle:" + i, 100);
        }

        for (int round = 0; round < 8; round++)
        {
            primary.clock.advanceMs(3_000);
            there("used:", 0);
            for (int i = 0; i < 400; i++)
            {
                client.ask("GET used:" + i);
            }
        }

        limit(policy, 0);
        for (int i = 0; i < 200; i++)
        {
            set("new:" + i, 100);
        }

        // Not those of now either, which are as recent, or have a counter that protects them for a while.
        final int used = there("used:", 400);
        final int idle = there("idle:", 400);
        assertTrue(used >= 395 && idle < 300, policy + ": used " + used + ", idle " + idle);
    }

    @Test
    void shouldTakeTheSoonestDeadlineFirst()
    {
        final int keys = 300;
        for (int i = 0; i < keys; i++)
        {
            client.ask("SELECT " + i % 2);
            client.ask("SET key:" + i + " " + "v".repeat(100) + " EX " + (1_000 + i * 7919 % keys));
        }

        limit("volatile-ttl", 0);
        client.ask("SELECT 0");
        client.ask("SET big " + "v".repeat(9_000));
        client.ask("PING");
        final long gone = evicted();
        assertTrue(gone > 20 && gone < 200, "gone: " + gone);
        for (int i = 0; i < keys; i++)
        {
            client.ask("SELECT " + i % 2);
            assertEquals(i * 7919 % keys >= gone, isThere("key:" + i), "key " + i + " of " + gone);
        }
    }

    @ParameterizedTest
    @CsvSource({"no, DEL", "yes, UNLINK"})
    void shouldTellReplicasAndListeners(final String isLazy, final String command)
    {
        final SimPeer listener = new SimPeer(primary);
        final SimPeer stream = new SimPeer(primary);
        client.ask("CONFIG SET lazyfree-lazy-eviction " + isLazy);
        client.ask("CONFIG SET notify-keyspace-events Ee");
        stream.ask("PSYNC ? -1");
        set("key", 200);
        listener.ask("SUBSCRIBE __keyevent@0__:evicted");
        client.ask("CONFIG SET maxmemory-policy allkeys-random");
        client.ask("CONFIG SET maxmemory 1");
        SimPeer.rest(primary);
        assertTrue(listener.received().endsWith("$3\r\nkey\r\n"));
        final String streamed = stream.received();
        assertTrue(
            streamed.endsWith("*2\r\n$" + command.length() + "\r\n" + command + "\r\n$3\r\nkey\r\n"), streamed);
        assertEquals("1", info("evicted_keys"));
    }

    @Test
    void shouldEvictBeforeATransactionAndNotWithin()
    {
        final long limit = limit("allkeys-lru", 26_000);
        client.ask("MULTI");
        for (int i = 0; i < 100; i++)
        {
            client.ask("SET key:" + i + " " + "v".repeat(100));
        }

        // What is queued counts, too: with what it makes there is too much for a moment.
        client.ask("DBSIZE");
        final long queued = primary.node.parts().clients().bytes();
        assertTrue(client.ask("EXEC").endsWith(":100\r\n"));
        assertTrue(data().liveBytes() + queued > limit);
        assertEquals(0, evicted());
    }

    @Test
    void shouldFailWhoWatchesWhatIsEvicted()
    {
        set("key", 100);
        client.ask("WATCH key");
        new SimPeer(primary).ask("CONFIG SET maxmemory-policy allkeys-lru");
        new SimPeer(primary).ask("CONFIG SET maxmemory 1");
        new SimPeer(primary).ask("CONFIG SET maxmemory 0");
        client.ask("MULTI");
        client.ask("PING");
        assertEquals("*-1\r\n", client.ask("EXEC"));
    }

    /** A slow reader and a cut hold back what was replaced: that must not cost other keys. */
    @Test
    void shouldNotCountWhatWaitsForReaders()
    {
        for (int i = 0; i < 500; i++)
        {
            set("key:" + i, 200);
        }

        limit("allkeys-lru", 20_000);
        try (KeyReader reader = primary.node.openReader("slow"))
        {
            reader.enter();
            for (int round = 0; round < 20; round++)
            {
                for (int i = 0; i < 100; i++)
                {
                    set("key:" + i, 200);
                }
            }

            assertTrue(data().retiredBytes() > 300_000);
            assertEquals(0, evicted());
            reader.leave();
        }
    }

    /** Values of a new length need slabs that those of the old length have: these are emptied one by one, not all a bit. */
    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "volatile-lfu"})
    void shouldHoldLittleMoreThanTheLimitWhileLengthsChange(final String policy)
    {
        final long seed = 20261130;
        final SplittableRandom random = new SplittableRandom(seed);
        final long limit = limit(policy, 10L << 20);
        int key = 0;
        while (0 == evicted())
        {
            set("short:" + key++, 100);
        }

        for (int i = 0; i < 50; i++)
        {
            set("used:" + i, 100);
        }

        long most = 0;
        long least = limit;
        for (long bytes = 0; bytes < limit;)
        {
            primary.clock.advanceMs(50);
            final int length = 1_000 + 2_000 * random.nextInt(5);
            set("long:" + key++, length);
            bytes += length;
            most = Math.max(most, data().memory().heldBytes() - data().retiredBytes());
            least = Math.min(least, data().liveBytes());
            for (int i = key % 5; i < 50; i += 5)
            {
                client.ask("GET used:" + i);
            }
        }

        assertTrue(most <= limit + (2 << 20), policy + ": " + most + " of " + limit + ", seed " + seed);
        assertTrue(least > limit - (1 << 20), policy + ": " + least + " of " + limit + ", seed " + seed);
        // Frequency tells them apart only after some uses.
        assertTrue(there("used:", 50) >= 45, policy);
    }

    /** Each of many lengths has a slab of its own that is partly used: that is no reason to let go of keys. */
    @Test
    void shouldFillTheLimitWithValuesOfManyLengths()
    {
        final long limit = limit("allkeys-lru", 3L << 20);
        final SplittableRandom random = new SplittableRandom(20261130);
        long most = 0;
        for (int i = 0; i < 2_000; i++)
        {
            set("key:" + i, 1 + random.nextInt(8_000));
            most = Math.max(most, data().liveBytes());
        }

        assertTrue(evicted() > 500);
        assertTrue(most > limit - 10_000 && data().liveBytes() > limit - 50_000, data().liveBytes() + " of " + limit);
    }

    @Test
    void shouldCountALargeValueAsGoneAtOnce()
    {
        client.ask("SETRANGE large 3000000 x");
        for (int i = 0; i < 5; i++)
        {
            client.ask("SETRANGE large " + i * 500_000 + " " + "v".repeat(20_000));
        }

        for (int i = 0; i < 300; i++)
        {
            primary.clock.advanceMs(100);
            set("key:" + i, 100);
        }

        client.ask("GET key:299");
        primary.clock.advanceMs(10_000);
        for (int i = 0; i < 300; i++)
        {
            client.ask("GET key:" + i);
        }

        client.ask("CONFIG SET maxmemory-samples 64");
        limit("allkeys-lru", -50_000);
        client.ask("PING");
        assertTrue(!isThere("large"));
        assertTrue(evicted() < 20, "evicted: " + evicted());
    }

    @Test
    void shouldCountWhatWasFlushedAsGoneAtOnce()
    {
        for (int i = 0; i < 3_000; i++)
        {
            set("key:" + i, 100);
        }

        limit("noeviction", -1);
        assertEquals(OOM, client.ask("SET key v"));
        client.tell("FLUSHALL");
        assertEquals("+OK\r\n+OK\r\n", client.ask("SET key v"));
    }

    @Test
    void shouldCountBuffersOfClients()
    {
        for (int i = 0; i < 100; i++)
        {
            set("key:" + i, 100);
        }

        limit("allkeys-lru", 10_000);
        final SimPeer other = new SimPeer(primary);
        other.tell("MULTI");
        other.tell("SET x " + "v".repeat(15_000));
        SimPeer.rest(primary);
        assertTrue(evicted() > 20, "evicted: " + evicted());
    }

    private String info(final String field)
    {
        final Matcher found = Pattern.compile("(?m)^" + field + ":([^\r]*)").matcher(client.ask("INFO everything"));
        assertTrue(found.find(), field);
        return found.group(1);
    }

    @Test
    void shouldSayForHowLongThereWasTooMuch()
    {
        final List<String> before = new ArrayList<>(List.of(info("total_eviction_exceeded_time")));
        set("key", 100);
        client.ask("CONFIG SET maxmemory 1");
        primary.clock.advanceMs(500);
        assertTrue(Integer.parseInt(info("current_eviction_exceeded_time")) >= 500);
        client.ask("CONFIG SET maxmemory 0");
        client.ask("CONFIG SET maxmemory 1gb");
        primary.clock.advanceMs(100);
        before.add(info("total_eviction_exceeded_time"));
        assertEquals("0", info("current_eviction_exceeded_time"));
        assertTrue(Integer.parseInt(before.get(1)) >= 500, before.toString());
        client.ask("CONFIG RESETSTAT");
        assertEquals("0", info("total_eviction_exceeded_time"));
    }
}
