package org.millrace.bench.rig;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a primary busy with full resyncs, one set of draining replicas after another, on a thread of its own, until
 * it is closed.
 */
public final class SyncLoop implements AutoCloseable
{
    private static final long WAIT_MS = 300_000;
    private static final long POLL_MS = 20;
    private static final long STOP_CHECK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** Attaches a fresh set of replicas. */
    @FunctionalInterface
    public interface Attachment
    {
        /**
         * Connects them and asks for full resyncs, without waiting.
         */
        DrainRig attach() throws IOException;
    }

    private final Attachment attachment;
    private final Thread thread = new Thread(this::run, "sync-loop");
    private volatile boolean isStopped;
    private volatile long completedCount;
    private volatile String failure;

    private SyncLoop(final Attachment attachment)
    {
        this.attachment = attachment;
        thread.setDaemon(true);
    }

    /**
     * Starts the loop; with a count of 0 it does nothing.
     */
    public static SyncLoop start(final Attachment attachment, final int count)
    {
        final SyncLoop loop = new SyncLoop(attachment);
        if (count > 0)
        {
            loop.thread.start();
        }

        return loop;
    }

    /** Sets of replicas that got their whole snapshot. */
    public long completedCount()
    {
        return completedCount;
    }

    /** What went wrong, or null. */
    public String failure()
    {
        return failure;
    }

    /** {@inheritDoc} */
    @Override
    public void close()
    {
        isStopped = true;
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        while (!isStopped)
        {
            try (DrainRig rig = attachment.attach())
            {
                final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS);
                while (!isStopped && !rig.isSynced() && System.nanoTime() - deadlineNs < 0)
                {
                    LockSupport.parkNanos(STOP_CHECK_NS);
                }

                if (rig.isSynced())
                {
                    rig.awaitSynced(POLL_MS);
                    completedCount++;
                }
            }
            catch (final IOException ex)
            {
                failure = ex.getMessage();
                return;
            }
        }
    }
}
