package org.millrace.io.runtime;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigException;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.node.Node;
import org.millrace.engine.transport.Connection;
import org.millrace.io.file.HostFiles;
import org.millrace.io.host.OpenFiles;
import org.millrace.io.net.Acceptor;
import org.millrace.io.net.NioReactor;
import org.millrace.io.net.ServerSockets;

/** What a node listens on, as its configuration says. Before the writer starts, or on its thread. */
final class Listeners implements AutoCloseable
{
    private static final int ANY_PORT = -1;

    private final Config config;
    private final EventLog log;
    private final ServerSockets sockets;

    /** @param isRegistering whether connections are registered with the reactor; false if reader threads get them. */
    Listeners(
        final Config config,
        final EventLog log,
        final NioReactor reactor,
        final Node node,
        final boolean isRegistering)
    {
        this.config = config;
        this.log = log;
        sockets = new ServerSockets(reactor, new NodeAcceptor(node), log, isRegistering);
    }

    /**
     * Listen; from then on CONFIG SET may change addresses and port.
     *
     * @return false if an address is taken; the log says which.
     */
    boolean open()
    {
        return open(config.integer(ConfigOption.PORT));
    }

    /** As {@link #open}, on a port that is free, which the configuration says from then on. */
    boolean openAnywhere()
    {
        return open(ANY_PORT);
    }

    private boolean open(final int port)
    {
        final String unixPath = config.text(ConfigOption.UNIXSOCKET);
        final OpenFiles openFiles = OpenFiles.ofProcess();
        if ((0 != port || !unixPath.isEmpty()) && !openFiles.adjust(config, log))
        {
            return false;
        }

        if (0 != port && !openTcp(port))
        {
            log.warning("Failed listening on port " + Math.max(0, port) + " (TCP), aborting.");
            return false;
        }

        config.listen(
            ConfigOption.MAXCLIENTS,
            (c, option) -> openFiles.refusal(c));
        config.listen(
            ConfigOption.BIND,
            (c, option) -> reopen() ? null : "Failed to bind to specified addresses.");
        config.listen(
            ConfigOption.PORT,
            (c, option) -> reopen() ? null : "Unable to listen on this port. Check server logs.");
        return unixPath.isEmpty() || openUnix(unixPath);
    }

    private boolean openTcp(final int port)
    {
        if (ANY_PORT != port)
        {
            return sockets.openTcp(config.addresses(), port, backlog());
        }

        if (!sockets.openTcp(config.addresses(), 0, backlog()))
        {
            return false;
        }

        try
        {
            config.load(ConfigOption.PORT, List.of(Integer.toString(sockets.port())));
            return true;
        }
        catch (final ConfigException e)
        {
            throw new IllegalStateException("a port that was bound is refused: " + sockets.port(), e);
        }
    }

    private boolean openUnix(final String unixPath)
    {
        final Path path;
        try
        {
            path = HostFiles.path(config.path(unixPath));
        }
        catch (final InvalidPathException e)
        {
            log.warning("Failed opening Unix socket: bind: No such file or directory");
            return false;
        }

        return sockets.openUnix(path, unixPath, config.integer(ConfigOption.UNIXSOCKETPERM), backlog());
    }

    private boolean reopen()
    {
        return sockets.reopenTcp(config.addresses(), config.integer(ConfigOption.PORT), backlog());
    }

    private int backlog()
    {
        return config.integer(ConfigOption.TCP_BACKLOG);
    }

    /** Whether there is any way in for clients. */
    boolean isListening()
    {
        return sockets.isListening();
    }

    /** The TCP port that was bound, 0 if none. */
    int port()
    {
        return sockets.port();
    }

    @Override
    public void close()
    {
        sockets.close();
    }

    /** Hands sockets to the node. */
    private static final class NodeAcceptor implements Acceptor
    {
        private final Node node;

        private NodeAcceptor(final Node node)
        {
            this.node = node;
        }

        @Override
        public void accept(final Connection connection)
        {
            node.accept(connection);
        }

        @Override
        public void refuse(final Connection connection)
        {
            node.refuse(connection);
        }

        @Override
        public void failed(final IOException e)
        {
            // The sockets have logged it; nothing of the node's depends on it.
        }
    }
}
