package org.millrace.embed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps a second node that is embedded somewhere out of a directory: they would write over each other's data set. */
final class DirectoryLock implements AutoCloseable
{
    static final String FILE = "millrace.lock";
    private static final int TEXT_LENGTH_MAX = 32;

    private final FileChannel channel;

    private DirectoryLock(final FileChannel channel)
    {
        this.channel = channel;
    }

    /**
     * Of a directory that nobody can write to there is nothing to lock.
     *
     * @throws IOException another node has it, or it cannot be written to; the message says who or why.
     */
    static DirectoryLock take(final Path directory) throws IOException
    {
        final FileChannel channel;
        try
        {
            channel = FileChannel.open(
                directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        catch (final FileSystemException e)
        {
            if (Files.isDirectory(directory) && !Files.isWritable(directory))
            {
                return new DirectoryLock(null);
            }

            throw e;
        }

        try
        {
            if (!isLocked(channel))
            {
                throw new IOException("the directory " + directory + " is in use by " + holder(channel));
            }

            sign(channel);
            return new DirectoryLock(channel);
        }
        catch (final IOException e)
        {
            channel.close();
            throw e;
        }
    }

    /** The lock is what counts; a full disk has no room for the words. */
    private static void sign(final FileChannel channel)
    {
        try
        {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text(ProcessHandle.current().pid())), 0);
        }
        catch (final IOException e)
        {
            return;
        }
    }

    private static boolean isLocked(final FileChannel channel) throws IOException
    {
        try
        {
            final FileLock lock = channel.tryLock();
            return null != lock;
        }
        catch (final OverlappingFileLockException e)
        {
            // By another node of this process.
            return false;
        }
    }

    private static String holder(final FileChannel channel) throws IOException
    {
        final ByteBuffer text = ByteBuffer.allocate(TEXT_LENGTH_MAX);
        final int length = Math.max(0, channel.read(text, 0));
        final String pid = new String(text.array(), 0, length, StandardCharsets.US_ASCII).strip();
        if (pid.isEmpty())
        {
            // It has just taken the lock, or found no room for the words.
            return "another node";
        }

        final boolean isOwn = pid.equals(Long.toString(ProcessHandle.current().pid()));
        return isOwn ? "another node of this process" : "a node in process " + pid;
    }

    private static byte[] text(final long pid)
    {
        return (pid + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The file stays: to delete it could take it from the next who locks it. */
    @Override
    public void close() throws IOException
    {
        if (null != channel)
        {
            channel.close();
        }
    }
}
