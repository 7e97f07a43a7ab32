package org.millrace.io.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.node.SnapshotStore;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.engine.snapshot.RdbLoader;

/**
 * Writes an image to a file that is never there in part: to a temporary file beside it, synced, renamed over it, the
 * directory synced. In steps by its owner, or as the task of a thread of its own. Any thread may ask how it stands.
 */
public final class SnapshotFile implements SnapshotStore.Save, Runnable
{
    private static final int STEP = 256 * 1024;

    /**
     * Syncing as it goes keeps the last sync, and the disk's queue, short. On a thread of its own: what is read from the
     * image must not stand still meanwhile, for what writes force into it has only so much memory.
     */
    private static final long SYNC_INTERVAL = 32L * 1024 * 1024;
    private static final long IDLE_NS = 100_000;

    private final ImageCursor cursor;
    private final Path target;
    private TemporaryFile temporary;
    private long syncedAt;
    private CompletableFuture<Void> syncing = CompletableFuture.completedFuture(null);
    private volatile String syncError;
    private volatile long written;
    private volatile String error;
    private volatile String cancelReason;
    private volatile boolean isDone;

    /**
     * @param cursor at the start of its image; this object closes it.
     * @param target file that is replaced in the end.
     */
    public SnapshotFile(final ImageCursor cursor, final Path target)
    {
        this.cursor = cursor;
        this.target = target.toAbsolutePath();
    }

    /** Step until it is over, resting while there is nothing to write. */
    @Override
    public void run()
    {
        while (!isDone)
        {
            if (0 == step())
            {
                LockSupport.parkNanos(IDLE_NS);
            }
        }
    }

    /** Write what the image has, a bounded step; the last one waits for the disk. @return work count. */
    public int step()
    {
        if (isDone)
        {
            return 0;
        }

        if (null != cancelReason)
        {
            fail(cancelReason);
            return 1;
        }

        try
        {
            return write();
        }
        catch (final IOException e)
        {
            fail(HostFiles.reason(e));
            return 1;
        }
    }

    private int write() throws IOException
    {
        if (null == temporary)
        {
            temporary = TemporaryFile.create(target.getParent(), "rdb");
        }

        final ByteBuffer view = cursor.next(STEP);
        if (null == view)
        {
            return finishIfOver();
        }

        final int length = view.remaining();
        while (view.hasRemaining())
        {
            temporary.channel().write(view);
        }

        cursor.advance(length);
        written += length;
        if (written - syncedAt >= SYNC_INTERVAL && syncing.isDone())
        {
            syncedAt = written;
            syncing = CompletableFuture.runAsync(this::sync, SnapshotFile::runSync);
        }

        if (null != syncError)
        {
            throw new IOException(syncError);
        }

        return 1;
    }

    private static void runSync(final Runnable task)
    {
        final Thread thread = new Thread(task, "millrace-sync");
        thread.setDaemon(true);
        thread.start();
    }

    private void sync()
    {
        try
        {
            temporary.channel().force(false);
        }
        catch (final IOException e)
        {
            syncError = HostFiles.reason(e);
        }
    }

    private int finishIfOver() throws IOException
    {
        // First whether all has been read: an image that was read to its end may have any fate afterwards.
        if (cursor.isAtEnd())
        {
            syncing.join();
            if (null != syncError)
            {
                throw new IOException(syncError);
            }

            temporary.moveTo(target);
            temporary.close();
            cursor.close();
            isDone = true;
            return 1;
        }

        if (cursor.image().isAborted())
        {
            fail(cursor.image().abortReason());
            return 1;
        }

        return 0;
    }

    private void fail(final String reason)
    {
        cursor.close();
        syncing.join();
        try
        {
            if (null != temporary)
            {
                temporary.close();
            }
        }
        catch (final IOException e)
        {
            error = reason + ", and the temporary file stays: " + HostFiles.reason(e);
            isDone = true;
            return;
        }

        error = reason;
        isDone = true;
    }

    /** Any thread: fail at the next step, whatever the image has. */
    void cancel(final String reason)
    {
        cancelReason = reason;
    }

    @Override
    public boolean isDone()
    {
        return isDone;
    }

    @Override
    public String error()
    {
        return error;
    }

    @Override
    public long written()
    {
        return written;
    }

    /**
     * Load a whole file; the loader then says how it went. The caller has seen to it that the target is empty.
     *
     * @param progress told the bytes read so far, after every step.
     * @throws IOException if the file cannot be read.
     */
    public static void load(final Path path, final RdbLoader loader, final LongConsumer progress) throws IOException
    {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(STEP);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ))
        {
            final long address = Memory.address(buffer);
            long done = 0;
            int count = 0;
            while (count >= 0 && RdbLoader.State.LOADING == loader.state())
            {
                feed(loader, address, count);
                done += count;
                progress.accept(done);
                buffer.clear();
                count = channel.read(buffer);
            }

            loader.endOfInput();
        }
        finally
        {
            Memory.free(buffer);
        }
    }

    private static void feed(final RdbLoader loader, final long address, final int length)
    {
        int at = 0;
        while (at < length && RdbLoader.State.LOADING == loader.state())
        {
            at += loader.consume(address + at, length - at);
            if (loader.isAtData())
            {
                loader.startData();
            }
        }
    }
}
