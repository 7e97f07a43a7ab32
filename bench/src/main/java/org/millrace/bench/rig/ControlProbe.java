package org.millrace.bench.rig;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;

/**
 * Asks a process that does nothing but echo, a thousand times a second, and counts each latency from when the question
 * was meant to leave: what anybody on this machine would see at the moment, whatever the server under test does.
 * Starts a thread and the process.
 */
public final class ControlProbe implements AutoCloseable
{
    private static final int RATE = 1_000;
    private static final int MESSAGE_LENGTH = 64;

    private final Servant servant;
    private final SocketChannel channel;
    private final Thread thread = new Thread(this::run, "control-probe");
    private Histogram latencyNs = LoadResult.newHistogram();
    private volatile Windows windows = new Windows();
    private volatile boolean isStopped;

    private ControlProbe(final Servant servant, final SocketChannel channel)
    {
        this.servant = servant;
        this.channel = channel;
        thread.setDaemon(true);
    }

    /**
     * Starts the process and asks from now on; nothing counts before {@link #count}.
     */
    public static ControlProbe start() throws IOException
    {
        final Servant servant = Servant.start(EchoServant.class);
        try
        {
            final int port = Integer.parseInt(servant.answer());
            final SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            final ControlProbe probe = new ControlProbe(servant, channel);
            probe.thread.start();
            return probe;
        }
        catch (final IOException ex)
        {
            servant.close();
            throw ex;
        }
    }

    /**
     * Starts afresh; only questions meant to leave in these spans count.
     */
    public synchronized void count(final Windows spans)
    {
        windows = spans;
        latencyNs = LoadResult.newHistogram();
    }

    /**
     * Latencies that counted since {@link #count}, in nanoseconds.
     */
    public synchronized Histogram latencyNs()
    {
        return latencyNs.copy();
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

        channel.close();
        servant.close();
    }

    private void run()
    {
        final ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_LENGTH);
        final long intervalNs = TimeUnit.SECONDS.toNanos(1) / RATE;
        long intendedNs = System.nanoTime();
        try
        {
            while (!isStopped)
            {
                intendedNs += intervalNs;
                for (long waitNs = intendedNs - System.nanoTime(); waitNs > 0; waitNs = intendedNs - System.nanoTime())
                {
                    LockSupport.parkNanos(waitNs);
                }

                message.clear();
                while (message.hasRemaining())
                {
                    channel.write(message);
                }

                message.clear();
                while (message.hasRemaining())
                {
                    if (channel.read(message) < 0)
                    {
                        return;
                    }
                }

                record(intendedNs, System.nanoTime() - intendedNs);
            }
        }
        catch (final IOException ignored)
        {
            // The process is gone, so nothing more is counted, which shows in the number of values.
            return;
        }
    }

    private synchronized void record(final long intendedNs, final long latency)
    {
        if (windows.contains(intendedNs))
        {
            latencyNs.recordValue(Math.min(LoadResult.LATENCY_NS_MAX, latency));
        }
    }
}
