package org.millrace.io.net;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    /** There if the kernel knows IPv6, be it without any address. */
    private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");

    private final NioReactor reactor;
    private final Acceptor acceptor;
    private final EventLog log;
    private final boolean isRegistering;
    private final AcceptReserve reserve = new AcceptReserve();
    private final List<Listener> tcp = new ArrayList<>();
    private List<String> tcpAddresses = List.of();
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
    }

    /**
     * Listen on a port of all addresses, beside what is open already.
     *
     * @param addresses as {@code bind} has them: a star for all of IPv4, {@code ::*} for all of IPv6, a leading minus
     *                  where this machine may lack the address.
     * @param port      0 for any free one, the same for all.
     * @return false if one could not be had: then none of these is open, and the log says which and why.
     */
    public boolean openTcp(final List<String> addresses, final int port, final int backlog)
    {
        final List<Listener> opened = new ArrayList<>();
        int shared = port;
        for (final String each : addresses)
        {
            final boolean isOptional = each.startsWith("-");
            final String address = isOptional ? each.substring(1) : each;
            try
            {
                opened.add(
                    Listener.tcp(reactor, resolve(address), shared, backlog, acceptor, reserve, isRegistering));
                shared = opened.get(0).port();
            }
            catch (final UnsupportedOperationException e)
            {
                // This machine has only one of the two protocols: Redis goes on, whether the address is optional or not.
                // Where only the JVM thinks so, since no interface has such an address, the kernel would refuse this one.
                final boolean isLacking = isSpecificIpv6(address) && Files.exists(IPV6_ADDRESSES);
                logFailure(address, port, isLacking ? new BindException("Cannot assign requested address") : e);
                if (isLacking && !isOptional)
                {
                    opened.forEach(Listener::close);
                    return false;
                }
            }
            catch (final IOException e)
            {
                logFailure(address, port, e);
                if (!isOptional || !isNotHere(address, e))
                {
                    opened.forEach(Listener::close);
                    return false;
                }
            }
        }

        tcp.addAll(opened);
        tcpAddresses = List.copyOf(addresses);
        return true;
    }

    private void logFailure(final String address, final int port, final Exception e)
    {
        log.warning("Warning: Could not create server TCP listening socket " + address + ":" + port + ": " +
            (e instanceof BindException ? "bind: " : "") + e.getMessage());
    }

    private static boolean isSpecificIpv6(final String address)
    {
        return address.indexOf(':') >= 0 && !"::".equals(address) && !"::*".equals(address);
    }

    private static InetAddress resolve(final String address) throws IOException
    {
        final boolean isIpv6 = address.indexOf(':') >= 0;
        final String host = "*".equals(address) ? "0.0.0.0" : "::*".equals(address) ? "::" : address;
        try
        {
            for (final InetAddress each : InetAddress.getAllByName(host))
            {
                if (isIpv6 ? each instanceof Inet6Address : each instanceof Inet4Address)
                {
                    return each;
                }
            }
        }
        catch (final UnknownHostException e)
        {
            throw new SocketException("Name or service not known");
        }

        throw new SocketException("Address family for hostname not supported");
    }

    /** Whether the kernel refused because no interface has the address; its words may be in any language. */
    private static boolean isNotHere(final String address, final IOException e)
    {
        if (!(e instanceof BindException))
        {
            return false;
        }

        try
        {
            final InetAddress resolved = resolve(address);
            return !resolved.isAnyLocalAddress() && null == NetworkInterface.getByInetAddress(resolved);
        }
        catch (final IOException ignore)
        {
            return false;
        }
    }

    /**
     * Listen on other addresses or another port instead. On a new port the new sockets come first, so that a taken one
     * changes nothing; on the same port the old ones have to go first.
     *
     * @return false if they could not be had; then what was open may be closed, and is to be opened again.
     */
    public boolean reopenTcp(final List<String> addresses, final int port, final int backlog)
    {
        if (port == port() && addresses.equals(tcpAddresses))
        {
            return true;
        }

        final List<Listener> former = List.copyOf(tcp);
        if (!former.isEmpty() && former.get(0).port() == port)
        {
            closeTcp(former);
        }

        final boolean isOpen = 0 == port || openTcp(addresses, port, backlog);
        if (isOpen)
        {
            closeTcp(former);
        }

        return isOpen;
    }

    private void closeTcp(final List<Listener> former)
    {
        former.forEach(Listener::close);
        tcp.removeAll(former);
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

    /** The TCP port that is listened on, 0 if none. */
    public int port()
    {
        return tcp.isEmpty() ? 0 : tcp.get(0).port();
    }

    /** Whether there is any way in. */
    public boolean isListening()
    {
        return !tcp.isEmpty() || null != unix;
    }

    @Override
    public void close()
    {
        closeTcp(List.copyOf(tcp));
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
        public void failed(final IOException e)
        {
            final long nowNs = System.nanoTime();
            if (nowNs - errorNs >= ERROR_LOG_NS)
            {
                errorNs = nowNs;
                log.warning("Accepting client connection: " + e.getMessage());
            }
        }
    }
}
