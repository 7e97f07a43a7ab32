package org.millrace.engine.transport;

/** Receives the events of one {@link Connection}, on the thread that owns it. */
public interface ConnectionHandler
{
    /** A connect has ended: {@code connection.isOpen()} says how. Only for connections of {@link Reactor#connect}. */
    default void onConnected()
    {
    }

    /** There is something to read (level-triggered). */
    void onReadable();

    /** Replies that another agent has made for this connection, and that the peer has not taken yet. */
    default void onReplies(final long address, final int length)
    {
        throw new UnsupportedOperationException("no replies are expected here: " + length + " bytes");
    }

    /** What {@link Connection#claim} has asked for has happened. */
    default void onClaimed()
    {
    }

    /** The peer takes more bytes, asked for by {@link Connection#wantWrite}. */
    void onWritable();
}
