package org.millrace.bench.rig;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.bench.target.MemorySample;
import org.millrace.bench.target.ServerProcess;

/**
 * Watches the memory of a server and its forked children on a thread of its own and keeps the peak. Reading the size
 * of a large process takes milliseconds in the kernel, so it looks only a few times a second.
 */
public final class MemorySampler implements AutoCloseable
{
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final ServerProcess server;
    private final Thread thread = new Thread(this::run, "memory-sampler");
    private volatile boolean isStopped;
    private volatile MemorySample peak = MemorySample.ZERO;

    private MemorySampler(final ServerProcess server)
    {
        this.server = server;
        thread.setDaemon(true);
    }

    /**
     * Starts sampling.
     */
    public static MemorySampler start(final ServerProcess server)
    {
        final MemorySampler sampler = new MemorySampler(server);
        sampler.thread.start();
        return sampler;
    }

    /**
     * Takes a last sample and stops.
     *
     * @return greatest values seen, each part by itself.
     */
    public MemorySample finish()
    {
        isStopped = true;
        LockSupport.unpark(thread);
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }

        return peak;
    }

    /** {@inheritDoc} */
    @Override
    public void close()
    {
        finish();
    }

    private void run()
    {
        do
        {
            peak = peak.max(server.memory());
            LockSupport.parkNanos(INTERVAL_NS);
        }
        while (!isStopped);

        peak = peak.max(server.memory());
    }
}
