package org.millrace.engine.command;

import org.millrace.engine.resp.ArgVector;

/** Asks the rights of a session for each of its commands, and has noted what is denied. Writer thread. */
public final class AccessGate
{
    /** Notes what is denied. */
    @FunctionalInterface
    public interface Log
    {
        /** @param denial other than {@link Denial#NONE}. */
        void onDenied(Session session, CommandSpec row, ArgVector args, int denial, AccessContext context);
    }

    private final Log log;

    public AccessGate(final Log log)
    {
        this.log = log;
    }

    /** Why a client's command is refused, code and all, or null if it may run. */
    String refusal(final Session session, final CommandSpec row, final ArgVector args)
    {
        final Rights rights = session.rights;
        if (rights.isUnlimited())
        {
            return null;
        }

        final int denial = rights.denial(row, args);
        if (Denial.NONE == denial)
        {
            return null;
        }

        log.onDenied(
            session, row, args, denial, null == session.multi() ? AccessContext.TOPLEVEL : AccessContext.MULTI);
        return "NOPERM " + Denial.text(denial, rights, row);
    }

    /** The same for a command that was queued, when EXEC is about to run it. */
    public String refusalOfQueued(final Session session, final CommandSpec row, final ArgVector args)
    {
        final int denial = session.rights.isUnlimited() ? Denial.NONE : session.rights.denial(row, args);
        if (Denial.NONE == denial)
        {
            return null;
        }

        log.onDenied(session, row, args, denial, AccessContext.MULTI);
        return Denial.afterQueued(denial);
    }

    /** The same for a command of a script. @param caller who has called the script. */
    public String refusalWithinScript(final Session caller, final CommandSpec row, final ArgVector args)
    {
        final Rights rights = caller.rights;
        final int denial = rights.isUnlimited() ? Denial.NONE : rights.denial(row, args);
        if (Denial.NONE == denial)
        {
            return null;
        }

        log.onDenied(caller, row, args, denial, AccessContext.LUA);
        return "ERR ACL failure in script: " + Denial.text(denial, rights, row);
    }
}
