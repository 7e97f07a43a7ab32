package org.millrace.engine.replication.primary;

import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.Session;
import org.millrace.engine.resp.ReplyWriter;

/** A WAIT that has not been satisfied at once. Writer thread. */
final class WaitCommand implements BlockedCommand
{
    private static final String DEMOTED = "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)";

    private final Primary primary;
    private final Session session;
    private final long offset;
    private final long count;
    private final long deadlineNs;
    private long seenChanges;

    /** @param deadlineNs monotonic ns, Long.MAX_VALUE for none. */
    WaitCommand(
        final Primary primary, final Session session, final long offset, final long count, final long deadlineNs)
    {
        this.primary = primary;
        this.session = session;
        this.offset = offset;
        this.count = count;
        this.deadlineNs = deadlineNs;
        this.seenChanges = primary.changes() - 1;
    }

    @Override
    public boolean poll(final ReplyWriter reply, final long nowNs)
    {
        if (primary.upstream().isReplica())
        {
            reply.error(DEMOTED);
            session.closeAfterReplies();
            return true;
        }

        final boolean isLate = nowNs >= deadlineNs;
        final long changes = primary.changes();
        if (changes == seenChanges && !isLate)
        {
            return false;
        }

        seenChanges = changes;
        final int acknowledged = primary.countAcknowledged(offset);
        if (acknowledged < count && !isLate)
        {
            return false;
        }

        reply.integer(acknowledged);
        return true;
    }

    @Override
    public long deadlineNs()
    {
        return deadlineNs;
    }
}
