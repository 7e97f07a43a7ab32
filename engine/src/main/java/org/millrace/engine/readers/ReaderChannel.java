package org.millrace.engine.readers;

import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;

/** One client's socket on its reader thread, with what is known of the client here. */
final class ReaderChannel implements ConnectionHandler
{
    private static final int OP_BITS = 8;

    final int number;
    final Connection connection;

    /** True while this thread may answer; false: all goes to the writer. */
    boolean isOwn;

    /** Messages sent to the writer: {@link HandOver#INPUT}, {@link HandOver#REPLIES}, {@link HandOver#ENDED}. */
    int messages;

    int database;
    int protocol = 2;
    boolean isNoTouch;

    /** The beginning of a command that has not come in full; null if there is none. */
    OutBuffer partial;

    /** The writer is to be told when the peer takes more. */
    boolean isWriteAsked;

    /** How much better it is that this thread has the connection: commands served less what handing over costs. */
    int credit;

    /** A write has failed. */
    boolean isBroken;

    /** The peer has closed: there is nothing more to read. */
    boolean isEnded;

    private ReaderAgent agent;

    /** When a command was served here last, and which; read by the writer. */
    private volatile long served;

    ReaderChannel(final int number, final Connection connection)
    {
        this.number = number;
        this.connection = connection;
    }

    void agent(final ReaderAgent newAgent)
    {
        agent = newAgent;
    }

    @Override
    public void onReadable()
    {
        agent.read(this);
    }

    @Override
    public void onWritable()
    {
        agent.writable(this);
    }

    void served(final long steadyMs, final int op)
    {
        served = steadyMs << OP_BITS | op;
    }

    /** Any thread: 0 before the first. */
    long lastServed()
    {
        return served;
    }

    /** Monotonic. */
    static long timeMs(final long lastServed)
    {
        return lastServed >> OP_BITS;
    }

    static int op(final long lastServed)
    {
        return (int)(lastServed & (1 << OP_BITS) - 1);
    }
}
