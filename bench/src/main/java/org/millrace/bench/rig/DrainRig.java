package org.millrace.bench.rig;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Replicas of our own that take a full resync, throw the bytes away and acknowledge the stream: the cheapest replica
 * there can be, so that what is measured is the primary. Starts one thread that serves them all.
 */
public final class DrainRig implements AutoCloseable
{
    private static final int INPUT_LENGTH = 512 * 1024;
    private static final int RECEIVE_BUFFER_LENGTH = 1024 * 1024;
    private static final long ACK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<DrainReplica> replicas = new ArrayList<>();
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_LENGTH);
    /** Held, since a fresh method reference would be an allocation per call. */
    private final Consumer<SelectionKey> readyConsumer = this::onReadable;
    private final Selector selector;
    private final CountDownLatch synced;
    private final Thread thread = new Thread(this::serve, "drain-rig");
    private volatile boolean isClosed;
    private volatile String failure;

    private DrainRig(final Selector selector, final int count)
    {
        this.selector = selector;
        synced = new CountDownLatch(count);
        thread.setDaemon(true);
    }

    /**
     * Connects {@code count} replicas; each asks for a full resync. Returns without waiting for it.
     */
    public static DrainRig open(final String host, final int port, final int count) throws IOException
    {
        final DrainRig rig = new DrainRig(Selector.open(), count);
        try
        {
            for (int i = 0; i < count; i++)
            {
                final SocketChannel channel = SocketChannel.open();
                channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_LENGTH);
                channel.connect(new InetSocketAddress(host, port));
                channel.configureBlocking(false);
                final DrainReplica replica = new DrainReplica(channel);
                channel.register(rig.selector, SelectionKey.OP_READ, replica);
                rig.replicas.add(replica);
            }
        }
        catch (final IOException ex)
        {
            rig.close();
            throw ex;
        }

        rig.thread.start();
        return rig;
    }

    /**
     * Waits until every replica has its snapshot.
     *
     * @throws IOException if one was disconnected or refused, or the time is over.
     */
    public void awaitSynced(final long timeoutMs) throws IOException
    {
        try
        {
            if (!synced.await(timeoutMs, TimeUnit.MILLISECONDS))
            {
                throw new IOException("replicas were not in sync within " + timeoutMs + " ms: " + states());
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", ex);
        }

        if (null != failure)
        {
            throw new IOException("a replica failed: " + failure);
        }
    }

    /** True once every replica has its snapshot, or one has failed: then {@link #awaitSynced} says so. */
    public boolean isSynced()
    {
        return 0 == synced.getCount();
    }

    /** Snapshot bytes received by all together. Exact after {@link #awaitSynced}. */
    public long payloadBytes()
    {
        return replicas.stream().mapToLong(DrainReplica::payloadBytes).sum();
    }

    /** Time when the last replica had its whole snapshot, as of {@code System.nanoTime()}. */
    public long lastSyncedNs()
    {
        return replicas.stream().mapToLong(DrainReplica::syncedNs).max().orElse(0);
    }

    /** Smallest replication offset that any of them has received; read while the stream flows it is a moment old. */
    public long smallestOffset()
    {
        return replicas.stream().mapToLong(DrainReplica::streamOffset).min().orElse(0);
    }

    /** Text of what went wrong, or null. */
    public String failure()
    {
        return failure;
    }

    /** {@inheritDoc} */
    @Override
    public void close() throws IOException
    {
        isClosed = true;
        selector.wakeup();
        try
        {
            thread.join();
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }

        for (final DrainReplica replica : replicas)
        {
            replica.channel().close();
        }

        selector.close();
    }

    private void serve()
    {
        long nextAckNs = System.nanoTime() + ACK_INTERVAL_NS;
        try
        {
            while (!isClosed)
            {
                selector.select(readyConsumer, 100);
                final long nowNs = System.nanoTime();
                if (nowNs - nextAckNs >= 0)
                {
                    nextAckNs = nowNs + ACK_INTERVAL_NS;
                    for (final DrainReplica replica : replicas)
                    {
                        replica.acknowledge();
                    }
                }
            }
        }
        catch (final IOException ex)
        {
            fail(ex.getMessage());
        }
    }

    private void onReadable(final SelectionKey key)
    {
        final DrainReplica replica = (DrainReplica)key.attachment();
        final boolean wasSynced = replica.isSynced();
        try
        {
            input.clear();
            if (replica.channel().read(input) < 0)
            {
                throw new IOException("closed by the primary " + replica.describe());
            }

            input.flip();
            replica.onBytes(input, System.nanoTime());
            if (!wasSynced && replica.isSynced())
            {
                synced.countDown();
            }
        }
        catch (final IOException ex)
        {
            key.cancel();
            fail(ex.getMessage());
        }
    }

    private void fail(final String text)
    {
        if (!isClosed)
        {
            failure = text;
            while (synced.getCount() > 0)
            {
                synced.countDown();
            }
        }
    }

    private String states()
    {
        final StringBuilder text = new StringBuilder();
        replicas.forEach((replica) -> text.append(replica.describe()).append("; "));
        return text.toString();
    }
}
