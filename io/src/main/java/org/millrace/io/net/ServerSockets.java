package org.millrace.io.net;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.transport.Connection;

/**
 * Everything that clients come in by: a socket for each address of {@code bind}, and the Unix socket. Rules and log
 * lines are Redis's. Writer thread, or the starting one before that.
 */
public final class ServerSockets implements AutoCloseable
{
    private static final long ERROR_LOG_NS = TimeUnit.SECONDS.toNanos(1);

    private final NioReactor reactor;
    private final Acceptor acceptor;
    private final EventLog log;
    private final boolean isRegistering;
    private final AcceptReserve reserve = new AcceptReserve();
    private final PortSockets tcp;
    private final PortSockets tls;
    private Listener unix;
    private Path unixPath;
    private long errorNs = System.nanoTime() - ERROR_LOG_NS;

    /**
     * @param acceptor      gets the connections.
     * @param isRegistering whether connections are registered with {@code reactor}; false if another gets them.
     */
    public ServerSockets(
        final NioReactor reactor, final Acceptor acceptor, final EventLog log, final boolean isRegistering)
    {
        this.reactor = reactor;
        this.acceptor = new LoggingAcceptor(acceptor);
        this.log = log;
        this.isRegistering = isRegistering;
        tcp = new PortSockets(reactor, false, this.acceptor, reserve, log, isRegistering);
        tls = new PortSockets(reactor, true, this.acceptor, reserve, log, isRegistering);
    }

    /** Without TLS; as {@link #openTls}. */
    public boolean openTcp(final List<String> addresses, final int port, final int backlog)
    {
        return tcp.open(addresses, port, backlog);
    }

    /**
     * Listen on a port of all addresses, beside what is open already.
     *
     * @param addresses as {@code bind} has them: a star for all of IPv4, {@code ::*} for all of IPv6, a leading minus
     *                  where this machine may lack the address.
     * @param port      0 for any free one, the same for all.
     * @return false if one could not be had: then none of these is open, and the log says which and why.
     */
    public boolean openTls(final List<String> addresses, final int port, final int backlog)
    {
        return tls.open(addresses, port, backlog);
    }

    /** Without TLS; as {@link #reopenTls}. */
    public boolean reopenTcp(final List<String> addresses, final int port, final int backlog)
    {
        return tcp.reopen(addresses, port, backlog);
    }

    /**
     * Listen on other addresses or another port instead. On a new port the new sockets come first, so that a taken one
     * changes nothing; on the same port the old ones have to go first.
     *
     * @return false if they could not be had; then what was open may be closed, and is to be opened again.
     */
    public boolean reopenTls(final List<String> addresses, final int port, final int backlog)
    {
        return tls.reopen(addresses, port, backlog);
    }

    /**
     * Listen on a Unix socket; a file that is left over at the path is replaced.
     *
     * @param shown       the path as clients are told, and as the log says it.
     * @param permissions of the file; 0 leaves them to the umask.
     * @return false if it could not be had; the log says why.
     */
    public boolean openUnix(final Path path, final String shown, final int permissions, final int backlog)
    {
        try
        {
            unix = Listener.unix(reactor, path, shown, permissions, backlog, acceptor, reserve, isRegistering);
            unixPath = path;
            return true;
        }
        catch (final IOException | UnsupportedOperationException e)
        {
            log.warning("Failed opening Unix socket: " + e.getMessage());
            return false;
        }
    }

    /** The TCP port that is listened on without TLS, 0 if none. */
    public int port()
    {
        return tcp.port();
    }

    /** The one with TLS, 0 if none. */
    public int tlsPort()
    {
        return tls.port();
    }

    /** Whether there is any way in. */
    public boolean isListening()
    {
        return tcp.isOpen() || tls.isOpen() || null != unix;
    }

    @Override
    public void close()
    {
        tcp.close();
        tls.close();
        reserve.close();
        if (null != unix)
        {
            unix.close();
            unix = null;
            try
            {
                UnixSocketFile.delete(unixPath);
                log.notice("Removing the unix socket file.");
            }
            catch (final IOException e)
            {
                log.warning("Error removing unix socket file: " + e.getMessage());
            }
        }
    }

    /** What cannot be accepted is said once a second: there may be thousands. */
    private final class LoggingAcceptor implements Acceptor
    {
        private final Acceptor next;

        private LoggingAcceptor(final Acceptor next)
        {
            this.next = next;
        }

        @Override
        public void accept(final Connection connection)
        {
            next.accept(connection);
        }

        @Override
        public void refuse(final Connection connection)
        {
            next.refuse(connection);
        }

        @Override
        public boolean hasRoom(final int others)
        {
            return next.hasRoom(others);
        }

        @Override
        public void failed(final Connection connection, final IOException reason)
        {
            next.failed(connection, reason);
            warn("Error accepting a client connection: " + reason.getMessage() + " (addr=" +
                connection.peerAddress() + " laddr=" + connection.localAddress() + ")");
        }

        @Override
        public void failed(final IOException e)
        {
            next.failed(e);
            warn("Accepting client connection: " + e.getMessage());
        }

        private void warn(final String line)
        {
            final long nowNs = System.nanoTime();
            if (nowNs - errorNs >= ERROR_LOG_NS)
            {
                errorNs = nowNs;
                log.warning(line);
            }
        }
    }
}
