package org.millrace.engine.replication.primary;

import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.resp.ReplyWriter;

/** A WAIT that has not been satisfied at once. Writer thread. */
final class WaitCommand implements BlockedCommand
{
    private final Primary primary;
    private final long offset;
    private final long count;
    private final long deadlineNs;

    /** @param deadlineNs monotonic ns, Long.MAX_VALUE for none. */
    WaitCommand(final Primary primary, final long offset, final long count, final long deadlineNs)
    {
        this.primary = primary;
        this.offset = offset;
        this.count = count;
        this.deadlineNs = deadlineNs;
    }

    @Override
    public void await(final Waiter waiter, final KeyInterest keys)
    {
        primary.acknowledgements().add(waiter);
    }

    @Override
    public boolean answer(final CommandContext context, final WaitQueue by)
    {
        final int acknowledged = primary.countAcknowledged(offset);
        if (acknowledged < count)
        {
            return false;
        }

        context.reply().integer(acknowledged);
        return true;
    }

    @Override
    public long deadlineNs()
    {
        return deadlineNs;
    }

    @Override
    public boolean timeOut(final ReplyWriter reply)
    {
        reply.integer(primary.countAcknowledged(offset));
        return true;
    }
}
