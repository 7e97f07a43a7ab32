package org.millrace.kit.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.millrace.kit.server.RealRedis;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerGroup;

@Timeout(60)
class DatasetComparisonTest
{
    private ServerGroup group;
    private RespClient left;
    private RespClient right;

    @BeforeEach
    void start() throws IOException
    {
        group = ServerGroup.open();
        left = group.start("left", RealRedis.spec()).connect();
        right = group.start("right", RealRedis.spec()).connect();
    }

    @AfterEach
    void stop()
    {
        left.close();
        right.close();
        group.close();
    }

    @Test
    void shouldCompareWhatStreamsHaveBesideTheirEntries() throws IOException
    {
        for (final String key : List.of("equal", "last id", "group", "delivered", "consumers", "pending", "counted"))
        {
            both("XADD", key, "1-1", "f", "v");
            both("XADD", key, "1-2", "f", "v");
            both("XGROUP", "CREATE", key, "g", "0");
            both("XREADGROUP", "GROUP", "g", "alice", "COUNT", "1", "STREAMS", key, ">");
        }

        both("XREADGROUP", "GROUP", "g", "bob", "COUNT", "1", "STREAMS", "pending", ">");
        left.callOk("XCLAIM", "equal", "g", "alice", "0", "1-1", "TIME", "1000", "RETRYCOUNT", "7");
        left.callOk("XREADGROUP", "GROUP", "g", "alice", "STREAMS", "equal", "0");
        left.callOk("XSETID", "last id", "2-0");
        left.callOk("XGROUP", "CREATE", "group", "h", "0");
        left.callOk("XGROUP", "SETID", "delivered", "g", "1-2");
        left.callOk("XGROUP", "CREATECONSUMER", "equal", "g", "idle");
        left.callOk("XCLAIM", "consumers", "g", "bob", "0", "1-1", "RETRYCOUNT", "1");
        left.callOk("XCLAIM", "pending", "g", "bob", "0", "1-1", "RETRYCOUNT", "1");
        left.callOk("XCLAIM", "pending", "g", "alice", "0", "1-2", "RETRYCOUNT", "1");
        left.callOk("XACK", "counted", "g", "1-1");

        final DatasetComparison.Result result = compare();

        assertEquals(
            "consumers: consumers of group g differ, counted: consumer groups differ, delivered: consumer groups " +
                "differ, group: consumer groups differ, last id: last id: 2-0 / 1-2, pending: pending entries of " +
                "group g differ",
            result.listed().stream().map((each) -> each.key() + ": " + each.what()).sorted()
                .collect(Collectors.joining(", ")));
    }

    @Test
    void shouldCompareManyPendingEntries() throws IOException
    {
        for (int i = 0; i < 2_100; i++)
        {
            both("XADD", "stream", "1-" + (i + 1), "f", "v");
        }

        both("XGROUP", "CREATE", "stream", "g", "0");
        both("XREADGROUP", "GROUP", "g", "alice", "STREAMS", "stream", ">");
        both("XCLAIM", "stream", "g", "bob", "0", "1-2051");
        assertTrue(compare().isEqual());

        // They change places: the consumers have as many as before.
        left.callOk("XCLAIM", "stream", "g", "bob", "0", "1-2050");
        left.callOk("XCLAIM", "stream", "g", "alice", "0", "1-2051");
        assertEquals(1, compare().differentCount());
    }

    @Test
    void shouldFindNothingInEqualData() throws IOException
    {
        both("SET", "text", "value");
        both("SET", "expiring", "x", "PXAT", "4000000000000");
        both("SETRANGE", "large", "3000000", "end");
        both("RPUSH", "list", "a", "b", "c");
        both("HSET", "hash", "f", "1", "g", "2");
        both("ZADD", "zset", "1", "a", "2.5", "b");
        both("XADD", "stream", "1-1", "f", "v");
        left.callOk("SADD", "set", "a", "b", "c");
        right.callOk("SADD", "set", "c", "a", "b");
        both("SELECT", "9");
        both("SET", "elsewhere", "1");

        final DatasetComparison.Result result = compare();

        assertTrue(result.isEqual(), () -> result.listed().toString());
        assertEquals(9, result.comparedCount());
    }

    @Test
    void shouldFindEveryKindOfDifference() throws IOException
    {
        differ("value", "SET", "abc", "abd");
        differ("length", "SET", "abc", "abcd");
        left.callOk("SET", "expiry", "x", "PXAT", "4000000000000");
        right.callOk("SET", "expiry", "x", "PXAT", "4000000000001");
        left.callOk("SET", "no-expiry", "x");
        right.callOk("SET", "no-expiry", "x", "PXAT", "4000000000001");
        left.callOk("SET", "type", "x");
        right.callOk("RPUSH", "type", "x");
        left.callOk("SET", "left-only", "x");
        right.callOk("SET", "right-only", "x");
        differ("list", "RPUSH", "a", "b");
        differ("set", "SADD", "a", "b");
        left.callOk("HSET", "hash", "f", "1");
        right.callOk("HSET", "hash", "f", "2");
        left.callOk("ZADD", "zset", "1", "m");
        right.callOk("ZADD", "zset", "2", "m");
        left.callOk("XADD", "stream", "1-1", "f", "v");
        right.callOk("XADD", "stream", "1-2", "f", "v");

        final DatasetComparison.Result result = compare();

        final List<String> keys = result.listed().stream().map(DatasetComparison.Difference::key).sorted()
            .collect(Collectors.toList());
        assertEquals(
            List.of(
                "expiry",
                "hash",
                "left-only",
                "length",
                "list",
                "no-expiry",
                "right-only",
                "set",
                "stream",
                "type",
                "value",
                "zset"),
            keys);
        assertEquals(12, result.differentCount());
        assertFalse(result.isEqual());
    }

    @Test
    void shouldSayWhereALargeValueDiffers() throws IOException
    {
        both("SETRANGE", "large", "3000000", "end");
        right.callOk("SETRANGE", "large", "2500000", "!");

        final DatasetComparison.Result result = compare();

        assertEquals(1, result.differentCount());
        assertTrue(result.listed().get(0).what().contains("byte 2500000 of 3000003"), result.listed().toString());
    }

    @Test
    void shouldCompareLargeCollectionsInPieces() throws IOException
    {
        for (final RespClient each : List.of(left, right))
        {
            each.callOk("EVAL", """
                local pad = string.rep('x', 200)
                for i = 1, 3000 do
                    redis.call('rpush', 'list', pad .. i)
                    redis.call('hset', 'hash', 'f' .. i, pad .. i)
                    redis.call('sadd', 'set', pad .. i)
                    redis.call('zadd', 'zset', i / 7, pad .. i)
                    redis.call('xadd', 'stream', i .. '-1', 'f', pad)
                end
                return 1""", "0");
        }

        assertTrue(compare().isEqual(), () -> compareQuietly().listed().toString());

        right.callOk("LSET", "list", "2500", "other");
        right.callOk("HSET", "hash", "f2500", "other");
        right.callOk("SREM", "set", "x".repeat(200) + "2500");
        right.callOk("SADD", "set", "other");
        right.callOk("ZADD", "zset", "9", "x".repeat(200) + "2500");
        right.callOk("XDEL", "stream", "2500-1");
        right.callOk("XADD", "stream", "4000-1", "f", "v");
        assertEquals(
            List.of("hash: elements differ", "list: elements from index 2000 on differ", "set: elements differ"),
            compare().listed().stream().map((each) -> each.key() + ": " + each.what()).sorted().limit(3).toList());
        assertEquals(5, compare().differentCount());
    }

    @Test
    void shouldCompareWhollyDifferentSetsInSeconds() throws IOException
    {
        final String fill = "for i=1,20000 do redis.call('set',ARGV[1]..i,i..ARGV[1]) end return 1";
        left.callOk("EVAL", fill, "0", "left");
        right.callOk("EVAL", fill, "0", "right");
        for (int i = 0; i < 2; i++)
        {
            (0 == i ? left : right).callOk("EVAL",
                "for i=1,20000 do redis.call('set','both'..i,i..ARGV[1]) end return 1", "0", "side" + i);
        }

        final long startNs = System.nanoTime();
        final DatasetComparison.Result result = compare();

        assertEquals(60_000, result.differentCount());
        // One question for each key and look would take longer by far.
        assertTrue(System.nanoTime() - startNs < 20_000_000_000L);
    }

    @Test
    void shouldPrintKeysOfAnyBytes() throws IOException
    {
        left.callOk("EVAL", "return redis.call('set', 'a\\0\\27[31m\\r\\n\\255', 'v')", "0");

        assertEquals("a\\x00\\x1b[31m\\x0d\\x0a\\xff", compare().listed().get(0).key());
    }

    @Test
    void shouldCountDatabasesThatOneServerDoesNotHave() throws IOException
    {
        final RespClient large = group.start("large", RealRedis.spec(), "--databases", "40").connect();
        large.callOk("SELECT", "33");
        large.callOk("MSET", "a", "1", "b", "2");
        try (large)
        {
            final DatasetComparison.Result result = new DatasetComparison(
                large,
                right,
                DatasetComparison.Limits.listing(9),
                (a, b, c, d) ->
                {
                }).run();

            assertEquals(2, result.differentCount());
            assertTrue(result.listed().get(0).what().contains("there / ERR DB index is out of range"),
                result.listed().toString());
            assertEquals(33, result.listed().get(0).database());
        }
    }

    @Test
    void shouldListOnlySomeButCountAll() throws IOException
    {
        left.callOk("EVAL", "for i=1,2500 do redis.call('set','k'..i,i) end return 1", "0");

        final DatasetComparison.Result result = new DatasetComparison(left, right, DatasetComparison.Limits.listing(7),
            (a, b, c, d) ->
            {
            }).run();

        assertEquals(2_500, result.differentCount());
        assertEquals(7, result.listed().size());
    }

    @Test
    void shouldNotCountAKeyThatExpiresMeanwhile() throws IOException
    {
        // Gone on both within the time that a suspicious key is looked at again.
        left.callOk("SET", "fading", "x", "PX", "100");
        right.callOk("SET", "fading", "y", "PX", "100");

        final DatasetComparison.Result result = compare();

        assertTrue(result.isEqual(), () -> result.listed().toString());
    }

    private DatasetComparison.Result compare() throws IOException
    {
        return new DatasetComparison(left, right, DatasetComparison.Limits.listing(100),
            (database, compared, expected, different) ->
            {
            }).run();
    }

    private DatasetComparison.Result compareQuietly()
    {
        try
        {
            return compare();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void both(final String... command) throws IOException
    {
        left.callOk(command);
        right.callOk(command);
    }

    private void differ(final String key, final String command, final String onLeft, final String onRight)
        throws IOException
    {
        left.callOk(command, key, onLeft);
        right.callOk(command, key, onRight);
    }
}
