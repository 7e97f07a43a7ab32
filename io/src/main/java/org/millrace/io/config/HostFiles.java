package org.millrace.io.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.millrace.engine.config.ConfigException;

/** Paths out of configuration text, and the operating system's words for what is wrong with them. */
public final class HostFiles
{
    private HostFiles()
    {
    }

    /**
     * The path that configuration text names: its characters are the bytes of a UTF-8 string.
     *
     * @throws InvalidPathException if this machine cannot have such a path.
     */
    public static Path path(final String text)
    {
        return Path.of(new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
    }

    /** The reverse of {@link #path}. */
    public static String text(final Path path)
    {
        return bytesAsText(path.toString());
    }

    /** A string of the JVM as configuration text. */
    static String bytesAsText(final String string)
    {
        return new String(string.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Resolves {@code dir} as entering the directory would: real, present, a directory, and one we may enter. */
    public static String directory(final String current, final String requested) throws ConfigException
    {
        try
        {
            final Path real = path(current).resolve(path(requested)).toRealPath();
            if (!Files.isDirectory(real))
            {
                throw new ConfigException("Not a directory");
            }

            if (!Files.isExecutable(real))
            {
                throw new ConfigException("Permission denied");
            }

            return text(real);
        }
        catch (final IOException ex)
        {
            throw new ConfigException(reason(ex));
        }
        catch (final InvalidPathException ex)
        {
            throw new ConfigException("No such file or directory");
        }
    }

    /** What strerror would say. */
    public static String reason(final IOException ex)
    {
        if (ex instanceof NoSuchFileException)
        {
            return "No such file or directory";
        }

        if (ex instanceof AccessDeniedException)
        {
            return "Permission denied";
        }

        if (ex instanceof NotDirectoryException)
        {
            return "Not a directory";
        }

        if (ex instanceof FileAlreadyExistsException)
        {
            return "File exists";
        }

        final String reason = ex instanceof FileSystemException ? ((FileSystemException)ex).getReason() : null;
        return null == reason ? String.valueOf(ex.getMessage()) : reason;
    }
}
