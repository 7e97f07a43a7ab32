package org.millrace.engine.replication.primary;

import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.resp.ReplyWriter;

/** A WAITAOF: until writes are on disk, here and at replicas. Writer thread. */
final class SyncWait implements BlockedCommand
{
    static final String NO_LOG = "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.";

    private final Primary primary;
    private final long offset;
    private final long local;
    private final long count;
    private final long deadlineNs;

    /**
     * @param local 1 if they are to be on this node's disk, else 0.
     * @param count replicas on whose disks they are to be.
     * @param deadlineNs monotonic ns, Long.MAX_VALUE for none.
     */
    SyncWait(final Primary primary, final long offset, final long local, final long count, final long deadlineNs)
    {
        this.primary = primary;
        this.offset = offset;
        this.local = local;
        this.count = count;
        this.deadlineNs = deadlineNs;
    }

    private int here()
    {
        return primary.stream().syncedOffset() >= offset ? 1 : 0;
    }

    /** It is as it should be: no need to wait. */
    boolean isDone()
    {
        return here() >= local && primary.countSynced(offset) >= count;
    }

    /** What is on disk by now: here, and how many replicas. */
    void reply(final ReplyWriter reply)
    {
        reply.array(2);
        reply.integer(here());
        reply.integer(primary.countSynced(offset));
    }

    @Override
    public void await(final Waiter waiter, final KeyInterest keys)
    {
        primary.acknowledgements().add(waiter);
    }

    @Override
    public boolean answer(final CommandContext context, final WaitQueue by)
    {
        if (local > 0 && !primary.stream().isDurable())
        {
            context.reply().error(NO_LOG);
            return true;
        }

        if (!isDone())
        {
            return false;
        }

        reply(context.reply());
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
        reply(reply);
        return true;
    }
}
