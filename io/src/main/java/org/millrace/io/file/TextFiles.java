package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Small files of text, one byte in each character: read whole, and replaced whole. */
public final class TextFiles
{
    private TextFiles()
    {
    }

    public static String read(final Path file) throws IOException
    {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /**
     * Old or new content, never a mixture: written beside the file, synced, renamed over it. The file keeps its
     * permissions.
     *
     * @param kind what comes behind the dot of the temporary file's name.
     */
    public static void replace(final Path file, final String text, final String kind) throws IOException
    {
        // From the first byte on nobody reads it who could not read the old one: there may be passwords in it.
        final Set<PosixFilePermission> permissions = permissions(file);
        try (TemporaryFile temporary = TemporaryFile.create(
            file.getParent(), kind, PosixFilePermissions.asFileAttribute(permissions)))
        {
            final ByteBuffer buffer = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (buffer.hasRemaining())
            {
                temporary.channel().write(buffer);
            }

            temporary.moveTo(file);
        }

        // What the mask has taken.
        Files.setPosixFilePermissions(file, permissions);
    }

    /** Those of the file there is; Redis would open it to all. */
    private static Set<PosixFilePermission> permissions(final Path file) throws IOException
    {
        return Files.exists(file) ? Files.getPosixFilePermissions(file) : PosixFilePermissions.fromString("rw-r--r--");
    }
}
