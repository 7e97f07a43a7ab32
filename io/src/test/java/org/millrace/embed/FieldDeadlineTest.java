package org.millrace.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fields of hashes whose time is over, which the node has not taken out yet: readers and views find none of them. */
class FieldDeadlineTest
{
    private final UnsafeBuffer target = new UnsafeBuffer(ByteBuffer.allocateDirect(100));
    private final UnsafeBuffer text = new UnsafeBuffer(0, 0);

    @TempDir
    private Path directory;

    private static UnsafeBuffer key(final String text)
    {
        return new UnsafeBuffer(text.getBytes(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 2_000})
    void shouldFindNoFieldWhoseTimeIsOver(final int count) throws Exception
    {
        try (MillraceNode node = MillraceNode.builder().directory(directory).option("loglevel", "warning")
            .option("enable-debug-command", "yes").open(); MillraceReader reader = node.openReader())
        {
            node.command("DEBUG", "SET-ACTIVE-EXPIRE", "0").join();
            for (int i = 0; i < count; i++)
            {
                node.command("HSET", "h", "f" + i, "v" + i);
            }

            node.command("HEXPIRE", "h", "1000", "FIELDS", "1", "f0").join();
            final long deadlineMs = System.currentTimeMillis() + 5;
            node.command("HPEXPIREAT", "h", Long.toString(deadlineMs), "FIELDS", "1", "f1").join();
            while (System.currentTimeMillis() < deadlineMs)
            {
                Thread.onSpinWait();
            }

            assertEquals(2, reader.hashField(0, key("h"), key("f0"), target));
            assertEquals(MillraceReader.ABSENT, reader.hashField(0, key("h"), key("f1"), target));
            assertTrue(reader.hashContains(0, key("h"), key("f0")));
            assertFalse(reader.hashContains(0, key("h"), key("f1")));
            final TreeSet<String> expected = IntStream.range(0, count).filter((i) -> 1 != i)
                .mapToObj((i) -> "f" + i).collect(Collectors.toCollection(TreeSet::new));
            try (MillraceView view = reader.openView())
            {
                final MillraceCursor fields = view.hash(0, key("h"));
                assertEquals(count - 1, fields.size());
                assertEquals(expected, fields(fields));
                assertEquals(expected, fields(fields.descending()));
            }
        }
    }

    private TreeSet<String> fields(final MillraceCursor cursor)
    {
        final TreeSet<String> found = new TreeSet<>();
        while (cursor.next())
        {
            cursor.element(text);
            final String field = text.getStringWithoutLengthUtf8(0, text.capacity());
            cursor.value(text);
            assertEquals(field.replace('f', 'v'), text.getStringWithoutLengthUtf8(0, text.capacity()));
            found.add(field);
        }

        return found;
    }
}
