package org.millrace.io.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;

/**
 * A socket registered with a {@link NioReactor}. Confined to the reactor's thread; only writing may be left to another
 * one, as long as the first does not write. Bytes go as they are; a {@link TlsConnection} makes records of them.
 */
class NioConnection implements Connection
{
    /** As many unanswered probes as Redis lets pass. */
    private static final int KEEPALIVE_PROBES = 3;

    private SocketChannel channel;
    private SelectionKey key;
    private ConnectionHandler handler;
    private boolean isWriteWanted;
    private boolean isReadWanted = true;
    private boolean isConnecting;
    private Connector connector;
    /** Volatile: while a reader thread reads, the writer may write, and either may find it broken. */
    private volatile boolean isOpen = true;
    private volatile String failure = "";
    private String peerHost = "";
    private int peerPort;
    private String localHost = "";
    private int localPort;
    private boolean isLoopback;
    private boolean isUnix;

    /** A connection whose channel comes later, when the name is resolved. */
    NioConnection(final ConnectionHandler handler)
    {
        this.handler = handler;
        isConnecting = true;
    }

    /** An accepted channel; {@code unixPath} is that of the socket it came by, null for TCP. */
    NioConnection(final SocketChannel channel, final String unixPath)
    {
        this.channel = channel;
        isUnix = null != unixPath;
        if (isUnix)
        {
            peerHost = unixPath;
            localHost = unixPath;
            isLoopback = true;
        }
        else
        {
            readAddresses();
        }
    }

    void channel(final SocketChannel connectingChannel)
    {
        channel = connectingChannel;
    }

    SocketChannel channel()
    {
        return channel;
    }

    void key(final SelectionKey selectionKey)
    {
        key = selectionKey;
    }

    SelectionKey key()
    {
        return key;
    }

    /** Another reactor has it now; null for none. */
    void reactor(final NioReactor next)
    {
        // The key says whose it is.
    }

    ConnectionHandler handler()
    {
        return handler;
    }

    /** What the selector is to look for. */
    int interestOps()
    {
        if (isConnecting)
        {
            return SelectionKey.OP_CONNECT;
        }

        return (isReadWanted ? SelectionKey.OP_READ : 0) | (isWriteWanted ? SelectionKey.OP_WRITE : 0);
    }

    /** Dispatch one readiness event. */
    void onReady(final int readyOps)
    {
        if (0 != (readyOps & SelectionKey.OP_CONNECT) && isConnecting)
        {
            finishConnect();
            return;
        }

        if (0 != (readyOps & SelectionKey.OP_WRITE) && isOpen && null != handler)
        {
            handler.onWritable();
        }

        if (0 != (readyOps & SelectionKey.OP_READ) && isOpen && isReadWanted && null != handler)
        {
            handler.onReadable();
        }
    }

    /** The address that is tried has answered, for good or bad; a bad answer may leave others to try. */
    void finishConnect()
    {
        try
        {
            channel.finishConnect();
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        catch (final IOException e)
        {
            dropChannel();
            connector.tryNext(e);
            return;
        }

        isConnecting = false;
        connector = null;
        readAddresses();
        connected();
    }

    /** The socket is connected. */
    void connected()
    {
        updateInterest();
        handler.onConnected();
    }

    /** No address has answered, or the name is unknown. A connection that is closed meanwhile does not hear of it. */
    void connectFailed(final IOException e)
    {
        if (isOpen)
        {
            fail(e);
            handler.onConnected();
        }
    }

    /** The address that was tried is given up; another may follow. */
    void dropChannel()
    {
        if (null != key)
        {
            key.cancel();
            key = null;
        }

        if (null != channel)
        {
            try
            {
                channel.close();
            }
            catch (final IOException ignore)
            {
                // It never became a connection.
            }

            channel = null;
        }
    }

    boolean isConnecting()
    {
        return isConnecting;
    }

    /** What looks for an address that answers. */
    void connector(final Connector value)
    {
        connector = value;
    }

    @Override
    public int read(final ByteBuffer target)
    {
        if (!isOpen)
        {
            return CLOSED;
        }

        try
        {
            return channel.read(target);
        }
        catch (final IOException e)
        {
            fail(e);
            return CLOSED;
        }
    }

    @Override
    public int write(final ByteBuffer source)
    {
        if (!isOpen || isConnecting)
        {
            return isOpen ? 0 : CLOSED;
        }

        try
        {
            return channel.write(source);
        }
        catch (final IOException e)
        {
            fail(e);
            return CLOSED;
        }
    }

    @Override
    public void wantWrite(final boolean want)
    {
        if (isWriteWanted != want)
        {
            isWriteWanted = want;
            updateInterest();
        }
    }

    @Override
    public void wantRead(final boolean want)
    {
        if (isReadWanted != want)
        {
            isReadWanted = want;
            updateInterest();
        }
    }

    /** Tell the selector of other {@link #interestOps}. */
    final void updateInterest()
    {
        if (null != key && key.isValid())
        {
            key.interestOps(interestOps());
        }
    }

    @Override
    public void handler(final ConnectionHandler newHandler)
    {
        handler = newHandler;
    }

    final void fail(final IOException e)
    {
        failure = null == e.getMessage() ? e.getClass().getSimpleName() : e.getMessage();
        closeChannel();
    }

    @Override
    public void close()
    {
        closeChannel();
    }

    final void closeChannel()
    {
        isOpen = false;
        if (null != key)
        {
            key.cancel();
        }

        if (null != channel)
        {
            try
            {
                channel.close();
            }
            catch (final IOException e)
            {
                failure = failure.isEmpty() ? String.valueOf(e.getMessage()) : failure;
            }
        }
    }

    @Override
    public boolean isOpen()
    {
        return isOpen;
    }

    @Override
    public String failure()
    {
        return failure;
    }

    @Override
    public String peerHost()
    {
        return peerHost;
    }

    @Override
    public int peerPort()
    {
        return peerPort;
    }

    @Override
    public String localHost()
    {
        return localHost;
    }

    @Override
    public int localPort()
    {
        return localPort;
    }

    @Override
    public boolean isLoopback()
    {
        return isLoopback;
    }

    @Override
    public int fileDescriptor()
    {
        return FileDescriptors.of(channel);
    }

    @Override
    public void noDelay(final boolean on)
    {
        try
        {
            if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY))
            {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, on);
            }
        }
        catch (final IOException e)
        {
            fail(e);
        }
    }

    @Override
    public void sendBuffer(final int bytes)
    {
        try
        {
            // The kernel takes twice the number, since it counts its own structures in.
            channel.setOption(StandardSocketOptions.SO_SNDBUF, bytes / 2);
        }
        catch (final IOException e)
        {
            fail(e);
        }
    }

    @Override
    public void keepAlive(final int seconds)
    {
        if (isUnix || !isOpen)
        {
            return;
        }

        try
        {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, Math.max(1, seconds / KEEPALIVE_PROBES));
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, KEEPALIVE_PROBES);
        }
        catch (final IOException | UnsupportedOperationException e)
        {
            // The kernel's own times, which are longer, or none: the connection serves all the same.
            return;
        }
    }

    @Override
    public boolean isUnix()
    {
        return isUnix;
    }

    private void readAddresses()
    {
        try
        {
            if (channel.getRemoteAddress() instanceof InetSocketAddress peer &&
                channel.getLocalAddress() instanceof InetSocketAddress local)
            {
                peerHost = AddressText.of(peer.getAddress());
                peerPort = peer.getPort();
                localHost = AddressText.of(local.getAddress());
                localPort = local.getPort();
                isLoopback = peer.getAddress().isLoopbackAddress();
            }
        }
        catch (final IOException e)
        {
            fail(e);
        }
    }
}
