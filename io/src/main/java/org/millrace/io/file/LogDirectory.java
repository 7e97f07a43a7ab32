package org.millrace.io.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.engine.backlog.LogGeneration;
import org.millrace.engine.backlog.LogStore;
import org.millrace.engine.counters.EventLog;

/**
 * The logs of a node: {@code millrace-log} in its directory, with {@code lock}, held under an exclusive lock while a process
 * uses it, and {@code log-<n>} for each log.
 */
public final class LogDirectory implements LogStore
{
    /** Name of the directory. */
    public static final String NAME = "millrace-log";

    private static final Pattern LOG = Pattern.compile("log-(\\d{1,18})");
    private static final String LOCK = "lock";
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int HEX = 16;
    private static final long CLOSE_MS = 60_000;

    /** Locks that this process holds: closing a second channel of such a file would drop the lock of the first. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path directory;
    private final EventLog log;
    private ExecutorService aside;
    private FileChannel lock;
    private Path held;
    private long nextNumber;

    /** @param parent directory of the node. */
    public LogDirectory(final Path parent, final EventLog log)
    {
        directory = parent.resolve(NAME);
        this.log = log;
    }

    @Override
    public boolean exists()
    {
        try
        {
            return Files.isDirectory(directory) && !logs().isEmpty();
        }
        catch (final IOException e)
        {
            // Something is there that cannot be looked at.
            return true;
        }
    }

    @Override
    public List<LogGeneration> open() throws IOException
    {
        if (!Files.isDirectory(directory))
        {
            Files.createDirectory(directory, OwnerOnly.directory(directory.toAbsolutePath().getParent()));
            DirectorySync.force(directory.toAbsolutePath().getParent());
        }

        lock();
        aside = Executors.newSingleThreadExecutor((task) ->
        {
            final Thread thread = new Thread(task, "millrace-log-files");
            thread.setDaemon(true);
            return thread;
        });
        final List<LogGeneration> found = new ArrayList<>();
        for (final var entry : logs().entrySet())
        {
            nextNumber = entry.getKey() + 1;
            final LogFiles files = LogFiles.open(entry.getValue(), aside, log);
            if (null != files)
            {
                found.add(files);
            }
        }

        return found;
    }

    private TreeMap<Long, Path> logs() throws IOException
    {
        final TreeMap<Long, Path> logs = new TreeMap<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory))
        {
            for (final Path entry : entries)
            {
                final Matcher name = LOG.matcher(entry.getFileName().toString());
                if (name.matches())
                {
                    logs.put(Long.parseLong(name.group(1)), entry);
                }
            }
        }

        return logs;
    }

    private void lock() throws IOException
    {
        final Path path = directory.toRealPath().resolve(LOCK);
        synchronized (HELD)
        {
            if (HELD.contains(path))
            {
                throw taken();
            }

            lock = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            final FileLock exclusive = lock.tryLock();
            if (null == exclusive)
            {
                lock.close();
                lock = null;
                throw taken();
            }

            HELD.add(path);
            held = path;
        }
    }

    private IOException taken()
    {
        return new IOException(
            "another server writes the log in " + HostFiles.text(directory) +
                ". Set a directory of its own for each server");
    }

    @Override
    public LogGeneration create(final long logId) throws IOException
    {
        return LogFiles.create(directory.resolve("log-" + nextNumber++), logId, aside, log);
    }

    /** Of the kernel, which makes a new id for each. */
    @Override
    public long boot()
    {
        try
        {
            final String id = Files.readString(BOOT, StandardCharsets.US_ASCII).replace("-", "");
            return Long.parseUnsignedLong(id.substring(0, HEX), HEX) | 1;
        }
        catch (final IOException | RuntimeException e)
        {
            // No such kernel: each start is taken for one behind a crash of the machine.
            return 0;
        }
    }

    @Override
    public void close()
    {
        if (null == lock)
        {
            return;
        }

        aside.shutdown();
        try
        {
            aside.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
            lock.close();
        }
        catch (final IOException e)
        {
            log.warning("Failed giving up the log's lock: " + e);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }

        synchronized (HELD)
        {
            HELD.remove(held);
        }

        lock = null;
    }
}
