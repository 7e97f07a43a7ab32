package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.millrace.engine.counters.EventLog;

/**
 * The names of one node's backlog files and the lock that makes them its own: {@code backlog-<port>.header}, held
 * under an exclusive lock, and {@code backlog-<port>.<n>} for the segments. When another node holds the lock (same
 * directory, same port: another container, another address) the name gets a number of its own. Thread-safe.
 */
final class BacklogFiles implements AutoCloseable
{
    private static final int NAMES_MAX = 64;
    private static final String HEADER_SUFFIX = ".header";
    private static final Pattern HEADER = Pattern.compile("backlog-\\d+(-\\d+)?\\.header");

    /**
     * Header files that this process holds. A lock does not keep the same process out, and worse: closing a second
     * channel of the file would drop the lock of the first.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path directory;
    private final String name;
    private final Path header;
    private final FileChannel channel;
    private long nextSegment;
    private BacklogDescription description;

    private BacklogFiles(final Path directory, final String name, final Path header, final FileChannel channel)
    {
        this.directory = directory;
        this.name = name;
        this.header = header;
        this.channel = channel;
    }

    /** Lock a name and delete what a former run has left under it. */
    static BacklogFiles open(final Path directory, final int port, final EventLog log) throws IOException
    {
        final Path real = directory.toRealPath();
        for (int i = 1; i <= NAMES_MAX; i++)
        {
            final String name = "backlog-" + port + (1 == i ? "" : "-" + i);
            final Path header = real.resolve(name + HEADER_SUFFIX);
            final FileChannel channel = lock(header);
            if (null != channel)
            {
                final BacklogFiles files = new BacklogFiles(real, name, header, channel);
                files.deleteLeftovers();
                files.deleteThoseOfTheDead();
                return files;
            }

            log.warning(
                "The backlog files " + name + ".* in " + real + " belong to another running server; using " +
                    "another name. Set a directory of its own for each server.");
        }

        throw new IOException("no free name for backlog files in " + real);
    }

    /** {@code backlog-<port>}, with a number if that was taken. */
    String name()
    {
        return name;
    }

    /** Path of the next segment file. */
    synchronized Path nextSegment()
    {
        return directory.resolve(name + "." + nextSegment++);
    }

    /** A new file of {@code length} zero bytes that only the owner may read; blocks are allocated, not a hole. */
    static void createFilled(final Path path, final long length, final ByteBuffer zeros) throws IOException
    {
        try (FileChannel file = create(path))
        {
            long written = 0;
            while (written < length)
            {
                zeros.clear().limit((int)Math.min(zeros.capacity(), length - written));
                written += file.write(zeros);
            }
        }
    }

    /** Write the description into the slot that is not the newest, if anything has changed. */
    synchronized void describe(
        final String replid,
        final String replid2,
        final long secondOffset,
        final long firstOffset,
        final int segmentLength)
        throws IOException
    {
        final BacklogDescription old = description;
        if (null != old && old.firstOffset() == firstOffset && old.secondOffset() == secondOffset &&
            old.replid().equals(replid) && old.replid2().equals(replid2))
        {
            return;
        }

        description = new BacklogDescription(
            null == old ? 1 : old.sequence() + 1, replid, replid2, secondOffset, firstOffset, segmentLength);
        final long slot = description.sequence() % BacklogDescription.SLOTS;
        final ByteBuffer bytes = description.encode();
        while (bytes.hasRemaining())
        {
            channel.write(bytes, slot * BacklogDescription.SLOT_LENGTH + bytes.position());
        }
    }

    /** Delete the header file and give up the lock. Segments are deleted by whoever made them. */
    @Override
    public synchronized void close() throws IOException
    {
        if (!channel.isOpen())
        {
            return;
        }

        try
        {
            // Deleted while locked: who opens it from now on makes a new file.
            Files.deleteIfExists(header);
        }
        finally
        {
            channel.close();
            synchronized (HELD)
            {
                HELD.remove(header);
            }
        }
    }

    private static FileChannel lock(final Path header) throws IOException
    {
        synchronized (HELD)
        {
            if (HELD.contains(header))
            {
                return null;
            }

            while (true)
            {
                final Object before = createIfMissing(header);
                final FileChannel channel;
                try
                {
                    channel = FileChannel.open(header, StandardOpenOption.READ, StandardOpenOption.WRITE);
                }
                catch (final NoSuchFileException e)
                {
                    continue;
                }

                final FileLock lock = channel.tryLock();
                if (null == lock)
                {
                    channel.close();
                    return null;
                }

                // Its former owner may have deleted it between open and lock: then the lock is on a nameless file.
                if (null != before && Objects.equals(before, fileKey(header)))
                {
                    channel.truncate(0);
                    HELD.add(header);
                    return channel;
                }

                channel.close();
            }
        }
    }

    private static Object createIfMissing(final Path header) throws IOException
    {
        try
        {
            create(header).close();
        }
        catch (final FileAlreadyExistsException e)
        {
            // Left by a former run, or in use by another node.
        }

        return fileKey(header);
    }

    private static Object fileKey(final Path path) throws IOException
    {
        try
        {
            final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
            // No key where the file system has none; then the creation time must do.
            return null == attributes.fileKey() ? attributes.creationTime() : attributes.fileKey();
        }
        catch (final NoSuchFileException e)
        {
            return null;
        }
    }

    private static FileChannel create(final Path path) throws IOException
    {
        return FileChannel.open(path, OwnerOnly.OPTIONS, OwnerOnly.file(path.getParent()));
    }

    private void deleteLeftovers() throws IOException
    {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(
            directory, file -> isSegment(file.getFileName().toString())))
        {
            for (final Path leftover : leftovers)
            {
                Files.deleteIfExists(leftover);
            }
        }
    }

    /** Of other ports: who comes back with another port would leave them for good. */
    private void deleteThoseOfTheDead() throws IOException
    {
        try (DirectoryStream<Path> headers = Files.newDirectoryStream(
            directory, file -> HEADER.matcher(file.getFileName().toString()).matches()))
        {
            for (final Path header : headers)
            {
                final FileChannel lock = header.equals(this.header) ? null : lock(header);
                if (null != lock)
                {
                    final String text = header.getFileName().toString();
                    final String of = text.substring(0, text.length() - HEADER_SUFFIX.length());
                    try (BacklogFiles dead = new BacklogFiles(directory, of, header, lock))
                    {
                        dead.deleteLeftovers();
                    }
                }
            }
        }
    }

    private boolean isSegment(final String fileName)
    {
        final int prefix = name.length() + 1;
        return fileName.length() > prefix && fileName.startsWith(name + ".") &&
            fileName.chars().skip(prefix).allMatch(c -> c >= '0' && c <= '9');
    }
}
