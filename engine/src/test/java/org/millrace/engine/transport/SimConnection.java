package org.millrace.engine.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One end of a connection of a {@link SimNetwork}. */
public final class SimConnection implements Connection
{
    private final SimNetwork network;
    private final SimNetwork.SimPipe in;
    private final SimNetwork.SimPipe out;
    private final int localPort;
    private final int peerPort;
    private boolean isOpen = true;
    private boolean isRemote;
    private String failure = "";
    private boolean isNoDelay = true;

    ConnectionHandler handler;
    boolean wantsRead = true;
    boolean wantsWrite;

    SimConnection(
        final SimNetwork network,
        final SimNetwork.SimPipe in,
        final SimNetwork.SimPipe out,
        final int localPort,
        final int peerPort)
    {
        this.network = network;
        this.in = in;
        this.out = out;
        this.localPort = localPort;
        this.peerPort = peerPort;
    }

    // For tests that play a peer by hand.

    /** Write all of it; the buffer is made large enough. */
    public void send(final String text)
    {
        for (final byte b : text.getBytes(StandardCharsets.ISO_8859_1))
        {
            out.bytes.add(b);
        }
    }

    /** All that has arrived and was not taken yet. */
    public String receive()
    {
        return new String(receiveBytes(Integer.MAX_VALUE), StandardCharsets.ISO_8859_1);
    }

    public byte[] receiveBytes(final int max)
    {
        final ByteArrayOutputStream received = new ByteArrayOutputStream();
        for (int i = 0; i < max && !in.bytes.isEmpty(); i++)
        {
            received.write(in.bytes.remove());
        }

        return received.toByteArray();
    }

    /** True once the peer has closed and everything it sent was taken. */
    public boolean isEnded()
    {
        return in.bytes.isEmpty() && in.isEnded || in.isBroken;
    }

    /** Both directions fail now, whatever is under way is lost. */
    public void cut()
    {
        cut(in);
        cut(out);
    }

    /** The connection is cut when so many more bytes have left this end. */
    public void cutAfter(final long bytes)
    {
        out.cutAfter = out.passed + bytes;
    }

    public boolean isNoDelay()
    {
        return isNoDelay;
    }

    /** True if a poll of the reactor calls {@link ConnectionHandler#onReadable}. */
    boolean isReadable()
    {
        return isOpen && wantsRead && (!in.bytes.isEmpty() || in.isEnded || in.isBroken);
    }

    boolean isWritable()
    {
        return isOpen && wantsWrite && (out.bytes.size() < out.capacity || out.isBroken || in.isBroken);
    }

    // Connection.

    @Override
    public int read(final ByteBuffer target)
    {
        if (!isOpen || in.isBroken)
        {
            failure = isOpen ? "Connection reset by peer" : failure;
            return CLOSED;
        }

        if (in.bytes.isEmpty())
        {
            return in.isEnded ? CLOSED : 0;
        }

        final int length = network.step(Math.min(target.remaining(), in.bytes.size()));
        for (int i = 0; i < length; i++)
        {
            target.put(in.bytes.remove());
        }

        return length;
    }

    @Override
    public int write(final ByteBuffer source)
    {
        if (!isOpen || out.isBroken)
        {
            failure = isOpen ? "Broken pipe" : failure;
            return CLOSED;
        }

        final int room = Math.min(out.capacity - out.bytes.size(), source.remaining());
        final int length = room <= 0 ? 0 : network.step(room);
        for (int i = 0; i < length; i++)
        {
            if (out.passed == out.cutAfter)
            {
                cut(in);
                cut(out);
                break;
            }

            out.bytes.add(source.get());
            out.passed++;
        }

        return length;
    }

    @Override
    public void wantWrite(final boolean want)
    {
        wantsWrite = want;
    }

    @Override
    public void wantRead(final boolean want)
    {
        wantsRead = want;
    }

    @Override
    public void handler(final ConnectionHandler newHandler)
    {
        handler = newHandler;
    }

    @Override
    public void close()
    {
        isOpen = false;
        out.isEnded = true;
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
        return "127.0.0.1";
    }

    @Override
    public int peerPort()
    {
        return peerPort;
    }

    @Override
    public String localHost()
    {
        return "127.0.0.1";
    }

    @Override
    public int localPort()
    {
        return localPort;
    }

    @Override
    public boolean isLoopback()
    {
        return !isRemote;
    }

    /** The peer is on another machine. */
    public void remote()
    {
        isRemote = true;
    }

    @Override
    public int fileDescriptor()
    {
        return -1;
    }

    @Override
    public void noDelay(final boolean on)
    {
        isNoDelay = on;
    }

    private static void cut(final SimNetwork.SimPipe pipe)
    {
        pipe.isBroken = true;
        pipe.bytes.clear();
    }

    /** A connect that finds nobody. */
    void refuse()
    {
        isOpen = false;
        failure = "Connection refused";
    }
}
