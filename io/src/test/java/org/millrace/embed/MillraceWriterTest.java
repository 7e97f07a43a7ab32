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
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
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
        final long writerThread = node.command("PING").thenApply((reply) -> Thread.currentThread().getId()).join();
        final IntConsumer writes = (i) ->
        {
            writer.set(0, key, value);
            writer.set(0, key, value, 1_000_000 + i);
            writer.increment(0, counter, i);
            writer.expire(0, key, 2_000_000 + i);
            writer.delete(0, key);
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

    private static UnsafeBuffer key(final String text)
    {
        return new UnsafeBuffer(bytes(text));
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
