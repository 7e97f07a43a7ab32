package org.millrace.engine.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One end of a connection of a {@link SimNetwork}. */
public final class SimConnection implements Connection
{
    private final SimNetwork network;
    private final SimPipe in;
    private final SimPipe out;
    private final int localPort;
    private final int peerPort;
    private boolean isOpen = true;
    private boolean isRemote;
    private boolean isSpared;
    boolean isBetweenNodes;
    private String failure = "";
    private boolean isNoDelay = true;

    ConnectionHandler handler;
    boolean wantsRead = true;
    boolean wantsWrite;

    SimConnection(
        final SimNetwork network,
        final SimPipe in,
        final SimPipe out,
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
        final byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (!out.isBroken)
        {
            out.add(bytes, bytes.length);
        }
    }

    /** All that has arrived and was not taken yet. */
    public String receive()
    {
        return new String(receiveBytes(Integer.MAX_VALUE), StandardCharsets.ISO_8859_1);
    }

    public byte[] receiveBytes(final int max)
    {
        return in.remove(Math.min(max, in.readable()));
    }

    /** True once the peer has closed and everything it sent was taken. */
    public boolean isEnded()
    {
        return in.isAtEnd() || in.isBroken;
    }

    /** Both directions fail now, whatever is under way is lost. */
    public void cut()
    {
        in.cut();
        out.cut();
    }

    /** From now on nothing arrives in either direction, and neither end is told. */
    public void fallSilent()
    {
        in.isSilent = true;
        out.isSilent = true;
    }

    /** From now on nothing that this end sends arrives. */
    public void loseOutput()
    {
        out.isSilent = true;
    }

    /** Faults that strike at random shall leave it alone. */
    public SimConnection spare()
    {
        isSpared = true;
        return this;
    }

    /** True if neither end is driven by hand. */
    public boolean isBetweenNodes()
    {
        return isBetweenNodes;
    }

    public boolean isSpared()
    {
        return isSpared;
    }

    /** The connection is cut when so many more bytes have left this end; those still arrive. */
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
        return isOpen && wantsRead && (in.readable() > 0 || in.isAtEnd() || in.isBroken);
    }

    boolean isWritable()
    {
        return isOpen && wantsWrite && (out.room() > 0 || out.isBroken || in.isBroken);
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

        final int readable = in.readable();
        if (0 == readable)
        {
            return in.isAtEnd() ? CLOSED : 0;
        }

        final int length = network.step(Math.min(target.remaining(), readable));
        target.put(in.remove(length));
        return length;
    }

    @Override
    public int write(final ByteBuffer source)
    {
        if (!isOpen || out.isBroken || out.isEnded)
        {
            failure = isOpen ? "Broken pipe" : failure;
            return CLOSED;
        }

        final int room = Math.min(out.room(), source.remaining());
        final int length = room <= 0 ? 0 : network.step(room);
        final int passing = (int)Math.min(length, out.cutAfter - out.passed);
        final byte[] bytes = new byte[passing];
        source.get(bytes);
        out.add(bytes, passing);
        if (passing < length)
        {
            // What has passed arrives, so that the peer has a part of something.
            out.isEnded = true;
            in.cut();
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

    /** A connect that finds nobody. */
    void refuse()
    {
        isOpen = false;
        failure = "Connection refused";
    }
}
