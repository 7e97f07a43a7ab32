package org.millrace.bench.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.bench.target.MemorySample;
import org.millrace.bench.target.ProcFs;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.server.ServerProcess;

/**
 * Watches the memory of a server and its forked children on a thread of its own and keeps all samples. Reading the
 * size of a large forked child takes milliseconds in the kernel, so it looks only a few times a second, and at
 * children half as often.
 */
public final class MemorySampler implements AutoCloseable
{
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final List<Sample> samples = new ArrayList<>();
    private final ServerProcess server;
    private final long startNs = System.nanoTime();
    private final Thread thread = new Thread(this::run, "memory-sampler");
    private final ProcFs procFs = ProcFs.ofThisMachine();
    private volatile boolean isStopped;
    private volatile long peakTcpBytes;

    /**
     * One look.
     *
     * @param seconds since the sampler was started.
     * @param memory  of the server and its children.
     */
    public record Sample(double seconds, MemorySample memory)
    {
    }

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

        return samples.stream().map(Sample::memory).reduce(MemorySample.ZERO, MemorySample::max);
    }

    /** All samples in order; after {@link #finish}. */
    public List<Sample> samples()
    {
        return samples;
    }

    /** The sample that had most of {@link MemorySample#own}; after {@link #finish}. */
    public MemorySample peakOwn()
    {
        return samples.stream().map(Sample::memory)
            .reduce(MemorySample.ZERO, (left, right) -> left.own() >= right.own() ? left : right);
    }

    /** Most memory that the TCP sockets of the whole machine had, both ends, in bytes. */
    public long peakTcpBytes()
    {
        return peakTcpBytes;
    }

    /** {@inheritDoc} */
    @Override
    public void close()
    {
        finish();
    }

    private void run()
    {
        MemorySample children = ServerUse.memoryOfChildren(server);
        for (boolean isTurn = false; !isStopped; isTurn = !isTurn)
        {
            add(children);
            LockSupport.parkNanos(INTERVAL_NS);
            children = isTurn ? ServerUse.memoryOfChildren(server) : children;
        }

        add(ServerUse.memoryOfChildren(server));
    }

    private void add(final MemorySample children)
    {
        peakTcpBytes = Math.max(peakTcpBytes, procFs.tcpBytes());
        samples.add(
            new Sample((System.nanoTime() - startNs) / 1e9, ServerUse.memoryOfProcess(server).plus(children)));
    }
}
