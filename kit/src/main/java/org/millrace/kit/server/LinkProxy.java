package org.millrace.kit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP relay on loopback that stands for a network link: it can be cut, so that connections break at whatever byte
 * they are at, and mended again. Starts a thread that accepts, and two per connection. Thread-safe.
 */
public final class LinkProxy implements AutoCloseable
{
    private static final int BUFFER_LENGTH = 64 * 1024;
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ServerSocket listener;
    private volatile int targetPort;
    private volatile boolean isCut;
    private volatile boolean isClosed;

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

    /**
     * Where new connections lead from now on.
     */
    public void target(final int port)
    {
        targetPort = port;
    }

    /**
     * Breaks all connections and refuses new ones until {@link #mend()}.
     */
    public void cut()
    {
        isCut = true;
        sockets.forEach(LinkProxy::closeQuietly);
        sockets.clear();
    }

    /**
     * Lets new connections through again.
     */
    public void mend()
    {
        isCut = false;
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
                // Closed, or the target is not there: the client sees its connection end and tries again.
                continue;
            }
        }
    }

    private void connect(final Socket near) throws IOException
    {
        if (isCut)
        {
            near.close();
            return;
        }

        final Socket far = new Socket();
        try
        {
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort), CONNECT_TIMEOUT_MS);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
        }
        catch (final IOException ex)
        {
            near.close();
            far.close();
            throw ex;
        }

        sockets.add(near);
        sockets.add(far);
        if (isCut)
        {
            cut();
        }

        start("link-proxy-out", () -> pump(near, far));
        start("link-proxy-in", () -> pump(far, near));
    }

    private void pump(final Socket from, final Socket to)
    {
        final byte[] buffer = new byte[BUFFER_LENGTH];
        try
        {
            final InputStream input = from.getInputStream();
            final OutputStream output = to.getOutputStream();
            for (int count = input.read(buffer); count >= 0; count = input.read(buffer))
            {
                output.write(buffer, 0, count);
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
