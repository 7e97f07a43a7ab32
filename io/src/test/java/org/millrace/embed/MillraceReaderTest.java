package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.millrace.engine.memory.Memory;
import org.millrace.kit.Await;
import org.millrace.kit.server.Ports;

@Timeout(60)
class MillraceReaderTest
{
    private static final int ROUNDS = 50_000;

    @TempDir
    private Path directory;

    private MillraceNode node;

    @BeforeEach
    void open() throws Exception
    {
        node = MillraceNode.builder().directory(directory).option("loglevel", "warning").open();
    }

    @AfterEach
    void close()
    {
        node.close();
    }

    @Test
    void shouldTakeKeysOnAndOffTheHeap()
    {
        node.command("SET", "key", "value").join();
        try (MillraceReader reader = node.openReader())
        {
            final UnsafeBuffer target = offHeap(16);
            assertEquals(5, reader.get(0, onHeap("key"), target));
            assertEquals("value", target.getStringWithoutLengthAscii(0, 5));
            assertEquals(5, reader.length(0, onHeap("key")));
            assertTrue(reader.contains(0, onHeap("key")));
            assertFalse(reader.contains(1, onHeap("key")));
            assertArrayEquals(bytes("value"), reader.get(0, bytes("key")));
            assertNull(reader.get(0, bytes("none")));
        }
    }

    @Test
    void shouldReadLongAndEmptyValues()
    {
        final byte[] large = new byte[100_000];
        new Random(3).nextBytes(large);
        node.command(0, bytes("SET"), bytes("large"), large).join();
        node.command("SET", "empty", "").join();
        try (MillraceReader reader = node.openReader())
        {
            assertArrayEquals(large, reader.get(0, bytes("large")));
            assertArrayEquals(new byte[0], reader.get(0, bytes("empty")));
            final UnsafeBuffer value = new UnsafeBuffer(0, 0);
            try (MillraceView view = reader.openView())
            {
                assertEquals(100_000, view.get(0, onHeap("large"), value));
                assertEquals(4, view.parts());
                final byte[] copy = new byte[100_000];
                int at = 0;
                for (int i = 0; i < view.parts(); i++)
                {
                    view.part(i, value);
                    value.getBytes(0, copy, at, value.capacity());
                    at += value.capacity();
                }

                assertEquals(100_000, at);
                assertArrayEquals(large, copy);
                assertThrows(IndexOutOfBoundsException.class, () -> view.part(4, value));
                assertEquals(0, view.get(0, onHeap("empty"), value));
                assertEquals(0, value.capacity());
                assertEquals(MillraceReader.ABSENT, view.get(0, onHeap("none"), value));
            }
        }
    }

    @Test
    void shouldSayThatAKeyHoldsNoString()
    {
        node.command("SET", "key", "value").join();
        try (MillraceReader reader = node.openReader())
        {
            final UnsafeBuffer value = new UnsafeBuffer(0, 0);
            final long typeAddress;
            try (MillraceView view = reader.openView())
            {
                assertEquals(5, view.get(0, onHeap("key"), value));
                // Type, key with its length, value with its length.
                typeAddress = value.addressOffset() - 1 - "key".length() - 1 - 1;
                assertEquals(0, Memory.getByte(typeAddress));
                Memory.putByte(typeAddress, (byte)4);
                value.wrap(0, 0);
                wrongType(() -> view.get(0, onHeap("key"), value));
                assertEquals(0, view.parts());
                assertEquals(0, value.capacity());
            }

            wrongType(() -> reader.get(0, onHeap("key"), offHeap(16)));
            wrongType(() -> reader.get(0, bytes("key")));
            wrongType(() -> reader.length(0, onHeap("key")));
            assertTrue(reader.contains(0, onHeap("key")));
            Memory.putByte(typeAddress, (byte)0);
            assertEquals(5, reader.length(0, onHeap("key")));
        }
    }

    @Test
    void shouldReadElementsOfSmallAndLargeValues()
    {
        try (MillraceReader reader = node.openReader())
        {
            for (final int count : new int[]{3, 3_000})
            {
                node.command("DEL", "hash", "set", "board", "list").join();
                for (int i = 0; i < count; i++)
                {
                    node.command("HSET", "hash", "field" + i, "value" + i).join();
                    node.command("SADD", "set", "member" + i).join();
                    node.command("ZADD", "board", String.valueOf(2 * i), "player" + i).join();
                    node.command("RPUSH", "list", "item" + i).join();
                }

                final UnsafeBuffer target = offHeap(16);
                assertEquals(6, reader.hashField(0, onHeap("hash"), onHeap("field2"), target));
                assertEquals("value2", target.getStringWithoutLengthAscii(0, 6));
                assertTrue(reader.hashContains(0, onHeap("hash"), onHeap("field1")));
                assertTrue(reader.setContains(0, onHeap("set"), onHeap("member2")));
                assertEquals(4, reader.score(0, onHeap("board"), onHeap("player2")));
                assertEquals(2, reader.rank(0, onHeap("board"), onHeap("player2")));
                assertEquals(5, reader.listItem(0, onHeap("list"), 1 - count, target));
                assertEquals("item1", target.getStringWithoutLengthAscii(0, 5));
                assertEquals(count, reader.hashLength(0, onHeap("hash")));
                assertEquals(count, reader.setSize(0, onHeap("set")));
                assertEquals(count, reader.sortedSetSize(0, onHeap("board")));
                assertEquals(count, reader.listLength(0, onHeap("list")));
            }
        }
    }

    @Test
    void shouldSayOfElementsThatTheyAreNotThere() throws Exception
    {
        node.command("HSET", "hash", "field", "value").join();
        try (MillraceReader reader = node.openReader())
        {
            final UnsafeBuffer target = offHeap(16);
            assertEquals(MillraceReader.ABSENT, reader.hashField(0, onHeap("hash"), onHeap("other"), target));
            assertEquals(MillraceReader.ABSENT, reader.hashField(0, onHeap("other"), onHeap("field"), target));
            assertEquals(0, reader.setSize(0, onHeap("other")));
            assertEquals(0, reader.streamLength(0, onHeap("other")));
            wrongType(() -> reader.streamLength(0, onHeap("hash")));
            node.command("XADD", "stream", "1-1", "field", "value").join();
            node.command("XADD", "stream", "1-2", "field", "value").join();
            assertEquals(2, reader.streamLength(0, onHeap("stream")));
            wrongType(() -> reader.hashLength(0, onHeap("stream")));
            assertTrue(Double.isNaN(reader.score(0, onHeap("other"), onHeap("player"))));
            wrongType(() -> reader.setContains(0, onHeap("hash"), onHeap("field")));
            wrongType(() -> reader.listLength(0, onHeap("hash")));
            node.command("PEXPIRE", "hash", "1").join();
            Await.until("the key to expire", 10,
                () -> MillraceReader.ABSENT == reader.hashField(0, onHeap("hash"), onHeap("field"), target));
            assertEquals(0, reader.setSize(0, onHeap("hash")));
        }
    }

    private static void wrongType(final Executable executable)
    {
        assertEquals("WRONGTYPE Operation against a key holding the wrong kind of value",
            assertThrows(WrongTypeException.class, executable).getMessage());
    }

    @Test
    void shouldHideWhatHasExpired() throws Exception
    {
        node.command("SET", "key", "value", "PX", "60000").join();
        // A replica without its primary keeps what has expired, and hides it.
        node.command("SET", "gone", "value", "PX", "100").join();
        node.command("REPLICAOF", "127.0.0.1", Integer.toString(Ports.free())).join();
        try (MillraceReader reader = node.openReader())
        {
            Await.until("the key to expire", 20, () -> !reader.contains(0, onHeap("gone")));

            assertEquals(2, node.keys());
            assertTrue(reader.contains(0, onHeap("key")));
            assertFalse(reader.contains(0, onHeap("gone")));
            try (MillraceView view = reader.openView())
            {
                assertEquals(5, view.get(0, onHeap("key"), new UnsafeBuffer(0, 0)));
                assertEquals(MillraceReader.ABSENT, view.get(0, onHeap("gone"), new UnsafeBuffer(0, 0)));
            }
        }
    }

    @Test
    void shouldShowInAViewWhatWasThereThoughItIsReplaced()
    {
        node.command("SET", "key", "before").join();
        try (MillraceReader reader = node.openReader())
        {
            final UnsafeBuffer value = new UnsafeBuffer(0, 0);
            try (MillraceView view = reader.openView())
            {
                assertEquals(6, view.get(0, onHeap("key"), value));
                for (int i = 0; i < 1000; i++)
                {
                    node.writer().set(0, onHeap("key"), onHeap("after!"));
                }

                node.writer().flush();
                assertEquals("before", value.getStringWithoutLengthAscii(0, 6));
                assertEquals(6, view.get(0, onHeap("key"), value));
                assertEquals("after!", value.getStringWithoutLengthAscii(0, 6));
                assertSame(view, assertOpen(reader, view));
            }

            assertEquals(6, reader.length(0, onHeap("key")));
        }
    }

    private static MillraceView assertOpen(final MillraceReader reader, final MillraceView view)
    {
        refused("a view is open: read through it, or close it first", () -> reader.length(0, onHeap("key")));
        refused("a view is open: read through it, or close it first", reader::openView);
        return view;
    }

    @Test
    void shouldRefuseWhatWouldEndTheProcess() throws Exception
    {
        final MillraceReader reader = node.openReader("mine");
        reader.length(0, onHeap("key"));
        assertThrows(IllegalArgumentException.class, () -> reader.get(0, onHeap("key"), onHeap("target")));
        assertThrows(IllegalArgumentException.class, () -> reader.length(-1, onHeap("key")));
        assertThrows(IllegalArgumentException.class, () -> reader.length(16, onHeap("key")));

        final MillraceView view = reader.openView();
        view.close();
        view.close();
        refused("the view is closed", () -> view.get(0, onHeap("key"), new UnsafeBuffer(0, 0)));
        refused("the view is closed", view::parts);

        final String own = Thread.currentThread().getName();
        final List<String> messages = new ArrayList<>();
        final Thread other = new Thread(() ->
        {
            messages.add(
                assertThrows(IllegalStateException.class, () -> reader.length(0, onHeap("key"))).getMessage());
            messages.add(assertThrows(IllegalStateException.class, reader::close).getMessage());
        }, "other");
        other.start();
        other.join();
        assertEquals(
            List.of(
                "reader 'mine' belongs to thread '" + own + "' and was used by 'other': open a reader for each thread",
                "reader 'mine' is in use by thread '" + own + "': close it there"),
            messages);

        reader.close();
        reader.close();
        refused("the reader is closed", () -> reader.length(0, onHeap("key")));
    }

    @Test
    void shouldCloseAReaderWhoseThreadHasEnded() throws Exception
    {
        final MillraceReader reader = node.openReader();
        final Thread user = new Thread(() -> reader.length(0, onHeap("key")));
        user.start();
        user.join();

        reader.close();

        for (int i = 0; i < 100; i++)
        {
            node.openReader().close();
        }
    }

    @Test
    void shouldSayWhenAllPlacesAreTaken()
    {
        final List<MillraceReader> readers = new ArrayList<>();
        for (int i = 0; i < 64; i++)
        {
            readers.add(node.openReader());
        }

        refused("all reader slots are taken: close readers that are not used", node::openReader);
        readers.forEach(MillraceReader::close);
        node.openReader().close();
    }

    @Test
    void shouldFollowTheDataSetOverAFullResyncThatSwapsIt() throws Exception
    {
        try (MillraceNode primary = MillraceNode.builder().directory(directory.resolve("primary"))
            .option("loglevel", "warning").option("port", Integer.toString(Ports.free())).open();
            MillraceReader idle = node.openReader("idle");
            MillraceReader reader = node.openReader("reader"))
        {
            node.command("SET", "key", "own").join();
            assertArrayEquals(bytes("own"), reader.get(0, bytes("key")));
            assertArrayEquals(bytes("own"), idle.get(0, bytes("key")));
            primary.command("SET", "key", "primary's").join();
            node.command("CONFIG", "SET", "repl-diskless-load", "swapdb").join();
            node.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())).join();

            byte[] value = reader.get(0, bytes("key"));
            while (!"primary's".equals(text(value)))
            {
                assertEquals("own", text(value));
                Thread.onSpinWait();
                value = reader.get(0, bytes("key"));
            }

            assertArrayEquals(bytes("primary's"), idle.get(0, bytes("key")));
        }
    }

    @Test
    void shouldMakeNoGarbage()
    {
        node.command("SET", "key", "value").join();
        final UnsafeBuffer key = onHeap("key");
        final UnsafeBuffer target = offHeap(16);
        final UnsafeBuffer value = new UnsafeBuffer(0, 0);
        try (MillraceReader reader = node.openReader())
        {
            final long bytes = Garbage.least(ROUNDS, (i) ->
            {
                if (5 != reader.get(0, key, target))
                {
                    throw new AssertionError("lost");
                }

                try (MillraceView view = reader.openView())
                {
                    view.get(0, key, value);
                }

                if (node.keys() < 0 || node.offset() < 0 || node.isReplica() || LinkState.NONE != node.linkState())
                {
                    throw new AssertionError("figures");
                }
            });
            assertTrue(bytes < ROUNDS, "bytes=" + bytes);
        }
    }

    private static void refused(final String message, final Executable use)
    {
        assertEquals(message, assertThrows(IllegalStateException.class, use).getMessage());
    }

    private static String text(final byte[] bytes)
    {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static UnsafeBuffer onHeap(final String text)
    {
        return new UnsafeBuffer(bytes(text));
    }

    private static UnsafeBuffer offHeap(final int capacity)
    {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(capacity));
    }
}
