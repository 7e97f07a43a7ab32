package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.millrace.kit.Await;
import org.millrace.kit.server.Ports;

/** Whole collections and ranges of them in views. */
@Timeout(60)
class MillraceCursorTest
{
    private static final int ROUNDS = 1_000;

    @TempDir
    private Path directory;

    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);
    private MillraceNode node;
    private MillraceWriter writer;
    private MillraceReader reader;

    @BeforeEach
    void open() throws Exception
    {
        node = MillraceNode.builder().directory(directory).port(MillraceNode.ANY_PORT)
            .option("loglevel", "warning").open();
        writer = node.writer();
        reader = node.openReader("mine");
    }

    @AfterEach
    void close()
    {
        reader.close();
        node.close();
    }

    private void fill(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            writer.hashPut(0, key("hash"), key("field" + i), key("value" + i));
            writer.setAdd(0, key("set"), key("member" + i));
            writer.setAdd(0, key("integers"), key(Integer.toString(i)));
            writer.sortedSetAdd(0, key("board"), key("player" + i), 2 * i);
            writer.listPushLast(0, key("list"), key("item" + i));
        }

        writer.flush();
    }

    private List<String> elements(final MillraceCursor cursor)
    {
        final List<String> found = new ArrayList<>();
        while (cursor.next())
        {
            cursor.element(text);
            found.add(shown());
        }

        assertEquals(found.size(), cursor.size());
        return found;
    }

    private String shown()
    {
        final byte[] bytes = new byte[text.capacity()];
        text.getBytes(0, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static List<String> names(final String prefix, final int from, final int to)
    {
        return IntStream.range(from, to).mapToObj((i) -> prefix + i).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 3_000})
    void shouldShowWholeCollections(final int count)
    {
        fill(count);
        try (MillraceView view = reader.openView())
        {
            final MillraceCursor fields = view.hash(0, key("hash"));
            final List<String> pairs = new ArrayList<>();
            while (fields.next())
            {
                fields.element(text);
                final String field = shown();
                fields.value(text);
                pairs.add(field + " " + shown());
            }

            assertEquals(IntStream.range(0, count).mapToObj((i) -> "field" + i + " value" + i).sorted().toList(),
                pairs.stream().sorted().toList());
            assertEquals(names("member", 0, count).stream().sorted().toList(),
                elements(view.set(0, key("set"))).stream().sorted().toList());
            assertEquals(names("", 0, count).stream().sorted().toList(),
                elements(view.set(0, key("integers"))).stream().sorted().toList());
            assertEquals(names("player", 0, count), elements(view.sortedSet(0, key("board"))));
            assertEquals(names("item", 0, count), elements(view.list(0, key("list"))));
            final List<String> back = elements(view.list(0, key("list")).descending());
            Collections.reverse(back);
            assertEquals(names("item", 0, count), back);
            assertEquals(0, view.hash(0, key("none")).size());
            assertFalse(view.hash(1, key("hash")).next());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 3_000})
    void shouldShowRanges(final int count)
    {
        fill(count);
        try (MillraceView view = reader.openView())
        {
            assertEquals(names("player", 2, 5), elements(view.sortedSetByRank(0, key("board"), 2, 4)));
            assertEquals(names("player", count - 3, count), elements(view.sortedSetByRank(0, key("board"), -3, -1)));
            assertEquals(names("player", 0, 2), elements(view.sortedSetByRank(0, key("board"), -count - 5, 1)));
            assertEquals(names("player", 8, count), elements(view.sortedSetByRank(0, key("board"), 8, Long.MAX_VALUE)));
            assertEquals(List.of(), elements(view.sortedSetByRank(0, key("board"), 5, 4)));
            assertEquals(List.of(), elements(view.sortedSetByRank(0, key("board"), count, -1)));
            assertEquals(List.of(), elements(view.sortedSetByRank(0, key("board"), 0, Long.MIN_VALUE)));
            assertEquals(names("item", 3, count - 2), elements(view.list(0, key("list"), 3, -3)));

            assertEquals(names("player", 2, 5), elements(view.sortedSetByScore(0, key("board"), 3, 8)));
            assertEquals(names("player", 3, 4),
                elements(view.sortedSetByScore(0, key("board"), Math.nextUp(4), Math.nextDown(8))));
            assertEquals(names("player", 0, count), elements(view.sortedSetByScore(
                0, key("board"), Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)));
            assertEquals(List.of(), elements(view.sortedSetByScore(0, key("board"), 8, 3)));

            final MillraceCursor top = view.sortedSetByRank(0, key("board"), -2, -1).descending();
            assertTrue(top.next());
            assertEquals(2.0 * (count - 1), top.score());
            assertEquals(count - 1, top.index());
            assertTrue(top.next());
            top.element(text);
            assertEquals("player" + (count - 2), shown());
            assertFalse(top.next());
        }
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        fill(1_000);
        node.command("SET", "text", "value").join();
        final MillraceCursor cursor;
        try (MillraceView view = reader.openView())
        {
            wrongType(() -> view.hash(0, key("text")));
            wrongType(() -> view.list(0, key("hash"), 0, 1));
            wrongType(() -> view.get(0, key("hash"), text));
            assertThrows(IllegalArgumentException.class, () -> view.set(16, key("set")));
            assertThrows(
                IllegalArgumentException.class,
                () -> view.sortedSetByScore(0, key("board"), Double.NaN, 1));

            cursor = view.set(0, key("set"));
            refused("the cursor is at no element: next() comes first, and must be true", () -> cursor.element(text));
            assertTrue(cursor.next());
            refused("elements without values: this is no hash", () -> cursor.value(text));
            refused("elements without scores: this is no sorted set", cursor::score);
            wrongType(() -> view.hash(0, key("set")));
            refused("the cursor is at no element: next() comes first, and must be true", cursor::index);
            assertFalse(cursor.next());
            assertSame(cursor, view.hash(0, key("hash")));
            while (cursor.next())
            {
                assertTrue(cursor.index() < 1_000);
            }

            refused("the cursor is at no element: next() comes first, and must be true", () -> cursor.value(text));
        }

        refused("the view is closed", cursor::next);
        refused("the view is closed", cursor::size);
        refused("the view is closed", () -> cursor.element(text));
        assertEquals(1_000, reader.hashLength(0, key("hash")));
    }

    @Test
    void shouldHideWhatHasExpired() throws Exception
    {
        fill(1_000);
        // A replica without its primary keeps what has expired, and hides it.
        node.command("PEXPIRE", "hash", "100").join();
        node.command("PEXPIRE", "set", "100000").join();
        node.command("REPLICAOF", "127.0.0.1", Integer.toString(Ports.free())).join();
        Await.until("the key to expire", 20, () -> !reader.contains(0, key("hash")));

        try (MillraceView view = reader.openView())
        {
            assertEquals(0, view.hash(0, key("hash")).size());
            assertEquals(1_000, view.set(0, key("set")).size());
            assertEquals(0, view.list(0, key("hash")).size());
        }
    }

    /** The writer goes on, and copies what the view looks at. */
    @ParameterizedTest
    @ValueSource(ints = {5, 2_000})
    void shouldShowWhatWasThere(final int count) throws Exception
    {
        fill(count);
        try (MillraceView view = reader.openView())
        {
            final MillraceCursor list = view.list(0, key("list"));
            assertTrue(list.next());
            for (int i = 0; i < count; i++)
            {
                writer.listPopFirst(0, key("list"));
                writer.listPushLast(0, key("list"), key("other"));
                writer.hashPut(0, key("hash"), key("field" + i), key("another value"));
            }

            writer.delete(0, key("list"));
            writer.flush();
            final List<String> rest = elements(list.descending());
            Collections.reverse(rest);
            assertEquals(names("item", 0, count), rest);
            assertEquals(0, view.list(0, key("list")).size());
            assertTrue(view.hash(0, key("hash")).next());
        }

        Await.until("what was replaced to be free", 20, () -> node.retiredMemory() < 1 << 16);
    }

    /** All fields get one number in one command: no view sees two. */
    @ParameterizedTest
    @ValueSource(ints = {6, 600})
    void shouldShowOneMomentBesideTheWriter(final int fields) throws Exception
    {
        final UnsafeBuffer[] record = new UnsafeBuffer[2 * fields];
        final AtomicBoolean isDone = new AtomicBoolean();
        for (int i = 0; i < fields; i++)
        {
            record[2 * i] = key("field" + i);
            record[2 * i + 1] = key("00000000");
        }

        writer.hashPutAll(0, key("hash"), record);
        writer.flush();
        final Thread thread = new Thread(() ->
        {
            for (int round = 10_000_000; !isDone.get(); round++)
            {
                for (int i = 0; i < fields; i++)
                {
                    record[2 * i + 1].putStringWithoutLengthAscii(0, Integer.toString(round));
                }

                writer.hashPutAll(0, key("hash"), record);
            }
        });
        thread.start();
        try
        {
            for (int i = 0; i < 50; i++)
            {
                lookAtOneMoment(fields);
            }
        }
        finally
        {
            isDone.set(true);
            thread.join();
        }
    }

    private void lookAtOneMoment(final int fields)
    {
        try (MillraceView view = reader.openView())
        {
            final MillraceCursor cursor = view.hash(0, key("hash"));
            String seen = null;
            int count = 0;
            while (cursor.next())
            {
                cursor.value(text);
                assertTrue(null == seen || seen.equals(shown()), seen);
                seen = shown();
                count++;
            }

            assertEquals(fields, count);
        }
    }

    @Test
    void shouldNotWaitForWritesThatWait() throws Exception
    {
        fill(1_000);
        Client.send(node, "CLIENT PAUSE 1000000 WRITE");
        writer.delete(0, key("hash"));
        try (MillraceView view = reader.openView())
        {
            assertEquals(1_000, view.hash(0, key("hash")).size());
        }

        Client.send(node, "CLIENT UNPAUSE");
    }

    @Test
    void shouldShowCollectionsToTheWritersOwnThread()
    {
        fill(1_000);
        final long size = node.command("PING").thenApply((reply) ->
        {
            try (MillraceReader own = node.openReader(); MillraceView view = own.openView())
            {
                return view.hash(0, key("hash")).size();
            }
        }).join();
        assertEquals(1_000, size);
    }

    @Test
    void shouldShowTheDataSetThatItWasOpenedOn() throws Exception
    {
        fill(1_000);
        try (MillraceNode primary = MillraceNode.builder().directory(directory.resolve("primary"))
            .option("loglevel", "warning").option("port", Integer.toString(Ports.free()))
            .option("repl-diskless-sync-delay", "0").open())
        {
            primary.command("HSET", "hash", "only", "one").join();
            node.command("CONFIG", "SET", "repl-diskless-load", "swapdb").join();
            try (MillraceView view = reader.openView(); MillraceReader other = node.openReader())
            {
                final MillraceCursor cursor = view.hash(0, key("hash"));
                node.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port())).join();
                Await.until("the other data set", 20, () -> 1 == other.hashLength(0, key("hash")));
                assertEquals(1_000, elements(cursor).size());
                assertEquals(1_000, view.set(0, key("set")).size());
            }

            try (MillraceView view = reader.openView())
            {
                assertEquals(List.of("only"), elements(view.hash(0, key("hash"))));
            }
        }
    }

    @Test
    void shouldSayThatTheNodeIsClosed()
    {
        fill(1_000);
        reader.hashLength(0, key("hash"));
        node.close();

        refused("the node is closed", reader::openView);
    }

    @Test
    void shouldMakeNoGarbage()
    {
        fill(200);
        final UnsafeBuffer hash = key("hash");
        final UnsafeBuffer board = key("board");
        final UnsafeBuffer integers = key("integers");
        final long bytes = Garbage.least(ROUNDS, (i) ->
        {
            try (MillraceView view = reader.openView())
            {
                long sum = 0;
                final MillraceCursor fields = view.hash(0, hash);
                while (fields.next())
                {
                    fields.element(text);
                    sum += text.capacity();
                    fields.value(text);
                }

                final MillraceCursor top = view.sortedSetByScore(0, board, 300, 1e9).descending();
                while (top.next())
                {
                    sum += (long)top.score();
                }

                final MillraceCursor members = view.set(0, integers);
                while (members.next())
                {
                    members.element(text);
                }

                if (sum <= 0)
                {
                    throw new AssertionError("lost");
                }
            }
        });
        assertTrue(bytes < ROUNDS, "bytes=" + bytes);
    }

    private static void wrongType(final Executable executable)
    {
        assertEquals("WRONGTYPE Operation against a key holding the wrong kind of value",
            assertThrows(WrongTypeException.class, executable).getMessage());
    }

    private static void refused(final String message, final Executable use)
    {
        assertEquals(message, assertThrows(IllegalStateException.class, use).getMessage());
    }

    private static UnsafeBuffer key(final String text)
    {
        return new UnsafeBuffer(text.getBytes(StandardCharsets.UTF_8));
    }
}
