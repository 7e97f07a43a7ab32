package org.millrace.engine.command;

import org.millrace.engine.transport.Connection;

/**
 * A client as commands about clients see it, and those that make it a replica; the node adds buffers and what runs when.
 * The rows of such commands have {@link CommandFlags#CLIENT_ONLY}: nobody else gets to call them. Writer thread only.
 */
public abstract class Client extends PeerSession
{
    public String name = "";
    public String libName = "";
    public String libVersion = "";
    public boolean isNoEvict;

    /** After MONITOR. */
    public boolean isMonitor;

    /** Close once the replies written so far have been sent. */
    public boolean isClosing;

    /** What replication keeps for a connection that has said REPLCONF; null for others. */
    public Object replication;

    /** Monotonic. */
    public long lastInteractionMs;

    protected Client(final long id, final Connection connection)
    {
        super(id, connection);
    }

    /** Whose command runs; only for handlers of rows with {@link CommandFlags#CLIENT_ONLY}. */
    public static Client of(final CommandContext context)
    {
        return (Client)context.session();
    }

    @Override
    public final String name()
    {
        return name;
    }

    @Override
    public final boolean isMonitor()
    {
        return isMonitor;
    }

    @Override
    public final void closeAfterReplies()
    {
        isClosing = true;
    }

    /**
     * True if nothing but database, protocol version and {@link #isNoTouch} is needed to answer reads of this client:
     * all it sent has been run, all replies have gone, and no mode or transaction is on.
     */
    public abstract boolean isPlain();

    /** True if replies wait to be sent, those of this batch of commands included. */
    public abstract boolean hasPendingOutput();

    /** The socket can be given away now, or need not be, since replies that wait forbid it anyway. */
    final boolean mayGiveSocket()
    {
        return hasPendingOutput() || connection().claim();
    }

    /**
     * Give the socket away: this session ends without closing it and without another reply. Only when
     * {@link #hasPendingOutput()} is false.
     *
     * @return input bytes that have been read but not yet parsed.
     */
    public abstract byte[] detach();

    /** CLIENT NO-EVICT. */
    public abstract void evictable(boolean mayBeEvicted);

    /** Drop the queued commands and the watched keys: the MULTI is over. */
    public abstract void discardTransaction();
}
