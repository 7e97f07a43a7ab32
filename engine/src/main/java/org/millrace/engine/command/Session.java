package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.transport.Connection;

/**
 * One client as commands see it; the node adds buffers and input handling. The link to a primary is a session too.
 * Writer thread only.
 */
public abstract class Session
{
    private final long id;
    private final Connection connection;

    /** Selected database. */
    public int db;

    /** RESP version of replies, 2 or 3. */
    public int protocol = 2;

    public String name = "";
    public String libName = "";
    public String libVersion = "";

    /** True once AUTH succeeded or no password is needed. */
    public boolean isAuthenticated;

    /** The link to our primary: never refused, keys never expire for it. */
    public boolean isPrimaryLink;

    /** CLIENT NO-TOUCH: reads do not move the access clock. */
    public boolean isNoTouch;

    public boolean isNoEvict;

    /** After MONITOR. */
    public boolean isMonitor;

    /** Close once the replies written so far have been sent. */
    public boolean isClosing;

    /** Offset of the stream right after the last command of this client that propagated: what WAIT waits for. */
    public long lastWriteOffset;

    /** What replication keeps for a connection that has said REPLCONF; null for others. */
    public Object replication;

    /** Monotonic, as is {@link #lastInteractionMs}. */
    public long createdMs;
    public long lastInteractionMs;

    /** The row of the last command that was run; null before the first. */
    public CommandSpec lastSpec;

    protected Session(final long id, final Connection connection)
    {
        this.id = id;
        this.connection = connection;
    }

    public long id()
    {
        return id;
    }

    /** Null for a session that has no socket of its own. */
    public Connection connection()
    {
        return connection;
    }

    /** {@code ip:port} or {@code [ip]:port} of the peer, as in CLIENT LIST. */
    public String address()
    {
        return null == connection ? "" : connection.peerAddress();
    }

    /**
     * True if nothing but database, protocol version and {@link #isNoTouch} is needed to answer reads of this client:
     * all it sent has been run, all replies have gone, and no mode or transaction is on.
     */
    public boolean isPlain()
    {
        return false;
    }

    /** True while a MULTI is open. */
    public abstract boolean isInMulti();

    /** True if replies wait to be sent, those of this batch of commands included. */
    public abstract boolean hasPendingOutput();

    /** Answer later: no further command of this session runs until {@code blocked} is done. Never while executing. */
    public abstract void block(BlockedCommand blocked);

    /**
     * Give the socket away: this session ends without closing it and without another reply. Only when
     * {@link #hasPendingOutput()} is false.
     *
     * @return input bytes that have been read but not yet parsed.
     */
    public abstract byte[] detach();

    /** Any subscription of any kind. */
    public abstract boolean isSubscribed();

    /** Close the connection now, or after the running command if it is this session's own. */
    public abstract void kill();

    /** Queue a command in the open MULTI; the arguments are copied. */
    public abstract void queue(CommandSpec spec, ArgVector args);

    /** A command inside MULTI was refused: EXEC will abort. Nothing outside MULTI. */
    public abstract void poisonTransaction();

    /** Drop the queued commands and the watched keys: the MULTI is over. */
    public abstract void discardTransaction();

    /** Flags of all queued commands together, 0 outside MULTI. */
    public abstract int queuedFlags();

    /** Flags that each of the queued commands has, all outside MULTI. */
    public int queuedCommonFlags()
    {
        return -1;
    }
}
