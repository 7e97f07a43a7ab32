package org.millrace.io.net;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** Accepts connections on one address and hands them on, a bounded number a turn. */
final class Listener implements AutoCloseable
{
    /** As many as Redis takes in one turn of its loop. */
    private static final int ACCEPTS_PER_TURN = 1000;

    private final NioReactor reactor;
    private final ServerSocketChannel server;
    private final Acceptor acceptor;
    private final AcceptReserve reserve;
    private final boolean isRegistering;
    private final boolean isTls;
    private final String unixPath;
    private final SelectionKey key;

    private Listener(
        final NioReactor reactor,
        final ServerSocketChannel server,
        final String unixPath,
        final boolean isTls,
        final Acceptor acceptor,
        final AcceptReserve reserve,
        final boolean isRegistering) throws IOException
    {
        this.reactor = reactor;
        this.server = server;
        this.unixPath = unixPath;
        this.isTls = isTls;
        this.acceptor = acceptor;
        this.reserve = reserve;
        this.isRegistering = isRegistering;
        server.configureBlocking(false);
        key = server.register(reactor.selector(), SelectionKey.OP_ACCEPT, this);
    }

    /**
     * Listen on a TCP port. An IPv6 address serves IPv6 alone, the wildcard as well.
     *
     * @param port 0 for any free one, see {@link #port()}.
     * @param isTls whether clients have to shake hands first.
     * @param isRegistering whether connections are registered with the reactor; false if another gets them.
     * @throws IOException the address is taken or not ours; the message says so.
     * @throws UnsupportedOperationException this machine or JDK does not have the protocol.
     */
    static Listener tcp(
        final NioReactor reactor,
        final InetAddress host,
        final int port,
        final boolean isTls,
        final int backlog,
        final Acceptor acceptor,
        final AcceptReserve reserve,
        final boolean isRegistering) throws IOException
    {
        final boolean isIpv6 = host instanceof Inet6Address;
        final ServerSocketChannel server = ServerSocketChannel.open(
            isIpv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try
        {
            if (isIpv6)
            {
                SocketInternals.onlyIpv6(server);
            }

            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(host, port), backlog);
            return new Listener(reactor, server, null, isTls, acceptor, reserve, isRegistering);
        }
        catch (final IOException | RuntimeException e)
        {
            server.close();
            throw e;
        }
    }

    /**
     * Listen on a Unix socket; a file that is left over at the path is replaced.
     *
     * @param shown the path as clients are told.
     * @param permissions of the file, at no time wider; 0 leaves them to the process's umask.
     */
    static Listener unix(
        final NioReactor reactor,
        final Path path,
        final String shown,
        final int permissions,
        final int backlog,
        final Acceptor acceptor,
        final AcceptReserve reserve,
        final boolean isRegistering) throws IOException
    {
        final ServerSocketChannel server = UnixSocketFile.bind(path, shown, permissions, backlog);
        try
        {
            return new Listener(reactor, server, shown, false, acceptor, reserve, isRegistering);
        }
        catch (final IOException | RuntimeException e)
        {
            server.close();
            throw e;
        }
    }

    /** The port that was bound; 0 for a Unix socket. */
    int port()
    {
        return null == unixPath ? server.socket().getLocalPort() : 0;
    }

    void accept()
    {
        for (int i = 0; i < ACCEPTS_PER_TURN; i++)
        {
            try
            {
                final SocketChannel channel = server.accept();
                if (null == channel)
                {
                    return;
                }

                take(channel);
            }
            catch (final IOException e)
            {
                final int outcome = reserve.refuseNext(server, this::connection, acceptor);
                if (AcceptReserve.REFUSED == outcome)
                {
                    acceptor.failed(e);
                    continue;
                }

                if (AcceptReserve.FAILED == outcome)
                {
                    acceptor.failed(e);
                    reactor.pause(this);
                }

                return;
            }
        }
    }

    private NioConnection connection(final SocketChannel channel)
    {
        return isTls ? reactor.acceptedTls(channel) : new NioConnection(channel, unixPath);
    }

    private void take(final SocketChannel channel) throws IOException
    {
        channel.configureBlocking(false);
        final NioConnection connection = connection(channel);
        if (connection instanceof TlsConnection tls)
        {
            shakeHands(tls);
            return;
        }

        acceptor.accept(connection);
        // If it is not registered here it is another thread's by now.
        if (isRegistering && connection.isOpen())
        {
            reactor.register(connection);
        }
    }

    /** Whom there is no room for learns it at once: the handshake is what costs most. */
    private void shakeHands(final TlsConnection connection) throws IOException
    {
        if (!acceptor.hasRoom(reactor.handshakes().count()))
        {
            acceptor.refuse(connection);
            connection.close();
            return;
        }

        // Its messages are short and answer each other.
        connection.noDelay(true);
        reactor.register(connection);
        reactor.handshakes().begin(
            connection, () -> established(connection), (failure) -> acceptor.failed(connection, failure));
    }

    private void established(final TlsConnection connection)
    {
        if (!isRegistering)
        {
            reactor.release(connection);
        }

        acceptor.accept(connection);
    }

    /** No accepts for a while: whoever waits, waits in the kernel. */
    void paused(final boolean isPaused)
    {
        if (key.isValid())
        {
            key.interestOps(isPaused ? 0 : SelectionKey.OP_ACCEPT);
        }
    }

    /** From here on the address is free. */
    @Override
    public void close()
    {
        try
        {
            if (null == unixPath && server.isOpen())
            {
                SocketInternals.stopListening(server);
            }

            server.close();
        }
        catch (final IOException e)
        {
            acceptor.failed(e);
        }
    }
}
