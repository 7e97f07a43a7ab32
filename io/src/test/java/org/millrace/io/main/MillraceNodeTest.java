package org.millrace.io.main;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MillraceNodeTest
{
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"shared", "dedicated"})
    void shouldServeReadsAndWritesWithinTheProcess(final String threading) throws Exception
    {
        try (MillraceNode node = open(threading); MillraceReader reader = node.openReader())
        {
            assertEquals("OK", node.command("SET", "key", "value").get(10, TimeUnit.SECONDS));
            assertArrayEquals(bytes("value"), (byte[])node.command("GET", "key").get(10, TimeUnit.SECONDS));

            final UnsafeBuffer value = offHeap(new byte[16]);
            assertEquals(5, reader.get(0, offHeap(bytes("key")), value));
            assertEquals("value", value.getStringWithoutLengthAscii(0, 5));
            assertEquals(MillraceReader.ABSENT, reader.get(0, offHeap(bytes("none")), value));
            assertEquals(MillraceReader.ABSENT, reader.get(1, offHeap(bytes("key")), value));
        }
    }

    @Test
    void shouldSayHowLongTheValueIsWhenTheTargetIsTooSmall() throws Exception
    {
        try (MillraceNode node = open("shared"); MillraceReader reader = node.openReader())
        {
            node.command("SETRANGE", "key", "99999", "x").get(10, TimeUnit.SECONDS);

            assertEquals(100_000, reader.get(0, offHeap(bytes("key")), offHeap(new byte[10])));
        }
    }

    @Test
    void shouldFailTheFutureWhenACommandIsRefused() throws Exception
    {
        try (MillraceNode node = open("shared"))
        {
            final CompletionException failure = assertThrows(CompletionException.class,
                () -> node.command("INCR").join());

            assertInstanceOf(CommandFailedException.class, failure.getCause());
            assertEquals("ERR wrong number of arguments for 'incr' command", failure.getCause().getMessage());
            assertThrows(CompletionException.class, () -> node.command("SUBSCRIBE", "channel").join());
            assertThrows(CompletionException.class, () -> node.command("WAIT", "1", "0").join());
        }
    }

    @Test
    void shouldRefuseUseAfterClose() throws IOException
    {
        final MillraceNode node = open("shared");
        final MillraceReader reader = node.openReader();
        reader.close();
        node.close();

        assertThrows(IllegalStateException.class, () -> node.command("PING"));
        assertThrows(IllegalStateException.class, node::openReader);
        assertThrows(IllegalStateException.class, () -> reader.get(0, offHeap(bytes("k")), offHeap(new byte[1])));
    }

    @Test
    void shouldNameTheOptionThatIsWrong()
    {
        final IllegalArgumentException failure = assertThrows(
            IllegalArgumentException.class, () -> MillraceNode.builder().option("no-such-option", "1").open());

        assertEquals("unknown option: no-such-option", failure.getMessage());
        assertThrows(
            IllegalArgumentException.class, () -> MillraceNode.builder().option("maxclients", "many").open());
    }

    @Test
    void shouldFindItsDataAgainWhenReopened() throws Exception
    {
        try (MillraceNode node = open("shared"))
        {
            node.command("SET", "kept", "1").get(10, TimeUnit.SECONDS);
            assertEquals("OK", node.command("SAVE").get(10, TimeUnit.SECONDS));
        }

        try (MillraceNode node = open("shared"))
        {
            assertArrayEquals(bytes("1"), (byte[])node.command("GET", "kept").get(10, TimeUnit.SECONDS));
        }
    }

    private MillraceNode open(final String threading) throws IOException
    {
        return MillraceNode.builder().directory(directory).option("threading", threading).option("loglevel", "warning")
            .open();
    }

    private static byte[] bytes(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static UnsafeBuffer offHeap(final byte[] content)
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(content.length);
        buffer.put(0, content);
        return new UnsafeBuffer(buffer);
    }
}
