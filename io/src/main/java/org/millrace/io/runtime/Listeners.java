package org.millrace.io.runtime;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigException;
import org.millrace.engine.config.ConfigListener;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.node.Node;
import org.millrace.engine.transport.Connection;
import org.millrace.io.file.HostFiles;
import org.millrace.io.host.OpenFiles;
import org.millrace.io.net.Acceptor;
import org.millrace.io.net.NioReactor;
import org.millrace.io.net.ServerSockets;
import org.millrace.io.tls.TlsException;
import org.millrace.io.tls.TlsSetup;

/** What a node listens on, as its configuration says. Before the writer starts, or on its thread. */
final class Listeners implements AutoCloseable
{
    private static final int ANY_PORT = -1;

    private static final String PORT_REFUSAL = "Unable to listen on this port. Check server logs.";
    private static final String TLS_REFUSAL = "Unable to update TLS configuration. Check server logs.";

    /** What a context is made of. */
    private static final ConfigOption[] TLS_OPTIONS = {
        ConfigOption.TLS_REPLICATION,
        ConfigOption.TLS_CLUSTER,
        ConfigOption.TLS_AUTH_CLIENTS,
        ConfigOption.TLS_CERT_FILE,
        ConfigOption.TLS_KEY_FILE,
        ConfigOption.TLS_KEY_FILE_PASS,
        ConfigOption.TLS_CLIENT_CERT_FILE,
        ConfigOption.TLS_CLIENT_KEY_FILE,
        ConfigOption.TLS_CLIENT_KEY_FILE_PASS,
        ConfigOption.TLS_CA_CERT_FILE,
        ConfigOption.TLS_CA_CERT_DIR,
        ConfigOption.TLS_PROTOCOLS,
        ConfigOption.TLS_CIPHERS,
        ConfigOption.TLS_CIPHERSUITES,
        ConfigOption.TLS_PREFER_SERVER_CIPHERS,
        ConfigOption.TLS_SESSION_CACHING,
        ConfigOption.TLS_SESSION_CACHE_SIZE,
        ConfigOption.TLS_SESSION_CACHE_TIMEOUT};

    private final Config config;
    private final EventLog log;
    private final TlsSetup tls;
    private final ServerSockets sockets;

    /** @param isRegistering whether connections are registered with the reactor; false if reader threads get them. */
    Listeners(
        final Config config,
        final EventLog log,
        final TlsSetup tls,
        final NioReactor reactor,
        final Node node,
        final boolean isRegistering)
    {
        this.config = config;
        this.log = log;
        this.tls = tls;
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
        final int tlsPort = config.integer(ConfigOption.TLS_PORT);
        final OpenFiles openFiles = OpenFiles.ofProcess();
        if ((0 != port || 0 != tlsPort || !unixPath.isEmpty()) && !openFiles.adjust(config, log))
        {
            return false;
        }

        if (isTlsUsed() && !configureTls())
        {
            log.warning("Failed to configure TLS. Check logs for more info.");
            return false;
        }

        if (0 != port && !openTcp(port))
        {
            log.warning("Failed listening on port " + Math.max(0, port) + " (TCP), aborting.");
            return false;
        }

        if (0 != tlsPort && !sockets.openTls(config.addresses(), tlsPort, backlog()))
        {
            log.warning("Failed listening on port " + tlsPort + " (TLS), aborting.");
            return false;
        }

        listen(openFiles);
        return unixPath.isEmpty() || openUnix(unixPath);
    }

    /** To CONFIG SET, from now on. */
    private void listen(final OpenFiles openFiles)
    {
        config.listen(ConfigOption.MAXCLIENTS, (c, option) -> openFiles.refusal(c));
        config.listen(
            ConfigOption.BIND,
            (c, option) -> reopenTcp() && reopenTls() ? null : "Failed to bind to specified addresses.");
        config.listen(
            ConfigOption.PORT,
            (c, option) -> reopenTcp() ? null : PORT_REFUSAL);
        // The same for all, so that a call of CONFIG SET that changes several brings one change.
        final ConfigListener tlsListener = (c, option) -> !isTlsUsed() || configureTls() ? null : TLS_REFUSAL;
        for (final ConfigOption option : TLS_OPTIONS)
        {
            config.listen(option, tlsListener);
        }

        config.listen(ConfigOption.TLS_PORT, (c, option) ->
        {
            if (!tls.isConfigured() && !configureTls())
            {
                return TLS_REFUSAL;
            }

            return reopenTls() ? null : PORT_REFUSAL;
        });
    }

    private boolean isTlsUsed()
    {
        return config.is(ConfigOption.TLS_PORT) || isTlsClient();
    }

    /** Of a primary, or of servers that keys are sent to. */
    private boolean isTlsClient()
    {
        return config.is(ConfigOption.TLS_REPLICATION) || config.is(ConfigOption.TLS_CLUSTER);
    }

    private boolean configureTls()
    {
        try
        {
            tls.configure(config, isTlsClient());
            return true;
        }
        catch (final TlsException e)
        {
            log.warning(e.getMessage());
            return false;
        }
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

    private boolean reopenTcp()
    {
        return sockets.reopenTcp(config.addresses(), config.integer(ConfigOption.PORT), backlog());
    }

    private boolean reopenTls()
    {
        return sockets.reopenTls(config.addresses(), config.integer(ConfigOption.TLS_PORT), backlog());
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
        public boolean hasRoom(final int others)
        {
            return node.hasRoom(others);
        }

        @Override
        public void failed(final Connection connection, final IOException reason)
        {
            // As below.
        }

        @Override
        public void failed(final IOException e)
        {
            // The sockets have logged it; nothing of the node's depends on it.
        }
    }
}
