package org.millrace.engine.command;

import org.millrace.engine.transport.Connection;

/** A session with somebody at the other end of a connection. Writer thread only. */
public abstract class PeerSession extends Session
{
    private final Connection connection;

    /** Monotonic. */
    public long createdMs;

    protected PeerSession(final long id, final Connection connection)
    {
        super(id);
        this.connection = connection;
    }

    public final Connection connection()
    {
        return connection;
    }

    @Override
    public String address()
    {
        return connection.peerAddress();
    }

    /** Close the connection now, or after the running command if it is this session's own. */
    public abstract void kill();
}
