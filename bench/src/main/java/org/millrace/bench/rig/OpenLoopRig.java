package org.millrace.bench.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.HdrHistogram.Histogram;
import org.millrace.kit.resp.ReplyScanner;
import org.millrace.kit.resp.CommandBuffer;
import org.millrace.bench.workload.Workload;

/**
 * An open loop: requests leave at a fixed rate whether or not earlier ones are answered, and each latency counts from
 * the time the request was meant to leave. So a pause of the server shows in every request that fell into it.
 * <p>
 * One selector, on the caller's thread. Owns its connections.
 */
public final class OpenLoopRig implements AutoCloseable
{
    private static final int INPUT_LENGTH = 256 * 1024;
    private static final long IDLE_PARK_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long DRAIN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_LENGTH);
    private final Connection[] connections;
    /** Held, since a fresh method reference would be an allocation per call. */
    private final Consumer<SelectionKey> readyConsumer = this::onReady;
    private final Selector selector;
    private Histogram latencyNs;
    private Histogram sendDelayNs;
    private long[] sliceMaxNs;
    private Windows windows;
    private long startNs;
    private long repliedCount;

    /**
     * What an open loop measured besides.
     *
     * @param load        counts, and latencies of the requests that count.
     * @param sendDelayNs how late the generator itself was in sending: its own noise.
     * @param sliceMaxNs  greatest latency of the requests meant to leave in each tenth of a second, all of
     *                    them.
     */
    public record Result(LoadResult load, Histogram sendDelayNs, long[] sliceMaxNs)
    {
    }

    private OpenLoopRig(final Connection[] connections, final Selector selector)
    {
        this.connections = connections;
        this.selector = selector;
    }

    /**
     * Connects.
     */
    public static OpenLoopRig open(final String host, final int port, final int connectionCount) throws IOException
    {
        final Selector selector = Selector.open();
        final Connection[] connections = new Connection[connectionCount];
        for (int i = 0; i < connectionCount; i++)
        {
            connections[i] = new Connection(selector, host, port);
        }

        return new OpenLoopRig(connections, selector);
    }

    /**
     * Sends at a fixed rate for a time, then waits for the last replies.
     *
     * @throws IOException if a connection breaks, or replies are missing a minute after the end.
     */
    public Result run(final Workload workload, final int ratePerSecond, final long durationNs) throws IOException
    {
        return run(workload, ratePerSecond, durationNs, null, () -> false);
    }

    /**
     * Sends at a fixed rate until told to stop, then waits for the last replies.
     *
     * @param durationNs longest time.
     * @param counted    spans of time in which a request must be meant to leave for its latency to count; null for
     *                   all.
     * @param isDone     says when to stop before the longest time; asked all the time, so it must be cheap.
     * @throws IOException if a connection breaks, or replies are missing a minute after the end.
     */
    public Result run(
        final Workload workload,
        final int ratePerSecond,
        final long durationNs,
        final Windows counted,
        final BooleanSupplier isDone) throws IOException
    {
        windows = counted;
        latencyNs = LoadResult.newHistogram();
        sendDelayNs = LoadResult.newHistogram();
        sliceMaxNs = new long[(int)(durationNs / SLICE_NS) + 1];
        repliedCount = 0;
        final long errorsBefore = errorCount();
        startNs = System.nanoTime();
        long count = ratePerSecond * durationNs / TimeUnit.SECONDS.toNanos(1);
        long sentCount = 0;
        long deadlineNs = 0;
        while (repliedCount < count)
        {
            final long nowNs = System.nanoTime();
            final long before = sentCount + repliedCount;
            if (isDone.getAsBoolean())
            {
                count = sentCount;
            }

            while (sentCount < count && intendedNs(sentCount, ratePerSecond) - nowNs <= 0)
            {
                send(workload, sentCount, intendedNs(sentCount, ratePerSecond));
                sentCount++;
                deadlineNs = nowNs + DRAIN_TIMEOUT_NS;
            }

            selector.selectNow(readyConsumer);
            if (before == sentCount + repliedCount)
            {
                if (sentCount == count && nowNs - deadlineNs > 0)
                {
                    throw new IOException((count - repliedCount) + " replies are missing");
                }

                LockSupport.parkNanos(IDLE_PARK_NS);
            }
        }

        final long elapsedNs = System.nanoTime() - startNs;
        return new Result(
            new LoadResult(repliedCount, errorCount() - errorsBefore, elapsedNs, latencyNs),
            sendDelayNs,
            Arrays.copyOf(sliceMaxNs, (int)Math.min(sliceMaxNs.length, elapsedNs / SLICE_NS + 1)));
    }

    /** {@inheritDoc} */
    @Override
    public void close() throws IOException
    {
        for (final Connection connection : connections)
        {
            connection.channel.close();
        }

        selector.close();
    }

    private long intendedNs(final long index, final int ratePerSecond)
    {
        return startNs + index * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
    }

    private void send(final Workload workload, final long index, final long intendedNs) throws IOException
    {
        final Connection connection = connections[(int)(index % connections.length)];
        workload.append(connection.pending);
        connection.pushIntended(intendedNs);
        connection.flush();
        sendDelayNs.recordValue(Math.min(LoadResult.LATENCY_NS_MAX, System.nanoTime() - intendedNs));
    }

    private void onReady(final SelectionKey key)
    {
        final Connection connection = (Connection)key.attachment();
        try
        {
            if (key.isWritable())
            {
                connection.flush();
            }

            if (key.isReadable())
            {
                read(connection);
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    private void read(final Connection connection) throws IOException
    {
        input.clear();
        if (connection.channel.read(input) < 0)
        {
            throw new IOException("connection closed by the server");
        }

        input.flip();
        final int replies = connection.scanner.scan(input);
        final long nowNs = System.nanoTime();
        for (int i = 0; i < replies; i++)
        {
            final long intendedNs = connection.popIntended();
            final long latency = Math.min(LoadResult.LATENCY_NS_MAX, nowNs - intendedNs);
            if (null == windows || windows.contains(intendedNs))
            {
                latencyNs.recordValue(latency);
            }

            final int slice = (int)((intendedNs - startNs) / SLICE_NS);
            sliceMaxNs[slice] = Math.max(sliceMaxNs[slice], latency);
        }

        repliedCount += replies;
    }

    private long errorCount()
    {
        long sum = 0;
        for (final Connection connection : connections)
        {
            sum += connection.scanner.errorCount();
        }

        return sum;
    }

    /** One connection with the intended send times of the requests that are not answered yet, oldest first. */
    private static final class Connection
    {
        private static final int OUTPUT_LENGTH = 64 * 1024;

        private final ReplyScanner scanner = new ReplyScanner();
        private final CommandBuffer pending = new CommandBuffer();
        private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT_LENGTH).flip();
        private final SocketChannel channel;
        private final SelectionKey key;
        private int pendingOffset;
        private long[] intended = new long[1024];
        private int head;
        private int count;

        Connection(final Selector selector, final String host, final int port) throws IOException
        {
            channel = SocketChannel.open(new InetSocketAddress(host, port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void pushIntended(final long timeNs)
        {
            if (count == intended.length)
            {
                final long[] longer = Arrays.copyOf(intended, 2 * count);
                System.arraycopy(intended, 0, longer, count, head);
                intended = longer;
            }

            intended[(head + count) & (intended.length - 1)] = timeNs;
            count++;
        }

        long popIntended()
        {
            final long timeNs = intended[head];
            head = (head + 1) & (intended.length - 1);
            count--;
            return timeNs;
        }

        void flush() throws IOException
        {
            while (true)
            {
                if (!output.hasRemaining())
                {
                    final int length = Math.min(OUTPUT_LENGTH, pending.length() - pendingOffset);
                    if (0 == length)
                    {
                        pending.clear();
                        pendingOffset = 0;
                        interest(SelectionKey.OP_READ);
                        return;
                    }

                    output.clear().put(pending.array(), pendingOffset, length).flip();
                    pendingOffset += length;
                }

                channel.write(output);
                if (output.hasRemaining())
                {
                    interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    return;
                }
            }
        }

        private void interest(final int wanted)
        {
            if (wanted != key.interestOps())
            {
                key.interestOps(wanted);
            }
        }
    }
}
