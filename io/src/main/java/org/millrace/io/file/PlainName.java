package org.millrace.io.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A second name of a directory, for parts of the JDK and libraries that make a string of each path and so lose names
 * that the locale has no characters for: {@code /proc/self/fd/N}, valid until it is closed. It is the directory itself
 * where that is not needed, or where there is no such thing.
 */
public final class PlainName implements AutoCloseable
{
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final FileChannel channel;
    private final Path path;

    private PlainName(final FileChannel channel, final Path path)
    {
        this.channel = channel;
        this.path = path;
    }

    /** @throws IOException the directory cannot be opened. */
    public static PlainName of(final Path directory) throws IOException
    {
        return isPlain(directory) ? new PlainName(null, directory) : shortOf(directory);
    }

    /** As {@link #of}, of a few characters in any case. */
    public static PlainName shortOf(final Path directory) throws IOException
    {
        if (!Files.isDirectory(DESCRIPTORS))
        {
            return new PlainName(null, directory);
        }

        final FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ);
        try
        {
            return new PlainName(channel, descriptor(directory.toRealPath()));
        }
        catch (final IOException e)
        {
            channel.close();
            throw e;
        }
    }

    /** Whether the path survives being made a string and back. */
    public static boolean isPlain(final Path path)
    {
        return path.toString().equals(HostFiles.text(path));
    }

    /** The JDK does not tell a channel's number: it is one that leads to the directory. */
    private static Path descriptor(final Path real) throws IOException
    {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS))
        {
            for (final Path descriptor : descriptors)
            {
                if (Files.isSymbolicLink(descriptor) && real.equals(Files.readSymbolicLink(descriptor)))
                {
                    return descriptor;
                }
            }
        }

        throw new IOException("no descriptor leads to " + real);
    }

    /** Another name of the directory, in ASCII where that is possible. */
    public Path path()
    {
        return path;
    }

    @Override
    public void close() throws IOException
    {
        if (null != channel)
        {
            channel.close();
        }
    }
}
