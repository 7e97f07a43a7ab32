package org.millrace.kit.tls;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/**
 * A client's socket with TLS, for generators of load: shakes hands as it is opened, then reads and writes without waiting
 * if the socket is set so. A read takes all that the socket has and opens all of it, so the target has to be as large as
 * the input buffer. Not thread-safe.
 */
public final class TlsChannel implements ByteChannel
{
    /** What a read may give at most. */
    public static final int READ_MAX = 128 * 1024;

    private final SocketChannel socket;
    private final SSLEngine engine;
    private final ByteBuffer sealedIn = ByteBuffer.allocate(READ_MAX);
    private final ByteBuffer sealedOut = ByteBuffer.allocate(2 * READ_MAX).limit(0);

    private TlsChannel(final SocketChannel socket, final SSLEngine engine)
    {
        this.socket = socket;
        this.engine = engine;
    }

    /** @param socket connected, and still one that waits. */
    public static TlsChannel open(final SocketChannel socket, final SSLContext context) throws IOException
    {
        final SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        final TlsChannel channel = new TlsChannel(socket, engine);
        engine.beginHandshake();
        channel.shakeHands();
        return channel;
    }

    private void shakeHands() throws IOException
    {
        final ByteBuffer none = ByteBuffer.allocate(READ_MAX);
        while (true)
        {
            switch (engine.getHandshakeStatus())
            {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> {
                    seal(ByteBuffer.allocate(0));
                    flush();
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (Status.BUFFER_UNDERFLOW == unwrap(none).getStatus())
                    {
                        fill();
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    private void fill() throws IOException
    {
        if (socket.read(sealedIn) < 0)
        {
            throw new EOFException("closed during the handshake");
        }
    }

    private SSLEngineResult unwrap(final ByteBuffer target) throws IOException
    {
        sealedIn.flip();
        final SSLEngineResult result = engine.unwrap(sealedIn, target);
        sealedIn.compact();
        return result;
    }

    private void seal(final ByteBuffer source) throws IOException
    {
        sealedOut.compact();
        do
        {
            engine.wrap(source, sealedOut);
        }
        while (source.hasRemaining() && sealedOut.remaining() > READ_MAX / 2);
        sealedOut.flip();
    }

    /** Send what was sealed. @return true if none is left. */
    public boolean flush() throws IOException
    {
        socket.write(sealedOut);
        return !sealedOut.hasRemaining();
    }

    @Override
    public int read(final ByteBuffer target) throws IOException
    {
        final int start = target.position();
        final int count = socket.read(sealedIn);
        Status status = Status.OK;
        while (Status.OK == status && sealedIn.position() > 0)
        {
            status = unwrap(target).getStatus();
        }

        final int opened = target.position() - start;
        return 0 == opened && (count < 0 || Status.CLOSED == status) ? -1 : opened;
    }

    /** Takes all of it, and sends what the socket takes; {@link #flush} sends the rest. */
    @Override
    public int write(final ByteBuffer source) throws IOException
    {
        final int length = source.remaining();
        while (source.hasRemaining() && flush())
        {
            seal(source);
        }

        flush();
        return length - source.remaining();
    }

    @Override
    public boolean isOpen()
    {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException
    {
        if (HandshakeStatus.NOT_HANDSHAKING == engine.getHandshakeStatus() && !sealedOut.hasRemaining())
        {
            engine.closeOutbound();
            seal(ByteBuffer.allocate(0));
            flush();
        }

        socket.close();
    }
}
