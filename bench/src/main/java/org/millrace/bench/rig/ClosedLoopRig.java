package org.millrace.bench.rig;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

import javax.net.ssl.SSLContext;
import org.HdrHistogram.Histogram;
import org.millrace.kit.resp.ReplyScanner;
import org.millrace.kit.resp.CommandBuffer;
import org.millrace.kit.tls.TlsChannel;
import org.millrace.bench.workload.Workload;

/**
 * A closed loop as redis-benchmark runs it: every connection sends a pipeline of requests, waits for all replies, and
 * sends the next. Measures throughput; its latencies are those of a batch, and hide stalls (see {@link OpenLoopRig}).
 * <p>
 * One selector, on the caller's thread; allocates nothing per request. Owns its connections, which stay open between
 * runs.
 */
public final class ClosedLoopRig implements AutoCloseable
{
    private static final int INPUT_LENGTH = 256 * 1024;
    private static final long SELECT_TIMEOUT_MS = 10_000;

    private final List<Connection> connections = new ArrayList<>();
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_LENGTH);
    private final CommandBuffer commands = new CommandBuffer();
    /** Held, since a fresh method reference would be an allocation per call. */
    private final Consumer<SelectionKey> readyConsumer = this::onReady;
    private final Selector selector;
    private final int pipeline;
    private Histogram latencyNs = LoadResult.newHistogram();
    private long endNs;
    private long remainingCount;
    private long completedCount;
    private int busyCount;

    private ClosedLoopRig(final int pipeline) throws IOException
    {
        this.pipeline = pipeline;
        selector = Selector.open();
    }

    /**
     * Connects.
     *
     * @param connectionCount connections to keep busy.
     * @param pipeline        requests in a batch.
     * @param workloads       makes the workload of each connection, by its index.
     */
    public static ClosedLoopRig open(
        final String host,
        final int port,
        final int connectionCount,
        final int pipeline,
        final IntFunction<Workload> workloads) throws IOException
    {
        return open(host, port, null, connectionCount, pipeline, workloads);
    }

    /**
     * As the other, over TLS.
     *
     * @param context null for connections without TLS.
     */
    public static ClosedLoopRig open(
        final String host,
        final int port,
        final SSLContext context,
        final int connectionCount,
        final int pipeline,
        final IntFunction<Workload> workloads) throws IOException
    {
        final ClosedLoopRig rig = new ClosedLoopRig(pipeline);
        try
        {
            for (int i = 0; i < connectionCount; i++)
            {
                rig.connections.add(new Connection(rig.selector, host, port, context, workloads.apply(i)));
            }
        }
        catch (final IOException ex)
        {
            rig.close();
            throw ex;
        }

        return rig;
    }

    /**
     * Encodes so many batches of each connection in advance; they are sent in turn from now on. A generator that shares
     * cores with a server of several threads must not be the larger part of the work.
     */
    public void prepare(final int batchCount)
    {
        for (final Connection connection : connections)
        {
            connection.prepared = new ByteBuffer[batchCount];
            for (int batch = 0; batch < batchCount; batch++)
            {
                commands.clear();
                for (int i = 0; i < pipeline; i++)
                {
                    connection.workload.append(commands);
                }

                connection.prepared[batch] = ByteBuffer.allocateDirect(commands.length());
                connection.prepared[batch].put(commands.array(), 0, commands.length()).flip();
            }
        }
    }

    /**
     * Runs for a time. Requests under way at its end are waited for and counted.
     */
    public LoadResult runFor(final long durationNs) throws IOException
    {
        return run(durationNs, Long.MAX_VALUE);
    }

    /**
     * Runs until {@code requestCount} requests are answered (the last batch may be shorter; not if batches were
     * prepared).
     */
    public LoadResult runCount(final long requestCount) throws IOException
    {
        return run(Long.MAX_VALUE / 2, requestCount);
    }

    /** {@inheritDoc} */
    @Override
    public void close() throws IOException
    {
        for (final Connection connection : connections)
        {
            connection.bytes.close();
        }

        selector.close();
    }

    private LoadResult run(final long durationNs, final long requestCount) throws IOException
    {
        latencyNs = LoadResult.newHistogram();
        completedCount = 0;
        remainingCount = requestCount;
        final long errorsBefore = errorCount();
        final long startNs = System.nanoTime();
        endNs = startNs + durationNs;
        for (final Connection connection : connections)
        {
            sendBatch(connection);
        }

        while (busyCount > 0)
        {
            if (0 == selector.select(readyConsumer, SELECT_TIMEOUT_MS))
            {
                throw new IOException("no reply within " + SELECT_TIMEOUT_MS + " ms");
            }
        }

        return new LoadResult(
            completedCount,
            errorCount() - errorsBefore,
            System.nanoTime() - startNs,
            latencyNs);
    }

    private void onReady(final SelectionKey key)
    {
        final Connection connection = (Connection)key.attachment();
        try
        {
            if (key.isWritable())
            {
                flush(connection);
            }

            if (key.isReadable())
            {
                read(connection);
            }
        }
        catch (final IOException ex)
        {
            throw new java.io.UncheckedIOException(ex);
        }
    }

    private void sendBatch(final Connection connection) throws IOException
    {
        if (remainingCount <= 0)
        {
            return;
        }

        final int batchSize;
        if (null != connection.prepared)
        {
            batchSize = pipeline;
            connection.nextPrepared();
        }
        else
        {
            batchSize = (int)Math.min(pipeline, remainingCount);
            commands.clear();
            for (int i = 0; i < batchSize; i++)
            {
                connection.workload.append(commands);
            }

            connection.load(commands);
        }

        connection.outstanding = batchSize;
        connection.batchSize = batchSize;
        remainingCount -= batchSize;
        busyCount++;
        connection.sentNs = System.nanoTime();
        flush(connection);
    }

    private void flush(final Connection connection) throws IOException
    {
        connection.bytes.write(connection.output);
        final int wanted = connection.output.hasRemaining() || null != connection.tls && !connection.tls.flush()
            ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
            : SelectionKey.OP_READ;
        if (wanted != connection.interest)
        {
            connection.interest = wanted;
            connection.key.interestOps(wanted);
        }
    }

    private void read(final Connection connection) throws IOException
    {
        input.clear();
        if (connection.bytes.read(input) < 0)
        {
            throw new IOException("connection closed by the server");
        }

        input.flip();
        final int replies = connection.scanner.scan(input);
        connection.outstanding -= replies;
        completedCount += replies;
        if (replies > 0 && 0 == connection.outstanding)
        {
            busyCount--;
            final long nowNs = System.nanoTime();
            latencyNs.recordValueWithCount(Math.min(LoadResult.LATENCY_NS_MAX, nowNs - connection.sentNs),
                connection.batchSize);
            if (nowNs - endNs < 0)
            {
                sendBatch(connection);
            }
        }
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

    /** One connection: its socket, its unsent bytes and the replies it is owed. */
    private static final class Connection
    {
        private final ReplyScanner scanner = new ReplyScanner();
        private final ByteChannel bytes;
        /** Null without TLS. */
        private final TlsChannel tls;
        private final SelectionKey key;
        private final Workload workload;
        private ByteBuffer output = ByteBuffer.allocateDirect(4096);
        private ByteBuffer[] prepared;
        private int preparedCount;
        private int interest = SelectionKey.OP_READ;
        private int outstanding;
        private int batchSize;
        private long sentNs;

        Connection(
            final Selector selector,
            final String host,
            final int port,
            final SSLContext context,
            final Workload workload) throws IOException
        {
            this.workload = workload;
            final SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            tls = null == context ? null : TlsChannel.open(channel, context);
            bytes = null == tls ? channel : tls;
            channel.configureBlocking(false);
            key = channel.register(selector, interest, this);
        }

        void nextPrepared()
        {
            output = prepared[preparedCount];
            output.rewind();
            preparedCount = (preparedCount + 1) % prepared.length;
        }

        void load(final CommandBuffer commands)
        {
            if (commands.length() > output.capacity())
            {
                output = ByteBuffer.allocateDirect(2 * commands.length());
            }

            output.clear();
            output.put(commands.array(), 0, commands.length());
            output.flip();
        }
    }
}
