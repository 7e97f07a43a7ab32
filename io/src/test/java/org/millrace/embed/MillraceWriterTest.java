package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.kit.server.Ports;

@Timeout(60)
class MillraceWriterTest
{
    private static final int WRITE_BUFFER = 8192;
    private static final int ROUNDS = 20_000;

    @TempDir
    private Path directory;

    private final Queue<String> failed = new ConcurrentLinkedQueue<>();
    private MillraceNode node;
    private MillraceWriter writer;

    @BeforeEach
    void open() throws Exception
    {
        node = MillraceNode.builder().directory(directory).port(Ports.free()).option("loglevel", "warning")
            .writeBuffer(WRITE_BUFFER).listener(new MillraceListener()
            {
                @Override
                public void onWriteFailed(final String error)
                {
                    failed.add(error);
                }
            }).open();
        writer = node.writer();
    }

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldRunWhatIsHandedOver()
    {
        assertTrue(writer.set(0, key("a"), key("1")));
        assertTrue(writer.increment(0, key("a"), 41));
        assertTrue(writer.increment(0, key("low"), Long.MIN_VALUE));
        assertTrue(writer.increment(0, key("minus"), -120));
        assertTrue(writer.increment(0, key("zero"), 0));
        assertTrue(writer.append(2, key("text"), key("one,")));
        assertTrue(writer.append(2, key("text"), key("two")));
        assertTrue(writer.set(0, key("gone"), key("x")));
        assertTrue(writer.delete(0, key("gone")));
        assertTrue(writer.set(0, key("timed"), key("x"), 100_000));
        assertTrue(writer.set(0, key("later"), key("x")));
        assertTrue(writer.expire(0, key("later"), 200_000));
        assertTrue(writer.set(0, key("past"), key("x")));
        assertTrue(writer.expire(0, key("past"), -1));
        assertTrue(writer.command(0, bytes("MSET"), bytes("m1"), bytes("1"), bytes("m2"), bytes("2")));
        writer.flush();

        assertEquals("42", get(0, "a"));
        assertEquals(Long.toString(Long.MIN_VALUE), get(0, "low"));
        assertEquals("-120", get(0, "minus"));
        assertEquals("0", get(0, "zero"));
        assertEquals("one,two", get(2, "text"));
        assertNull(get(0, "gone"));
        assertNull(get(0, "past"));
        assertEquals("2", get(0, "m2"));
        final long timed = (Long)node.command("PTTL", "timed").join();
        assertTrue(timed > 0 && timed <= 100_000, "timed=" + timed);
        final long later = (Long)node.command("PTTL", "later").join();
        assertTrue(later > 100_000 && later <= 200_000, "later=" + later);
        assertEquals(0, node.writesFailed());
    }

    @Test
    void shouldWriteHashesAndSets()
    {
        assertTrue(writer.hashPut(0, key("hash"), key("field"), key("value")));
        assertTrue(writer.hashPut(0, key("hash"), key("number"), Long.MIN_VALUE));
        assertTrue(writer.hashPutAll(0, key("hash"), new UnsafeBuffer[]{key("a"), key("1"), key("b"), key("2")}));
        assertTrue(writer.hashIncrement(0, key("hash"), key("a"), 41));
        assertTrue(writer.hashIncrement(0, key("hash"), key("c"), -0.125));
        assertTrue(writer.hashPut(0, key("hash"), key("gone"), key("x")));
        assertTrue(writer.hashRemove(0, key("hash"), key("gone")));
        assertTrue(writer.setAdd(2, key("set"), key("one")));
        assertTrue(writer.setAdd(2, key("set"), key("two")));
        assertTrue(writer.setRemove(2, key("set"), key("one")));
        writer.flush();

        assertEquals(
            List.of("a", "42", "b", "2", "c", "-0.125", "field", "value", "number", "-9223372036854775808"),
            texts(node.command("HGETALL", "hash").join(), 2));
        assertEquals(List.of("two"), texts(node.command(2, "SMEMBERS", "set").join(), 1));
        assertEquals(List.of(), List.copyOf(failed));
    }

    @Test
    void shouldWriteSortedSetsListsAndStreams()
    {
        final double[] scores = {0.1, -0.0, 1e300, Double.MIN_VALUE, 1L << 60, Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY};
        for (int i = 0; i < scores.length; i++)
        {
            assertTrue(writer.sortedSetAdd(0, key("board"), key("m" + i), scores[i]));
        }

        assertTrue(writer.sortedSetIncrement(0, key("board"), key("new"), 2.5));
        assertTrue(writer.sortedSetRemove(0, key("board"), key("m1")));
        assertTrue(writer.listPushLast(0, key("list"), key("b")));
        assertTrue(writer.listPushLast(0, key("list"), key("c")));
        assertTrue(writer.listPushFirst(0, key("list"), key("a")));
        assertTrue(writer.listPushFirst(0, key("list"), key("first")));
        assertTrue(writer.listPushLast(0, key("list"), key("last")));
        assertTrue(writer.listPopFirst(0, key("list")));
        assertTrue(writer.listPopLast(0, key("list")));
        assertTrue(writer.listTrim(0, key("list"), -2, -1));
        assertTrue(writer.streamAdd(0, key("stream"), new UnsafeBuffer[]{key("f"), key("1"), key("g"), key("2")}));
        for (int i = 0; i < 300; i++)
        {
            assertTrue(writer.streamAdd(0, key("short"), 100, new UnsafeBuffer[]{key("f"), key("v" + i)}));
        }

        writer.flush();

        assertEquals(List.of(), List.copyOf(failed));
        try (MillraceReader reader = node.openReader())
        {
            assertEquals(7, reader.sortedSetSize(0, key("board")));
            assertEquals(2.5, reader.score(0, key("board"), key("new")));
            for (int i = 0; i < scores.length; i++)
            {
                final double wanted = 1 == i ? Double.NaN : scores[i];
                assertEquals(wanted, reader.score(0, key("board"), key("m" + i)));
            }
        }

        assertEquals(List.of("b", "c"), texts(node.command("LRANGE", "list", "0", "-1").join(), 1));
        assertEquals(1L, node.command("XLEN", "stream").join());
        final long left = (Long)node.command("XLEN", "short").join();
        assertTrue(left >= 100 && left < 300, "left=" + left);
    }

    /** From the writer's own thread, and longer than the ring takes: the same words. */
    @Test
    void shouldWriteTheSameInTheWayThatMakesGarbage()
    {
        final UnsafeBuffer large = new UnsafeBuffer(new byte[WRITE_BUFFER]);
        writer.hashPutAll(0, key("hash"), new UnsafeBuffer[]{key("field"), large});
        writer.hashPut(0, key("hash"), large, 5);
        writer.hashIncrement(0, key("hash"), large, 0.5);
        writer.streamAdd(0, key("stream"), new UnsafeBuffer[]{key("field"), large});
        writer.streamAdd(0, key("stream"), 1000, new UnsafeBuffer[]{key("field"), large});
        node.command("PING").thenAccept((reply) ->
        {
            writer.sortedSetAdd(0, key("board"), key("a"), Double.NEGATIVE_INFINITY);
            writer.sortedSetAdd(0, key("board"), key("b"), 1e22);
            writer.listPushLast(0, key("list"), key("a"));
            writer.listTrim(0, key("list"), 0, -1);
            writer.listPopFirst(0, key("list"));
            writer.hashIncrement(0, key("hash"), key("n"), -3);
            writer.expire(0, key("board"), 1_000_000);
        }).join();
        writer.flush();

        assertEquals(List.of(), List.copyOf(failed));
        try (MillraceReader reader = node.openReader())
        {
            assertEquals(3, reader.hashLength(0, key("hash")));
            assertEquals(Double.NEGATIVE_INFINITY, reader.score(0, key("board"), key("a")));
            assertEquals(1e22, reader.score(0, key("board"), key("b")));
            assertEquals(0, reader.listLength(0, key("list")));
        }

        assertEquals(2L, node.command("XLEN", "stream").join());
        assertEquals("5.5", new String((byte[])node.command(0, bytes("HGET"), bytes("hash"), new byte[WRITE_BUFFER])
            .join(), StandardCharsets.UTF_8));
    }

    @Test
    void shouldTellOfKeysThatHoldSomethingElse()
    {
        writer.set(0, key("text"), key("abc"));
        writer.hashPut(0, key("text"), key("field"), key("value"));
        writer.sortedSetAdd(0, key("text"), key("member"), 1);
        writer.listPopFirst(0, key("text"));
        writer.sortedSetAdd(0, key("board"), key("member"), Double.NaN);
        writer.hashPutAll(0, key("hash"), new UnsafeBuffer[]{key("field")});
        writer.flush();

        final String wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value";
        assertEquals(
            List.of(wrongType, wrongType, wrongType, "ERR value is not a valid float",
                "ERR wrong number of arguments for 'hset' command"),
            List.copyOf(failed));
        assertEquals(5, node.writesFailed());
        assertEquals(1, node.keys());
    }

    @Test
    void shouldTellWhatFailed()
    {
        writer.set(0, key("text"), key("abc"));
        writer.increment(0, key("text"), 1);
        writer.command(0, bytes("NOSUCH"));
        writer.command(0, bytes("SUBSCRIBE"), bytes("channel"));
        writer.set(0, key("key"), key("value"), 0);
        writer.flush();

        assertEquals(
            List.of(
                "ERR value is not an integer or out of range",
                "ERR unknown command 'NOSUCH', with args beginning with: ",
                "ERR this command is not available to a session within the process",
                "ERR invalid expire time in 'set' command"),
            List.copyOf(failed));
        assertEquals(4, node.writesFailed());
        assertThrows(IllegalArgumentException.class, () -> writer.delete(16, key("key")));
        assertThrows(IllegalArgumentException.class, () -> writer.command(0));
    }

    @Test
    void shouldTakeValuesThatAreLongerThanTheRing()
    {
        final byte[] large = new byte[300_000];
        new Random(5).nextBytes(large);
        writer.set(0, key("large"), key("before"));
        assertTrue(writer.set(0, key("large"), new UnsafeBuffer(large)));
        assertTrue(node.writer(BackPressure.REFUSE).append(0, key("large"), key("after")));
        final byte[] more = new byte[WRITE_BUFFER];
        assertTrue(writer.command(0, bytes("SET"), bytes("zeros"), more));
        Arrays.fill(more, (byte)1);
        writer.flush();

        assertArrayEquals(new byte[WRITE_BUFFER], (byte[])node.command("GET", "zeros").join());
        final byte[] value = (byte[])node.command("GET", "large").join();
        assertEquals(300_005, value.length);
        assertArrayEquals(large, Arrays.copyOf(value, large.length));
    }

    /** A paused node runs nothing, so the ring fills up. */
    @Test
    void shouldRefuseOrWaitWhenThereIsNoRoom() throws Exception
    {
        Client.send(node, "CLIENT PAUSE 1000000 WRITE");
        final MillraceWriter refusing = node.writer(BackPressure.REFUSE);
        int taken = 0;
        while (refusing.increment(0, key("n"), 1))
        {
            taken++;
        }

        assertTrue(taken > 50 && taken < WRITE_BUFFER / 32, "taken=" + taken);
        assertFalse(refusing.set(0, key("k"), key("v")));
        final Thread waiting = new Thread(() -> writer.increment(0, key("n"), 1000));
        waiting.start();
        // As a client: what the program hands over stands behind the writes that wait.
        Client.send(node, "CLIENT UNPAUSE");
        waiting.join();
        writer.flush();
        assertEquals(Integer.toString(taken + 1000), get(0, "n"));
    }

    @Test
    void shouldRunWhatOneThreadHandsOverInItsOrder() throws Exception
    {
        final int threads = 4;
        final int writes = 3_000;
        final List<Thread> all = new ArrayList<>();
        final Queue<String> wrong = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < threads; i++)
        {
            final UnsafeBuffer key = key("counter:" + i);
            final String name = "counter:" + i;
            final Thread thread = new Thread(() ->
            {
                for (int write = 1; write <= writes; write++)
                {
                    writer.increment(0, key, 1);
                    writer.increment(0, key("all"), 1);
                    if (0 == write % 100)
                    {
                        final Object seen = node.command("GET", name).join();
                        if (!Integer.toString(write).equals(new String((byte[])seen, StandardCharsets.UTF_8)))
                        {
                            wrong.add(name + " at " + write);
                        }
                    }
                }

                writer.flush();
            });
            all.add(thread);
            thread.start();
        }

        for (final Thread thread : all)
        {
            thread.join();
        }

        assertEquals(List.of(), List.copyOf(wrong));
        assertEquals(Integer.toString(threads * writes), get(0, "all"));
    }

    @Test
    void shouldRefuseUseAfterClose()
    {
        node.close();

        assertEquals(
            "the node is closed",
            assertThrows(IllegalStateException.class, () -> writer.delete(0, key("k"))).getMessage());
        assertThrows(IllegalStateException.class, writer::flush);
        assertThrows(IllegalStateException.class, () -> node.command("PING"));
    }

    @Test
    void shouldMakeNoGarbageOnEitherSide() throws Exception
    {
        final UnsafeBuffer key = key("key");
        final UnsafeBuffer counter = key("counter");
        final UnsafeBuffer value = key("some value of no great length");
        final UnsafeBuffer hash = key("hash");
        final UnsafeBuffer set = key("set");
        final UnsafeBuffer board = key("board");
        final UnsafeBuffer list = key("list");
        final UnsafeBuffer[] record = {key("name"), value, key("place"), key("here")};
        final long writerThread = node.command("PING").thenApply((reply) -> Thread.currentThread().getId()).join();
        final IntConsumer writes = (i) ->
        {
            writer.set(0, key, value);
            writer.set(0, key, value, 1_000_000 + i);
            writer.increment(0, counter, i);
            writer.expire(0, key, 2_000_000 + i);
            writer.delete(0, key);
            writer.hashPut(0, hash, key, i);
            writer.hashPutAll(0, hash, record);
            writer.hashIncrement(0, hash, counter, i);
            writer.setAdd(0, set, key);
            writer.sortedSetAdd(0, board, key, i + 0.5);
            writer.sortedSetIncrement(0, board, key, 0.1);
            writer.listPushLast(0, list, value);
            writer.listTrim(0, list, -50, -1);
            if (0 == i % 100)
            {
                writer.flush();
            }
        };
        final long own = Garbage.least(ROUNDS, writes);
        assertTrue(own < ROUNDS, "own=" + own);
        final long writers = Garbage.least(writerThread, ROUNDS, writes);
        assertTrue(writers < ROUNDS, "writers=" + writers);
        assertEquals(0, node.writesFailed());
    }

    private String get(final int database, final String key)
    {
        final byte[] value = (byte[])node.command(database, bytes("GET"), bytes(key)).join();
        return null == value ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** Of an array of bulk strings, sorted by the first of each so many. */
    private static List<String> texts(final Object reply, final int each)
    {
        final List<String> all = ((List<?>)reply).stream().map((item) -> new String(
            (byte[])item, StandardCharsets.UTF_8)).toList();
        return IntStream.range(0, all.size() / each).mapToObj((i) -> all.subList(i * each, i * each + each))
            .sorted(Comparator.comparing((group) -> group.get(0))).flatMap(List::stream).toList();
    }

    private static UnsafeBuffer key(final String text)
    {
        return new UnsafeBuffer(bytes(text));
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
