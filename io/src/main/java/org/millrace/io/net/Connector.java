package org.millrace.io.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;

/**
 * One connect to a host that may have several addresses: tries them in turn until one answers, and gives up on one that
 * stays silent as long as there is another. Confined to the reactor's thread; ends with the connection's
 * {@code onConnected}, or silently if the connection is closed meanwhile.
 */
final class Connector
{
    /** How long an address may stay silent while others have not been tried. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(3);

    private final NioReactor reactor;
    private final NioConnection connection;
    private final InetAddress[] addresses;
    private final int port;
    private final InetAddress source;
    private int next;

    /** @param source local address, or null for any. */
    Connector(
        final NioReactor reactor,
        final NioConnection connection,
        final InetAddress[] addresses,
        final int port,
        final InetAddress source)
    {
        this.reactor = reactor;
        this.connection = connection;
        this.addresses = addresses;
        this.port = port;
        this.source = source;
    }

    void begin()
    {
        if (connection.isOpen())
        {
            connection.connector(this);
            tryNext(new IOException("no address"));
        }
    }

    /** The address tried last has failed for this reason, or none has been tried. */
    void tryNext(final IOException reason)
    {
        IOException failure = reason;
        while (next < addresses.length)
        {
            final InetAddress address = addresses[next++];
            try
            {
                connect(address);
                return;
            }
            catch (final IOException | RuntimeException e)
            {
                connection.dropChannel();
                failure = e instanceof IOException io ? io : new IOException(e.getMessage(), e);
            }
        }

        connection.connectFailed(failure);
    }

    private void connect(final InetAddress address) throws IOException
    {
        final SocketChannel channel = open(address);
        connection.channel(channel);
        final boolean isDone = channel.connect(new InetSocketAddress(address, port));
        reactor.register(connection);
        if (isDone)
        {
            connection.finishConnect();
        }
        else if (next < addresses.length)
        {
            final int tried = next;
            reactor.after(PATIENCE_NS, () -> giveUp(tried));
        }
    }

    private void giveUp(final int tried)
    {
        if (tried == next && connection.isOpen() && connection.isConnecting())
        {
            connection.dropChannel();
            tryNext(new IOException("Connection timed out"));
        }
    }

    /** A source that does not fit, of the other protocol or gone from this machine, is done without, as in Redis. */
    private SocketChannel open(final InetAddress address) throws IOException
    {
        if (null != source && source.getClass() == address.getClass())
        {
            final SocketChannel bound = SocketChannel.open();
            try
            {
                bound.configureBlocking(false);
                bound.bind(new InetSocketAddress(source, 0));
                return bound;
            }
            catch (final IOException e)
            {
                bound.close();
            }
        }

        final SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        return channel;
    }
}
