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
import org.millrace.engine.counters.EventLog;

/** A listening socket for each address of {@code bind}, all on one port. Writer thread, or the starting one before. */
final class PortSockets implements AutoCloseable
{
    /** There if the kernel knows IPv6, be it without any address. */
    private static final Path IPV6_ADDRESSES = Path.of("/proc/net/if_inet6");

    private final NioReactor reactor;
    private final boolean isTls;
    private final Acceptor acceptor;
    private final AcceptReserve reserve;
    private final EventLog log;
    private final boolean isRegistering;
    private final List<Listener> listeners = new ArrayList<>();
    private List<String> present = List.of();

    PortSockets(
        final NioReactor reactor,
        final boolean isTls,
        final Acceptor acceptor,
        final AcceptReserve reserve,
        final EventLog log,
        final boolean isRegistering)
    {
        this.reactor = reactor;
        this.isTls = isTls;
        this.acceptor = acceptor;
        this.reserve = reserve;
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
    boolean open(final List<String> addresses, final int port, final int backlog)
    {
        final List<Listener> opened = new ArrayList<>();
        int shared = port;
        for (final String each : addresses)
        {
            final boolean isOptional = each.startsWith("-");
            final String address = isOptional ? each.substring(1) : each;
            try
            {
                opened.add(Listener.tcp(
                    reactor, resolve(address), shared, isTls, backlog, acceptor, reserve, isRegistering));
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

        listeners.addAll(opened);
        present = List.copyOf(addresses);
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
    boolean reopen(final List<String> addresses, final int port, final int backlog)
    {
        if (port == port() && addresses.equals(present))
        {
            return true;
        }

        final List<Listener> former = List.copyOf(listeners);
        if (!former.isEmpty() && former.get(0).port() == port)
        {
            close(former);
        }

        final boolean isOpen = 0 == port || open(addresses, port, backlog);
        if (isOpen)
        {
            close(former);
        }

        return isOpen;
    }

    private void close(final List<Listener> former)
    {
        former.forEach(Listener::close);
        listeners.removeAll(former);
    }

    /** The port that is listened on, 0 if none. */
    int port()
    {
        return listeners.isEmpty() ? 0 : listeners.get(0).port();
    }

    boolean isOpen()
    {
        return !listeners.isEmpty();
    }

    @Override
    public void close()
    {
        close(List.copyOf(listeners));
    }
}
