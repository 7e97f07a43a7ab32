package org.millrace.io.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemporaryFileTest
{
    @TempDir
    Path directory;

    @Test
    void shouldTakeTheNameInTheEnd() throws IOException
    {
        final Path target = Files.writeString(directory.resolve("target"), "old");
        try (TemporaryFile file = TemporaryFile.create(directory, "rdb"))
        {
            file.channel().write(ByteBuffer.wrap("new".getBytes(StandardCharsets.US_ASCII)));
            assertEquals("old", Files.readString(target));
            file.moveTo(target);
        }

        assertEquals("new", Files.readString(target));
        assertEquals(List.of("target"), names());
    }

    @Test
    void shouldLeaveNothingWhenGivenUp() throws IOException
    {
        TemporaryFile.create(directory, "rdb").close();

        assertEquals(List.of(), names());
    }

    @Test
    void shouldRemoveWhatNobodyOwns() throws IOException
    {
        final long dead = deadPid();
        Files.writeString(directory.resolve(TemporaryFile.newName("rdb")), "half");
        Files.writeString(directory.resolve(TemporaryFile.newName("spool")), "half");
        Files.writeString(directory.resolve("temp-" + dead + "-1.rdb"), "of a former version");
        Files.writeString(directory.resolve("temp-" + ProcessHandle.current().pid() + "-7.rdb"), "in a container");
        final List<String> others = List.of("dump.rdb", "temp-" + dead + ".rdb",
            "temp-" + ProcessHandle.current().parent().orElseThrow().pid() + "-1.rdb", "temp-x-1.rdb");
        for (final String other : others)
        {
            Files.writeString(directory.resolve(other), "not ours");
        }

        try (TemporaryFile own = TemporaryFile.create(directory, "rdb"))
        {
            assertEquals(4, TemporaryFile.removeLeftovers(directory));
            assertTrue(own.channel().isOpen());
            assertEquals(others.size() + 1, names().size());
        }

        assertEquals(others.stream().sorted().toList(), names());
        assertEquals(0, TemporaryFile.removeLeftovers(directory));
        assertEquals(0, TemporaryFile.removeLeftovers(directory.resolve("none")));
    }

    @Test
    void shouldKnowItsOwnByAnyPath() throws IOException
    {
        final Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        try (TemporaryFile own = TemporaryFile.create(directory, "rdb"))
        {
            assertEquals(0, TemporaryFile.removeLeftovers(link));
            assertTrue(own.channel().isOpen());
            assertEquals(2, names().size());
        }
    }

    @Test
    void shouldNeverUseANameTwice()
    {
        assertFalse(TemporaryFile.newName("rdb").equals(TemporaryFile.newName("rdb")));
    }

    private static long deadPid() throws IOException
    {
        final Process process = new ProcessBuilder("true").start();
        process.onExit().join();
        return process.pid();
    }

    private List<String> names() throws IOException
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.map((file) -> file.getFileName().toString()).sorted().toList();
        }
    }
}
