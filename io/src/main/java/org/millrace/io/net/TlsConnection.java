package org.millrace.io.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.io.tls.TlsStream;

/**
 * A socket whose bytes are records of TLS. Until the handshake is over it is {@link TlsHandshakes}' affair: it takes and
 * gives nothing, and its handler hears of nothing. A client is made of it only then.
 */
final class TlsConnection extends NioConnection
{
    private final Supplier<TlsStream> streams;
    private TlsStream stream;
    private NioReactor reactor;

    /** What the handshake waits for; null while a thread goes on with it. DONE once it is over. */
    private TlsStream.Step step = TlsStream.Step.READ;

    /** It is in the list of those that are told of input although the socket may be silent. */
    private boolean isListed;

    /** One that connects. */
    TlsConnection(final ConnectionHandler handler, final NioReactor reactor, final Supplier<TlsStream> streams)
    {
        super(handler);
        this.reactor = reactor;
        this.streams = streams;
    }

    /** One that was accepted. */
    TlsConnection(final SocketChannel channel, final NioReactor reactor, final Supplier<TlsStream> streams)
    {
        super(channel, null);
        this.reactor = reactor;
        this.streams = streams;
    }

    // Handshake.

    private boolean isEstablished()
    {
        return TlsStream.Step.DONE == step;
    }

    /** From now on another thread goes on with the handshake, until {@link #waitFor}. */
    void working()
    {
        step = null;
        updateInterest();
    }

    boolean isWorking()
    {
        return null == step;
    }

    /** On that thread: as far as it goes. */
    TlsStream.Step shakeHands() throws IOException
    {
        if (null == stream)
        {
            stream = streams.get();
        }

        return stream.shakeHands(channel());
    }

    /** What {@link #shakeHands} said. */
    void waitFor(final TlsStream.Step next)
    {
        step = next;
        if (isOpen())
        {
            updateInterest();
        }
    }

    @Override
    int interestOps()
    {
        if (isConnecting() || isEstablished())
        {
            return super.interestOps();
        }

        return null == step ? 0 : TlsStream.Step.WRITE == step ? SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    }

    /** The socket is connected, and nobody is told before hands are shaken. */
    @Override
    void connected()
    {
        reactor.handshakes().begin(this, () -> handler().onConnected(), (failure) -> handler().onConnected());
    }

    @Override
    void onReady(final int readyOps)
    {
        if (isConnecting() || isEstablished())
        {
            super.onReady(readyOps);
            relist();
        }
        else if (isOpen() && !isWorking())
        {
            reactor.handshakes().goOn(this);
        }
    }

    // Input that no selector sees.

    @Override
    void reactor(final NioReactor next)
    {
        if (isListed)
        {
            isListed = false;
            reactor.forget(this);
        }

        reactor = next;
        if (null != next)
        {
            relist();
        }
    }

    /** Tell the handler again in the next turn if there is more. */
    void relist()
    {
        if (!isListed && null != reactor && isOpen() && isEstablished() && stream.hasReady())
        {
            isListed = true;
            reactor.again(this);
        }
    }

    /** Its turn has come, unless it has been given away meanwhile. */
    void onAgain()
    {
        if (!isListed)
        {
            return;
        }

        isListed = false;
        if (isOpen() && stream.hasReady())
        {
            super.onReady(SelectionKey.OP_READ & interestOps());
            if (0 != (SelectionKey.OP_READ & interestOps()))
            {
                relist();
            }
        }
    }

    @Override
    public void wantRead(final boolean want)
    {
        super.wantRead(want);
        if (want)
        {
            relist();
        }
    }

    // Connection.

    @Override
    public int read(final ByteBuffer target)
    {
        if (!isOpen() || !isEstablished())
        {
            return isOpen() ? 0 : CLOSED;
        }

        try
        {
            return stream.read(channel(), target);
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
        if (!isOpen() || !isEstablished())
        {
            return isOpen() ? 0 : CLOSED;
        }

        try
        {
            return stream.write(channel(), source);
        }
        catch (final IOException e)
        {
            fail(e);
            return CLOSED;
        }
    }

    @Override
    public void close()
    {
        if (isOpen() && isEstablished())
        {
            stream.close(channel());
        }

        super.close();
    }
}
