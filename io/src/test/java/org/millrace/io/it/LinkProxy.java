package org.millrace.io.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A network between a replica and its primary that can be damaged: cut, cut at a chosen byte, delayed, or half-open,
 * where nothing passes but nobody is told. Two threads a connection.
 */
final class LinkProxy implements AutoCloseable
{
    private static final int CHUNK = 16 * 1024;
    private static final long NAP_NS = 1_000_000;
    private static final int CONNECT_MS = 5_000;

    private final int targetPort;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile boolean isStalled;
    private volatile boolean isRefusing;
    private volatile boolean isClosed;
    private volatile long delayNs;
    private volatile long bytesToCut = Long.MAX_VALUE;
    private volatile long bytesToStall = Long.MAX_VALUE;
    private volatile int connections;

    LinkProxy(final int targetPort)
    {
        this.targetPort = targetPort;
        try
        {
            listener = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }

        thread(this::accept, "link-proxy-accept");
    }

    int port()
    {
        return listener.getLocalPort();
    }

    /** Connections that got through so far. */
    int connections()
    {
        return connections;
    }

    /** Close what is open; new connections get through. */
    void cut()
    {
        sockets.forEach(LinkProxy::closeQuietly);
    }

    /** Close what is open as soon as so many bytes more have gone to the replica; once. */
    void cutAfter(final long bytes)
    {
        bytesToCut = bytes;
    }

    /** True until the cut that {@link #cutAfter} asked for has happened. */
    boolean isCutPending()
    {
        return Long.MAX_VALUE != bytesToCut;
    }

    /** Half-open: connections stay, nothing passes. */
    void stall(final boolean isStalled)
    {
        this.isStalled = isStalled;
    }

    /** Half-open as soon as so many bytes more have gone to the replica. */
    void stallAfter(final long bytes)
    {
        bytesToStall = bytes;
    }

    /** Close new connections at once. */
    void refuse(final boolean isRefusing)
    {
        this.isRefusing = isRefusing;
    }

    /** Hold each piece on its way to the replica for so long. */
    void delay(final long milliseconds)
    {
        delayNs = milliseconds * 1_000_000;
    }

    private void accept()
    {
        while (!isClosed)
        {
            try
            {
                connect(listener.accept());
            }
            catch (final IOException e)
            {
                // The listener was closed, or the target is down: the next one may do.
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
            primary.connect(new InetSocketAddress("127.0.0.1", targetPort), CONNECT_MS);
        }
        catch (final IOException e)
        {
            replica.close();
            throw e;
        }

        replica.setTcpNoDelay(true);
        primary.setTcpNoDelay(true);
        sockets.add(replica);
        sockets.add(primary);
        connections++;
        thread(() -> pump(primary, replica, true), "link-proxy-down");
        thread(() -> pump(replica, primary, false), "link-proxy-up");
    }

    private void pump(final Socket from, final Socket to, final boolean isDown)
    {
        final byte[] chunk = new byte[CHUNK];
        try
        {
            final InputStream in = from.getInputStream();
            final OutputStream out = to.getOutputStream();
            int length = in.read(chunk);
            while (length >= 0)
            {
                hold(from, isDown);
                out.write(chunk, 0, isDown ? pass(length) : length);
                if (isDown && (bytesToStall -= length) < 0)
                {
                    bytesToStall = Long.MAX_VALUE;
                    isStalled = true;
                }

                if (isDown && 0 == bytesToCut)
                {
                    bytesToCut = Long.MAX_VALUE;
                    cut();
                }

                length = in.read(chunk);
            }
        }
        catch (final IOException e)
        {
            // One side is gone, so the other goes too.
            closeQuietly(from);
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
    private synchronized int pass(final int length)
    {
        if (Long.MAX_VALUE == bytesToCut)
        {
            return length;
        }

        final int passed = (int)Math.min(length, bytesToCut);
        bytesToCut -= passed;
        return passed;
    }

    private static void thread(final Runnable task, final String name)
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
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException
    {
        isClosed = true;
        listener.close();
        cut();
    }
}
