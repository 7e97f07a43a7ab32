package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.snapshot.SpoolFile;
import org.millrace.engine.snapshot.SpoolStorage;
import org.millrace.io.thread.Waits;

/**
 * Snapshot spools as files that lose their name as soon as they are open: whatever becomes of the process, the space
 * is free again when it is gone. Thread-safe. The files hold the users' data, so only their owner may read them.
 *
 * <p>A thread of its own writes: even a write into the page cache takes a quarter of a second a GB at best, and waits
 * for the disk when there are too many dirty pages. It ends when there has been nothing to write for a while.
 */
public final class FileSpoolStorage implements SpoolStorage, AutoCloseable
{
    private static final Set<StandardOpenOption> OPTIONS = EnumSet
        .of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
        .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private static final long IDLE_SECONDS = 5;
    private static final long CLOSE_MS = 60_000;

    private final Path directory;
    private final EventLog log;
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(), FileSpoolStorage::thread, (task, executor) -> task.run());

    public FileSpoolStorage(final Path directory, final EventLog log)
    {
        this.directory = directory;
        this.log = log;
        writer.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(final Runnable task)
    {
        final Thread thread = new Thread(task, "millrace-spool");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public SpoolFile create()
    {
        final Path path = directory.resolve(TemporaryFile.newName("spool"));
        try
        {
            final FileChannel channel = FileChannel.open(path, OPTIONS, OWNER_ONLY);
            try
            {
                // Somebody who starts here just now may have taken it for a leftover.
                Files.deleteIfExists(path);
            }
            catch (final IOException e)
            {
                channel.close();
                throw e;
            }

            return new UnlinkedFile(channel, writer);
        }
        catch (final IOException e)
        {
            log.warning("Cannot create a spool file for the snapshot: " + HostFiles.reason(e));
            return null;
        }
    }

    /**
     * Waits until what was written and closed is, so that no thread and no descriptor stays; who still has a spool does
     * without the thread from then on.
     */
    @Override
    public void close()
    {
        Waits.shutDown(writer, CLOSE_MS);
    }

    /** One spool: appended to by the snapshotter through the writing thread, read by any thread. */
    static final class UnlinkedFile implements SpoolFile
    {
        private final FileChannel channel;
        private final Executor writer;
        private volatile long length;
        private volatile String failure;
        private volatile boolean isReleased;

        UnlinkedFile(final FileChannel channel, final Executor writer)
        {
            this.channel = channel;
            this.writer = writer;
        }

        @Override
        public boolean append(final ByteBuffer source, final Runnable written)
        {
            if (null != failure)
            {
                written.run();
                return false;
            }

            writer.execute(() -> write(source, written));
            return true;
        }

        private void write(final ByteBuffer source, final Runnable written)
        {
            try
            {
                // After a failure nothing more: positions follow from what went before.
                while (null == failure && source.hasRemaining())
                {
                    // One thread writes this field.
                    length = length + channel.write(source, length);
                }
            }
            catch (final IOException e)
            {
                failure = HostFiles.reason(e);
            }
            finally
            {
                written.run();
            }
        }

        @Override
        public long length()
        {
            return length;
        }

        @Override
        public int read(final long position, final ByteBuffer target)
        {
            try
            {
                return channel.read(target, position);
            }
            catch (final IOException e)
            {
                failure = HostFiles.reason(e);
                return -1;
            }
        }

        @Override
        public String failure()
        {
            return failure;
        }

        @Override
        public boolean isReleased()
        {
            return isReleased;
        }

        /** Behind what is still to be written. */
        @Override
        public void close()
        {
            writer.execute(this::closeChannel);
        }

        private void closeChannel()
        {
            try
            {
                channel.close();
            }
            catch (final IOException e)
            {
                failure = HostFiles.reason(e);
            }

            isReleased = true;
        }
    }
}
