package org.millrace.io.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In whatever locale the tests run: the bytes are the same. */
final class HostFilesTest
{
    @TempDir
    Path directory;

    @Test
    void shouldKeepEveryByteOfAName() throws IOException
    {
        for (int b = 1; b < 256; b++)
        {
            if ('/' != b)
            {
                final String name = "a" + (char)b + "z";
                final String text = HostFiles.text(directory) + "/" + name;
                final Path path = HostFiles.path(text);
                Files.write(path, new byte[]{(byte)b});

                assertEquals(text, HostFiles.text(path));
                assertEquals(text, HostFiles.text(path.toRealPath()));
                assertEquals(name, HostFiles.text(path.getFileName()));
                assertEquals(path, directory.resolve(HostFiles.path(name)));
                assertArrayEquals(new byte[]{(byte)b}, Files.readAllBytes(path));
            }
        }

        try (var files = Files.list(directory))
        {
            assertEquals(254, files.map(HostFiles::text).distinct().count());
        }
    }

    @Test
    void shouldTakeRelativePathsAndOddSlashes()
    {
        assertEquals("../\u00E9/x", HostFiles.text(HostFiles.path("../\u00E9//x/")));
        assertEquals("/\u00E9/x", HostFiles.text(HostFiles.path("//\u00E9//x/")));
        assertEquals("", HostFiles.text(HostFiles.path("")));
        assertThrows(InvalidPathException.class, () -> HostFiles.path("\u00E9\0"));
    }

    @Test
    void shouldNotTakeADirectoryForADifferentName() throws IOException
    {
        final Path child = Files.createDirectory(directory.resolve(HostFiles.path("\u00E9")));

        assertEquals(HostFiles.text(directory) + "/\u00E9", HostFiles.text(child));
    }

    @Test
    void shouldTakeArgumentsAsTheyAre()
    {
        // These are not the arguments of this process.
        assertArrayEquals(
            new String[]{"--dir", "/tmp/\u00C3\u00A9"}, HostFiles.arguments(new String[]{"--dir", "/tmp/\u00E9"}));
    }

    @Test
    void shouldGiveADirectoryAPlainName() throws IOException
    {
        final Path odd = Files.createDirectory(directory.resolve(HostFiles.path("\u00FF")));
        Files.writeString(odd.resolve("x"), "there");

        try (PlainName name = PlainName.of(odd); PlainName same = PlainName.of(directory))
        {
            assertEquals(directory, same.path());
            if (!PlainName.isPlain(odd))
            {
                assertTrue(PlainName.isPlain(name.path()), () -> name.path().toString());
            }

            assertEquals("there", Files.readString(name.path().toFile().toPath().resolve("x")));
            assertFalse(name.path().toString().length() > odd.toString().length());
        }
    }
}
