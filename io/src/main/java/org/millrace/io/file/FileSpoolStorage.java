package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.snapshot.SpoolFile;
import org.millrace.engine.snapshot.SpoolStorage;

/**
 * Snapshot spools as files that lose their name as soon as they are open: whatever becomes of the process, the space
 * is free again when it is gone. Thread-safe. The files hold the users' data, so only their owner may read them.
 */
public final class FileSpoolStorage implements SpoolStorage
{
    private static final Set<StandardOpenOption> OPTIONS = EnumSet
        .of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY = PosixFilePermissions
        .asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;
    private final EventLog log;
    private final AtomicLong count = new AtomicLong();

    public FileSpoolStorage(final Path directory, final EventLog log)
    {
        this.directory = directory;
        this.log = log;
    }

    @Override
    public SpoolFile create()
    {
        final Path path = directory.resolve(
            "temp-millrace-spool-" + ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime()) + "-" +
                count.incrementAndGet());
        try
        {
            final FileChannel channel = FileChannel.open(path, OPTIONS, OWNER_ONLY);
            try
            {
                Files.delete(path);
            }
            catch (final IOException e)
            {
                channel.close();
                throw e;
            }

            return new UnlinkedFile(channel);
        }
        catch (final IOException e)
        {
            log.warning("Cannot create a spool file for the snapshot: " + reason(e));
            return null;
        }
    }

    static String reason(final IOException e)
    {
        final String message = e.getMessage();
        // Those of the file system say nothing but the path.
        return null == message || e instanceof FileSystemException
            ? e.getClass().getSimpleName() + ": " + message
            : message;
    }

    /** One spool: appended to by the snapshotter, read by any thread. */
    static final class UnlinkedFile implements SpoolFile
    {
        private final FileChannel channel;
        private volatile String failure;

        UnlinkedFile(final FileChannel channel)
        {
            this.channel = channel;
        }

        @Override
        public boolean append(final ByteBuffer source)
        {
            try
            {
                while (source.hasRemaining())
                {
                    channel.write(source);
                }

                return true;
            }
            catch (final IOException e)
            {
                failure = reason(e);
                return false;
            }
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
                failure = reason(e);
                return -1;
            }
        }

        @Override
        public String failure()
        {
            return failure;
        }

        @Override
        public void close()
        {
            try
            {
                channel.close();
            }
            catch (final IOException e)
            {
                failure = reason(e);
            }
        }
    }
}
