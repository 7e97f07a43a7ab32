package org.millrace.io.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.millrace.engine.transport.Connection;

/** Accepts connections on one address and hands them on, a bounded number a turn. */
public final class Listener implements AutoCloseable
{
    /** As many as Redis takes in one turn of its loop. */
    private static final int ACCEPTS_PER_TURN = 1000;

    private final NioReactor reactor;
    private final ServerSocketChannel server;
    private final Consumer<Connection> onAccept;
    private final Consumer<IOException> onError;
    private final boolean isRegistering;
    private Path unixPath;

    private Listener(
        final NioReactor reactor,
        final ServerSocketChannel server,
        final Consumer<Connection> onAccept,
        final Consumer<IOException> onError,
        final boolean isRegistering) throws IOException
    {
        this.isRegistering = isRegistering;
        this.reactor = reactor;
        this.server = server;
        this.onAccept = onAccept;
        this.onError = onError;
        server.configureBlocking(false);
        server.register(reactor.selector(), SelectionKey.OP_ACCEPT, this);
    }

    /**
     * Listen on a TCP port.
     *
     * @param port 0 for any free one, see {@link #port()}.
     * @param isRegistering whether connections are registered with the reactor; false if another gets them.
     * @throws IOException the address is taken or not ours; the message says so.
     */
    public static Listener tcp(
        final NioReactor reactor,
        final InetAddress host,
        final int port,
        final int backlog,
        final Consumer<Connection> onAccept,
        final Consumer<IOException> onError,
        final boolean isRegistering) throws IOException
    {
        final ServerSocketChannel server = ServerSocketChannel.open();
        try
        {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(host, port), backlog);
            return new Listener(reactor, server, onAccept, onError, isRegistering);
        }
        catch (final IOException e)
        {
            server.close();
            throw e;
        }
    }

    /** Listen on a Unix socket; a file that is left over at the path is replaced. */
    public static Listener unix(
        final NioReactor reactor,
        final Path path,
        final int backlog,
        final Consumer<Connection> onAccept,
        final Consumer<IOException> onError,
        final boolean isRegistering) throws IOException
    {
        Files.deleteIfExists(path);
        final ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try
        {
            server.bind(UnixDomainSocketAddress.of(path), backlog);
            final Listener listener = new Listener(reactor, server, onAccept, onError, isRegistering);
            listener.unixPath = path;
            return listener;
        }
        catch (final IOException e)
        {
            server.close();
            throw e;
        }
    }

    /** The port that was bound; 0 for a Unix socket. */
    public int port()
    {
        return null == unixPath ? server.socket().getLocalPort() : 0;
    }

    void accept()
    {
        try
        {
            for (int i = 0; i < ACCEPTS_PER_TURN; i++)
            {
                final SocketChannel channel = server.accept();
                if (null == channel)
                {
                    return;
                }

                channel.configureBlocking(false);
                final NioConnection connection = new NioConnection(channel);
                onAccept.accept(connection);
                // If it is not registered here it is another thread's by now.
                if (isRegistering && connection.isOpen())
                {
                    reactor.register(connection);
                }
            }
        }
        catch (final IOException e)
        {
            onError.accept(e);
        }
    }

    @Override
    public void close()
    {
        try
        {
            server.close();
            if (null != unixPath)
            {
                Files.deleteIfExists(unixPath);
            }
        }
        catch (final IOException e)
        {
            onError.accept(e);
        }
    }
}
