package org.millrace.engine.replication.replica;

import org.millrace.engine.base.Check;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.PeerSession;
import org.millrace.engine.transport.Connection;

/** The link to the primary as a session: the source of the stream's commands. One per connection. Writer thread. */
final class LinkSession extends PeerSession
{
    private final StreamApplier applier;
    private boolean isKilled;

    LinkSession(final long id, final Connection connection, final StreamApplier applier)
    {
        super(id, connection);
        this.applier = applier;
        isPrimaryLink = true;
        isAuthenticated = true;
        isNoTouch = true;
    }

    /** A log that is applied comes from nowhere. */
    @Override
    public String address()
    {
        return null == connection() ? "" : super.address();
    }

    /** CLIENT KILL has been asked for; the link sees to it in its next duty cycle. */
    boolean isKilled()
    {
        return isKilled;
    }

    /** The commands of an open transaction have come, and not its end. */
    boolean isInMulti()
    {
        return applier.isInMulti();
    }

    /** Commands that block never stand in a stream; the executor gives them no chance to. */
    @Override
    protected void block(final BlockedCommand blocked)
    {
        Check.that(false, "a command of the stream wants to block: session, database", id(), db);
    }

    @Override
    public void kill()
    {
        isKilled = true;
    }
}
