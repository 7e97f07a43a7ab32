package org.millrace.engine.script;

import org.millrace.engine.base.Check;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.Session;

/**
 * On whose behalf the commands of scripts run: on that of the caller, with a database and a protocol of their own. One for
 * all scripts, since one runs at a time. Writer thread.
 */
final class ScriptSession extends Session
{
    /** Clients count from 1 on. */
    private static final long ID = 0;

    private Session caller;

    ScriptSession()
    {
        super(ID);
        isAuthenticated = true;
    }

    /** A script begins: as the caller stands now. */
    void begin(final Session newCaller)
    {
        caller = newCaller;
        db = newCaller.db;
        rights = newCaller.rights;
        isPrimaryLink = newCaller.isPrimaryLink;
        isNoTouch = newCaller.isNoTouch;
        isBesideStream = false;
    }

    @Override
    public boolean isScript()
    {
        return true;
    }

    @Override
    public String address()
    {
        return caller.address();
    }

    @Override
    public String name()
    {
        return caller.name();
    }

    /** What runs within another command answers at once. */
    @Override
    protected void block(final BlockedCommand blocked)
    {
        Check.that(false, "a command of a script wants to block: client, database", caller.id(), db);
    }
}
