package org.millrace.bench.rig;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.millrace.bench.workload.Workload;

/**
 * An {@link OpenLoopRig} that goes on while something else is measured, on a thread of its own.
 */
public final class BackgroundLoad implements AutoCloseable
{
    private static final long RUN_NS_MAX = TimeUnit.HOURS.toNanos(1);

    private final OpenLoopRig rig;
    private final Thread thread;
    private volatile boolean isStopped;
    private volatile OpenLoopRig.Result result;
    private volatile String failure;

    private BackgroundLoad(final OpenLoopRig rig, final Workload workload, final int ratePerSecond,
        final Windows windows)
    {
        this.rig = rig;
        thread = new Thread(() -> run(workload, ratePerSecond, windows), "background-load");
        thread.setDaemon(true);
    }

    /**
     * Starts it.
     *
     * @param windows spans of time that count; null for all.
     */
    public static BackgroundLoad start(
        final String host,
        final int port,
        final int connectionCount,
        final Workload workload,
        final int ratePerSecond,
        final Windows windows) throws IOException
    {
        final BackgroundLoad load = new BackgroundLoad(
            OpenLoopRig.open(host, port, connectionCount),
            workload,
            ratePerSecond,
            windows);
        load.thread.start();
        return load;
    }

    /**
     * Stops it and waits for the last replies.
     *
     * @throws IOException if it broke off.
     */
    public OpenLoopRig.Result finish() throws IOException
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

        if (null != failure)
        {
            throw new IOException("the load broke off: " + failure);
        }

        return result;
    }

    /** {@inheritDoc} */
    @Override
    public void close() throws IOException
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

        rig.close();
    }

    private void run(final Workload workload, final int ratePerSecond, final Windows windows)
    {
        try
        {
            result = rig.run(workload, ratePerSecond, RUN_NS_MAX, windows, () -> isStopped);
        }
        catch (final IOException | RuntimeException ex)
        {
            failure = ex.getMessage();
        }
    }
}
