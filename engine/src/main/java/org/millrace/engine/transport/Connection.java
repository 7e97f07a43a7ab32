package org.millrace.engine.transport;

import java.nio.ByteBuffer;

/**
 * One byte stream to a peer. Never blocks, throws nothing: failures are results. Owned by one agent at a time, the
 * one whose {@link Reactor} it is registered with.
 */
public interface Connection
{
    /** Result of reads and writes: the peer closed, or the stream failed; see {@link #failure()}. */
    int CLOSED = -1;

    /** Bytes read into {@code target} (a direct buffer), 0 if none are there now, or {@link #CLOSED}. */
    int read(ByteBuffer target);

    /** Bytes taken from {@code source} (a direct buffer), 0 if none fit now, or {@link #CLOSED}. */
    int write(ByteBuffer source);

    /** While true, {@link ConnectionHandler#onWritable} is called whenever the peer takes more bytes. */
    void wantWrite(boolean want);

    /** While false, no {@link ConnectionHandler#onReadable} calls: input stays in the kernel (back-pressure). */
    void wantRead(boolean want);

    /** Who gets events from now on. */
    void handler(ConnectionHandler handler);

    /**
     * True if this agent owns the connection alone, so that it may be given to another reactor. If another agent reads
     * from it, it is asked back; {@link ConnectionHandler#onClaimed} tells when it has come.
     */
    default boolean claim()
    {
        return true;
    }

    /** The connection that a reactor knows; only when {@link #claim} is true. */
    default Connection base()
    {
        return this;
    }

    /** End of the stream, idempotent. No handler call follows. */
    void close();

    boolean isOpen();

    /** Why the stream ended, for log lines; empty if it has not, or if the peer just closed. */
    String failure();

    /** Numeric address of the peer, or the path of a Unix socket. */
    String peerHost();

    int peerPort();

    String localHost();

    int localPort();

    boolean isLoopback();

    /** Whether it came by a Unix socket: then both hosts are its path. */
    default boolean isUnix()
    {
        return false;
    }

    /** The peer as CLIENT LIST and logs name it. */
    default String peerAddress()
    {
        return AddressFormat.of(this, peerHost(), peerPort());
    }

    /** Our end as CLIENT LIST names it. */
    default String localAddress()
    {
        return AddressFormat.of(this, localHost(), localPort());
    }

    /** A number for CLIENT LIST, or -1. */
    int fileDescriptor();

    void noDelay(boolean on);

    /** Have the kernel probe an idle peer after so many seconds; a connection that cannot do it ignores the call. */
    default void keepAlive(final int seconds)
    {
    }

    /**
     * Bytes that the kernel may hold on their way to the peer, about; without this call it finds its own measure. A
     * connection that has no such buffer ignores it.
     */
    default void sendBuffer(final int bytes)
    {
    }
}
