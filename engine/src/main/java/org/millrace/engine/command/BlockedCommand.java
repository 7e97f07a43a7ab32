package org.millrace.engine.command;

import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.resp.ReplyWriter;

/**
 * A command that answers later: once something that it waits for lets it, or its time is over. It keeps what it needs of
 * its arguments. Writer thread.
 */
public interface BlockedCommand
{
    /** Name what it waits for: add the waiter to each queue, and let it await each key, that may make it answer. */
    void await(Waiter waiter);

    /**
     * What it waits for may have come. It runs as a unit of its own, with the rights and duties of a handler.
     *
     * @param context of the session that waits; without arguments.
     * @param by what has come: one of the queues, or an {@link org.millrace.engine.interest.InterestedKey}.
     * @return true once the reply has been written; else nothing has been written or changed, and it waits on.
     */
    boolean answer(CommandContext context, WaitQueue by);

    /** When its time is over, monotonic ns; Long.MAX_VALUE for never. Asked once. */
    long deadlineNs();

    /**
     * Its time is over, or somebody says so.
     *
     * @return true once the reply has been written; false for one that has no such reply, and waits on.
     */
    boolean timeOut(ReplyWriter reply);

    /** True if whoever waits in it is thrown out when this node becomes a replica. */
    default boolean endsWithRole()
    {
        return true;
    }

    /** It waits no longer, for whatever reason: give back what it holds. */
    default void end()
    {
    }
}
