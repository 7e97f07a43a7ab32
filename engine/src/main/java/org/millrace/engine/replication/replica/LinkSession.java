package org.millrace.engine.replication.replica;

import org.millrace.engine.base.Check;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Session;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.transport.Connection;

/** The link to the primary as a session: the source of the stream's commands. One per connection. Writer thread. */
final class LinkSession extends Session
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

    /** CLIENT KILL has been asked for; the link sees to it in its next duty cycle. */
    boolean isKilled()
    {
        return isKilled;
    }

    @Override
    public boolean isInMulti()
    {
        return applier.isInMulti();
    }

    @Override
    public boolean hasPendingOutput()
    {
        return false;
    }

    /** Commands that block never stand in a stream; the executor gives them no chance to. */
    @Override
    public void block(final BlockedCommand blocked)
    {
        Check.that(false, "a command of the stream wants to block: session, database", id(), db);
    }

    @Override
    public byte[] detach()
    {
        return new byte[0];
    }

    @Override
    public boolean isSubscribed()
    {
        return false;
    }

    @Override
    public void kill()
    {
        isKilled = true;
    }

    @Override
    public void queue(final CommandSpec spec, final ArgVector args)
    {
        Check.that(false, "the link keeps its transactions itself: session, database", id(), db);
    }

    @Override
    public void poisonTransaction()
    {
        Check.that(false, "the link keeps its transactions itself: session, database", id(), db);
    }

    @Override
    public void discardTransaction()
    {
        Check.that(false, "the link keeps its transactions itself: session, database", id(), db);
    }

    @Override
    public int queuedFlags()
    {
        return 0;
    }
}
