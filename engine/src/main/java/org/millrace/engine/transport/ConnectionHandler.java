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

    /** The peer takes more bytes, asked for by {@link Connection#wantWrite}. */
    void onWritable();
}
