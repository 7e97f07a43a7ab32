package org.millrace.kit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP relay on loopback that stands for the network between a replica, which connects to it, and its primary. It can
 * be damaged: cut, at once or at a chosen byte, closed for whoever comes, slow, or half-open, where nothing passes but
 * nobody is told. Starts a thread that accepts, and two per connection. Thread-safe.
 */
public final class LinkProxy implements AutoCloseable
{
    private static final int BUFFER_LENGTH = 64 * 1024;
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NEVER = Long.MAX_VALUE;

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ServerSocket listener;
    private final int targetPort;
    private volatile boolean isRefusing;
    private volatile boolean isStalled;
    private volatile boolean isClosed;
    private volatile long delayNs;
    private volatile int connections;

    /** Bytes to the replica until something happens; changed by threads that hold the lock. */
    private volatile long bytesToCut = NEVER;
    private volatile long bytesToStall = NEVER;

    private LinkProxy(final ServerSocket listener, final int targetPort)
    {
        this.listener = listener;
        this.targetPort = targetPort;
    }

    /**
     * Opens a relay to a loopback port.
     */
    public static LinkProxy open(final int targetPort) throws IOException
    {
        final LinkProxy proxy = new LinkProxy(
            new ServerSocket(0, 64, InetAddress.getLoopbackAddress()),
            targetPort);
        start("link-proxy-accept", proxy::acceptAll);
        return proxy;
    }

    /**
     * Port to connect to instead of the target's.
     */
    public int port()
    {
        return listener.getLocalPort();
    }

    /** Connections that got through so far. */
    public int connections()
    {
        return connections;
    }

    /**
     * Breaks all connections at whatever byte they are; new ones get through.
     */
    public void cut()
    {
        // Who comes back while the others are being closed is not meant.
        List.copyOf(sockets).forEach(LinkProxy::closeQuietly);
    }

    /**
     * Breaks all connections as soon as so many bytes more have gone to the replica; once.
     */
    public synchronized void cutAfter(final long bytes)
    {
        bytesToCut = bytes;
    }

    /** True until the cut that {@link #cutAfter} asked for has happened. */
    public boolean isCutPending()
    {
        return NEVER != bytesToCut;
    }

    /** From now on closes new connections at once, or lets them through again. */
    public void refuse(final boolean isToRefuse)
    {
        isRefusing = isToRefuse;
    }

    /** Half-open from now on, or no longer: connections stay, nothing passes. */
    public void stall(final boolean isToStall)
    {
        isStalled = isToStall;
    }

    /** Half-open as soon as so many bytes more have gone to the replica; once. */
    public synchronized void stallAfter(final long bytes)
    {
        bytesToStall = bytes;
    }

    /** Holds each piece on its way to the replica for so long. */
    public void delay(final long timeMs)
    {
        delayNs = TimeUnit.MILLISECONDS.toNanos(timeMs);
    }

    /** {@inheritDoc} */
    @Override
    public void close() throws IOException
    {
        isClosed = true;
        listener.close();
        cut();
    }

    private void acceptAll()
    {
        while (!isClosed)
        {
            try
            {
                connect(listener.accept());
            }
            catch (final IOException ignored)
            {
                // Closed, or the target is not there: the replica sees its connection end and tries again.
                continue;
            }
        }
    }

    private void connect(final Socket replica) throws IOException
    {
        if (isRefusing)
        {
            replica.close();
            return;
        }

        final Socket primary = new Socket();
        try
        {
            primary.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), CONNECT_TIMEOUT_MS);
            primary.setTcpNoDelay(true);
            replica.setTcpNoDelay(true);
        }
        catch (final IOException ex)
        {
            replica.close();
            primary.close();
            throw ex;
        }

        sockets.add(replica);
        sockets.add(primary);
        connections++;
        if (isRefusing)
        {
            // It came while the link was being cut.
            cut();
        }

        start("link-proxy-down", () -> pump(primary, replica, true));
        start("link-proxy-up", () -> pump(replica, primary, false));
    }

    private void pump(final Socket from, final Socket to, final boolean isDown)
    {
        final byte[] buffer = new byte[BUFFER_LENGTH];
        try
        {
            final InputStream input = from.getInputStream();
            final OutputStream output = to.getOutputStream();
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer))
            {
                hold(from, isDown);
                output.write(buffer, 0, isDown ? pass(count) : count);
                if (isDown)
                {
                    passed(count);
                }
            }
        }
        catch (final IOException ignored)
        {
            // A broken connection is this class's business.
        }
        finally
        {
            closeQuietly(from);
            closeQuietly(to);
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void hold(final Socket from, final boolean isDown)
    {
        if (isDown && delayNs > 0)
        {
            LockSupport.parkNanos(delayNs);
        }

        while (isStalled && !isClosed && !from.isClosed())
        {
            LockSupport.parkNanos(NAP_NS);
        }
    }

    /** How many of these bytes may pass before the cut. */
    private int pass(final int count)
    {
        if (NEVER == bytesToCut)
        {
            return count;
        }

        synchronized (this)
        {
            final int allowed = (int)Math.min(count, bytesToCut);
            bytesToCut -= NEVER == bytesToCut ? 0 : allowed;
            return allowed;
        }
    }

    /** Does what was to be done once so many bytes more have passed. */
    private void passed(final int count)
    {
        if (NEVER == bytesToCut && NEVER == bytesToStall)
        {
            return;
        }

        synchronized (this)
        {
            if (NEVER != bytesToStall && (bytesToStall -= count) < 0)
            {
                bytesToStall = NEVER;
                isStalled = true;
            }

            if (0 == bytesToCut)
            {
                bytesToCut = NEVER;
                cut();
            }
        }
    }

    private static void start(final String name, final Runnable task)
    {
        final Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(final Socket socket)
    {
        try
        {
            socket.close();
        }
        catch (final IOException ignored)
        {
            return;
        }
    }
}
