package org.millrace.engine.node.clients;

import org.millrace.engine.acl.AclLog;
import org.millrace.engine.command.AccessContext;
import org.millrace.engine.command.AccessGate;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Denial;
import org.millrace.engine.command.Session;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.resp.ArgVector;

/** Counts what clients were denied, and notes it for ACL LOG with a line about the client. Writer thread. */
public final class AccessLog implements AccessGate.Log
{
    private final AclLog log;
    private final WriterState writer;
    private final Statistics statistics;

    public AccessLog(final AclLog log, final WriterState writer)
    {
        this.log = log;
        this.writer = writer;
        statistics = writer.statistics();
    }

    @Override
    public void onDenied(
        final Session session,
        final CommandSpec row,
        final ArgVector args,
        final int denial,
        final AccessContext context)
    {
        switch (Denial.kind(denial))
        {
            case Denial.COMMAND -> {
                statistics.commandsDenied++;
                add(AclLog.COMMAND, context, row.fullName(), session.rights.name(), session);
            }
            case Denial.KEY -> {
                statistics.keysDenied++;
                add(AclLog.KEY, context, args.text(Denial.index(denial)), session.rights.name(), session);
            }
            default -> {
                statistics.channelsDenied++;
                add(AclLog.CHANNEL, context, args.text(Denial.index(denial)), session.rights.name(), session);
            }
        }
    }

    /** Somebody gave a wrong name or password. @param command as it was called. */
    void onWrongPassword(final Session session, final String user, final String command)
    {
        statistics.authDenied++;
        final AccessContext context = null == session.multi() ? AccessContext.TOPLEVEL : AccessContext.MULTI;
        add(AclLog.AUTH, context, command, user, session);
    }

    private void add(
        final String reason,
        final AccessContext context,
        final String object,
        final String user,
        final Session session)
    {
        final String client = session instanceof ClientSession known ? ClientLines.of(known, writer.steadyMs()) : "";
        log.add(reason, context, object, user, client, writer.nowMs());
    }
}
