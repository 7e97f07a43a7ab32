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
 * there can be, so that what is measured is the primary. Starts one thread that serves them all. Reads as fast as it
 * can, or at a fixed speed for each replica.
 */
public final class DrainRig implements AutoCloseable
{
    /** Bytes a second that mean: as fast as they come. */
    public static final long UNLIMITED = 0;

    private static final int INPUT_LENGTH = 512 * 1024;
    private static final int RECEIVE_BUFFER_LENGTH = 1024 * 1024;
    /** Small, so that a slow replica is slow for the primary and not only behind the kernel's back. */
    private static final int RECEIVE_BUFFER_LENGTH_SLOW = 64 * 1024;
    private static final int SLOW_READ_LENGTH = 32 * 1024;
    /** Every replica acknowledges once a second, but not all in the same moment. */
    private static final int ACK_SLICES = 20;
    private static final long ACK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1) / ACK_SLICES;
    private static final long SELECT_TIMEOUT_MS = 50;

    private final List<DrainReplica> replicas = new ArrayList<>();
    private final List<SelectionKey> keys = new ArrayList<>();
    private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_LENGTH);
    /** Held, since a fresh method reference would be an allocation per call. */
    private final Consumer<SelectionKey> readyConsumer = this::onReadable;
    private final Selector selector;
    private final CountDownLatch synced;
    private final long bytesPerSecond;
    private final long startNs = System.nanoTime();
    private final Thread thread = new Thread(this::serve, "drain-rig");
    private volatile boolean isClosed;
    private volatile String failure;
    private int ackSlice;

    private DrainRig(final Selector selector, final int count, final long bytesPerSecond)
    {
        this.selector = selector;
        this.bytesPerSecond = bytesPerSecond;
        synced = new CountDownLatch(count);
        thread.setDaemon(true);
    }

    /**
     * Connects {@code count} replicas; each asks for a full resync. Returns without waiting for it.
     */
    public static DrainRig open(final String host, final int port, final int count) throws IOException
    {
        return open(host, port, count, UNLIMITED);
    }

    /**
     * As {@link #open(String, int, int)}, with replicas that each read at most so many bytes a second, or
     * {@link #UNLIMITED}.
     */
    public static DrainRig open(final String host, final int port, final int count, final long bytesPerSecond)
        throws IOException
    {
        final DrainRig rig = new DrainRig(Selector.open(), count, bytesPerSecond);
        try
        {
            for (int i = 0; i < count; i++)
            {
                rig.connect(new InetSocketAddress(host, port));
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

    /** Replicas that have their whole snapshot. */
    public int syncedCount()
    {
        return (int)replicas.stream().filter((replica) -> 0 != replica.syncedNs()).count();
    }

    /** Snapshot bytes received by all together. Exact after {@link #awaitSynced}. */
    public long payloadBytes()
    {
        return replicas.stream().mapToLong(DrainReplica::payloadBytes).sum();
    }

    /** Time when the connecting began, as of {@code System.nanoTime()}. */
    public long startNs()
    {
        return startNs;
    }

    /** Time when the first replica had its whole snapshot, as of {@code System.nanoTime()}; 0 if none has. */
    public long firstSyncedNs()
    {
        return replicas.stream().mapToLong(DrainReplica::syncedNs).filter((timeNs) -> 0 != timeNs).min().orElse(0);
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

    /** Offsets, each once, of the snapshots they were promised: under writes, as many as passes over the data. */
    public long[] snapshotOffsets()
    {
        return replicas.stream().mapToLong(DrainReplica::snapshotOffset)
            .filter((offset) -> DrainReplica.NONE != offset).distinct().toArray();
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

    private void connect(final InetSocketAddress address) throws IOException
    {
        final SocketChannel channel = SocketChannel.open();
        try
        {
            channel.setOption(
                StandardSocketOptions.SO_RCVBUF,
                UNLIMITED == bytesPerSecond ? RECEIVE_BUFFER_LENGTH : RECEIVE_BUFFER_LENGTH_SLOW);
            channel.connect(address);
            channel.configureBlocking(false);
            final DrainReplica replica = new DrainReplica(channel);
            keys.add(channel.register(selector, SelectionKey.OP_READ, replica));
            replicas.add(replica);
        }
        catch (final IOException ex)
        {
            channel.close();
            throw ex;
        }
    }

    private void serve()
    {
        long nextAckNs = System.nanoTime() + ACK_INTERVAL_NS;
        try
        {
            while (!isClosed)
            {
                selector.select(readyConsumer, selectTimeoutMs());
                final long nowNs = System.nanoTime();
                if (UNLIMITED != bytesPerSecond)
                {
                    resume(nowNs);
                }

                if (nowNs - nextAckNs >= 0)
                {
                    nextAckNs = nowNs + ACK_INTERVAL_NS;
                    acknowledge();
                }
            }
        }
        catch (final IOException ex)
        {
            fail(ex.getMessage());
        }
    }

    private long selectTimeoutMs()
    {
        return UNLIMITED == bytesPerSecond ? SELECT_TIMEOUT_MS : 1;
    }

    private void acknowledge() throws IOException
    {
        ackSlice = (ackSlice + 1) % ACK_SLICES;
        for (int i = ackSlice; i < replicas.size(); i += ACK_SLICES)
        {
            // A key that was cancelled belongs to a replica that has failed.
            if (keys.get(i).isValid())
            {
                replicas.get(i).acknowledge();
            }
        }
    }

    /** Slow replicas whose time has come may read again. */
    private void resume(final long nowNs)
    {
        for (final SelectionKey key : keys)
        {
            if (key.isValid() && 0 == key.interestOps() &&
                nowNs - ((DrainReplica)key.attachment()).resumeNs() >= 0)
            {
                key.interestOps(SelectionKey.OP_READ);
            }
        }
    }

    private void onReadable(final SelectionKey key)
    {
        final DrainReplica replica = (DrainReplica)key.attachment();
        final boolean wasSynced = replica.isSynced();
        try
        {
            input.clear();
            if (UNLIMITED != bytesPerSecond)
            {
                input.limit(SLOW_READ_LENGTH);
            }

            final int count = replica.channel().read(input);
            if (count < 0)
            {
                throw new IOException("closed by the primary " + replica.describe());
            }

            input.flip();
            replica.onBytes(input, System.nanoTime());
            if (UNLIMITED != bytesPerSecond)
            {
                slowDown(key, replica, count);
            }

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

    /** The time of the bytes just read counts from when they were allowed, so that the speed holds on average. */
    private void slowDown(final SelectionKey key, final DrainReplica replica, final int count)
    {
        final long nowNs = System.nanoTime();
        final long pauseNs = count * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
        final long lateNs = nowNs - replica.resumeNs();
        final boolean isBehind = 0 != replica.resumeNs() && lateNs > TimeUnit.MILLISECONDS.toNanos(100);
        replica.resumeNs((0 == replica.resumeNs() || isBehind ? nowNs : replica.resumeNs()) + pauseNs);
        if (replica.resumeNs() - nowNs > 0)
        {
            key.interestOps(0);
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
        replicas.stream().limit(10).forEach((replica) -> text.append(replica.describe()).append("; "));
        return text.toString();
    }
}
