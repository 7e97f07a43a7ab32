package org.millrace.io.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that is written beside another and takes its name in the end. It has a random name, since a process id is no
 * name of a life: in a container it is 1 each time. Its lock says that its maker lives, so that whoever starts in the
 * directory can remove what nobody owns, {@link #removeLeftovers}. One thread.
 */
public final class TemporaryFile implements AutoCloseable
{
    private static final String PREFIX = "temp-millrace-";

    /** As versions up to 0.1 called them: process id and a number. */
    private static final Pattern FORMER = Pattern.compile("temp-(\\d{1,18})-\\d+\\.rdb");
    private static final Set<StandardOpenOption> OPTIONS = EnumSet
        .of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** Of what cannot be locked: it lasts a moment. */
    private static final long LOCKLESS_MS = 60_000;

    /**
     * Those of this process by their names, which no other has, whatever path leads there: a lock keeps others out
     * only, and to close a second channel of a file would drop it.
     */
    private static final Map<Path, Path> HELD = new HashMap<>();

    private final Path path;
    private final FileChannel channel;
    private boolean isMoved;

    private TemporaryFile(final Path path, final FileChannel channel)
    {
        this.path = path;
        this.channel = channel;
    }

    /** A name that no file has. @param kind what comes behind the dot. */
    public static String newName(final String kind)
    {
        final long number = ThreadLocalRandom.current().nextLong() ^ System.nanoTime();
        final String digits = Long.toHexString(number);
        return PREFIX + "0".repeat(Long.BYTES * 2 - digits.length()) + digits + "." + kind;
    }

    /** A new, empty file. @throws IOException the directory cannot be written to. */
    public static TemporaryFile create(final Path directory, final String kind, final FileAttribute<?>... attributes)
        throws IOException
    {
        while (true)
        {
            final Path path = directory.resolve(newName(kind));
            hold(path);
            FileChannel channel = null;
            try
            {
                channel = FileChannel.open(path, OPTIONS, attributes);
                lock(channel);
                // Between opening and locking somebody who starts may have taken it for a leftover.
                if (Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                {
                    return new TemporaryFile(path, channel);
                }

                channel.close();
                letGo(path);
            }
            catch (final FileAlreadyExistsException e)
            {
                letGo(path);
            }
            catch (final IOException e)
            {
                letGo(path);
                if (null != channel)
                {
                    channel.close();
                }

                throw e;
            }
        }
    }

    private static void lock(final FileChannel channel)
    {
        try
        {
            channel.tryLock();
        }
        catch (final IOException e)
        {
            // A file system without locks: then nobody can take one to remove the file either.
            return;
        }
    }

    private static void hold(final Path path)
    {
        synchronized (HELD)
        {
            HELD.put(path.getFileName(), path);
        }
    }

    private static void letGo(final Path path)
    {
        synchronized (HELD)
        {
            HELD.remove(path.getFileName());
        }
    }

    private static boolean isHeld(final Path path)
    {
        synchronized (HELD)
        {
            return HELD.containsKey(path.getFileName());
        }
    }

    public FileChannel channel()
    {
        return channel;
    }

    /** Syncs it, gives it this name, whatever had it before, and syncs the directory. */
    public void moveTo(final Path target) throws IOException
    {
        channel.force(true);
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        isMoved = true;
        try (FileChannel directory = FileChannel.open(target.getParent(), StandardOpenOption.READ))
        {
            directory.force(true);
        }
    }

    /** Deletes it unless it was moved. */
    @Override
    public void close() throws IOException
    {
        try
        {
            if (!isMoved)
            {
                Files.deleteIfExists(path);
            }
        }
        finally
        {
            channel.close();
            letGo(path);
        }
    }

    /** Removes those of this process, which is about to end in the middle of writing them. */
    public static void removeOwn()
    {
        synchronized (HELD)
        {
            for (final Path path : HELD.values())
            {
                try
                {
                    Files.deleteIfExists(path);
                }
                catch (final IOException e)
                {
                    // Whoever starts here next removes it.
                    continue;
                }
            }
        }
    }

    /** Removes what dead processes have left in a directory. @return how many files. */
    public static int removeLeftovers(final Path directory)
    {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, TemporaryFile::isTemporary))
        {
            for (final Path file : files)
            {
                removed += isRemoved(file) ? 1 : 0;
            }
        }
        catch (final IOException e)
        {
            // Not to be read: then nothing can be removed either.
            return removed;
        }

        return removed;
    }

    private static boolean isTemporary(final Path path)
    {
        final String name = path.getFileName().toString();
        if (name.startsWith(PREFIX))
        {
            return true;
        }

        final Matcher former = FORMER.matcher(name);
        return former.matches() && !isOthers(Long.parseLong(former.group(1)));
    }

    private static boolean isOthers(final long pid)
    {
        return pid != ProcessHandle.current().pid() && ProcessHandle.of(pid).isPresent();
    }

    private static boolean isRemoved(final Path file)
    {
        try
        {
            if (isHeld(file))
            {
                return false;
            }

            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
            {
                final long ageMs = System.currentTimeMillis() -
                    Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toMillis();
                return ageMs > LOCKLESS_MS && Files.deleteIfExists(file);
            }

            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                return null != channel.tryLock() && Files.deleteIfExists(file);
            }
        }
        catch (final NoSuchFileException e)
        {
            return false;
        }
        catch (final IOException | OverlappingFileLockException e)
        {
            // Not ours to remove, or not to be told whether its owner lives.
            return false;
        }
    }
}
