package org.millrace.bench.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A primary that gives one draining replica so many bytes out of one buffer, with plain writes and nothing else to do:
 * how fast a snapshot could go out over loopback at all. On a thread of its own until it is closed.
 */
public final class PlainPrimary implements AutoCloseable
{
    private static final int CHUNK_LENGTH = 256 * 1024;
    private static final String REPLID = "6d696c6c72616365000000000000000000000002";

    private final ServerSocketChannel listener;
    private final long length;
    private final Thread thread = new Thread(this::run, "plain-primary");

    private PlainPrimary(final ServerSocketChannel listener, final long length)
    {
        this.listener = listener;
        this.length = length;
        thread.setDaemon(true);
    }

    /**
     * Opens a loopback port.
     *
     * @param length bytes of the snapshot that is no snapshot.
     */
    public static PlainPrimary open(final long length) throws IOException
    {
        final ServerSocketChannel listener = ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        final PlainPrimary primary = new PlainPrimary(listener, length);
        primary.thread.start();
        return primary;
    }

    /**
     * Time in seconds that one draining replica took for that many bytes.
     */
    public static double seconds(final DrainFleet fleet, final long length, final long timeoutMs) throws IOException
    {
        try (
            PlainPrimary primary = open(length);
            DrainFleet.Group group = fleet.attach("127.0.0.1", primary.port(), 1, DrainRig.UNLIMITED))
        {
            final DrainStatus status = group.awaitSynced(timeoutMs);
            return (status.lastSyncedNs() - status.startNs()) / 1e9;
        }
    }

    /** Port it listens on. */
    public int port() throws IOException
    {
        return ((InetSocketAddress)listener.getLocalAddress()).getPort();
    }

    /** {@inheritDoc} */
    @Override
    public void close() throws IOException
    {
        listener.close();
        try
        {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void run()
    {
        try (SocketChannel channel = listener.accept())
        {
            final ByteBuffer input = ByteBuffer.allocate(CHUNK_LENGTH);
            // Two commands come, one after the other: the capabilities and the request.
            read(channel, input);
            write(channel, "+OK\r\n");
            read(channel, input);
            write(channel, "+FULLRESYNC " + REPLID + " 0\r\n$" + length + "\r\n");
            final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_LENGTH);
            for (long sent = 0; sent < length; sent += chunk.limit())
            {
                chunk.clear().limit((int)Math.min(CHUNK_LENGTH, length - sent));
                while (chunk.hasRemaining())
                {
                    channel.write(chunk);
                }
            }

            // Until the replica hangs up.
            while (read(channel, input))
            {
                continue;
            }
        }
        catch (final IOException ignored)
        {
            // Closed from outside; whoever waits for the replica is told by it.
            return;
        }
    }

    private static boolean read(final SocketChannel channel, final ByteBuffer input) throws IOException
    {
        return channel.read(input.clear()) >= 0;
    }

    private static void write(final SocketChannel channel, final String text) throws IOException
    {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
