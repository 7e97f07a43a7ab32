package org.millrace.engine.command;

import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * A command that answers later: once something that it waits for lets it, or its time is over. It keeps what it needs of
 * its arguments. Writer thread.
 */
public interface BlockedCommand
{
    /** Name what it waits for: add the waiter to each queue, and let it await each key, that may make it answer. */
    void await(Waiter waiter, KeyInterest keys);

    /**
     * What it waits for may have come. It runs as a unit of its own, with the rights and duties of a handler.
     *
     * @param context of the session that waits; with {@link #args} as its arguments.
     * @param by what has come: one of the queues, or an {@link org.millrace.engine.interest.InterestedKey}; gone already
     *           where {@link #runsAgain}.
     * @return true once the reply has been written; else nothing has been written, and it waits on.
     */
    boolean answer(CommandContext context, WaitQueue by);

    /**
     * True if it answers by running once more, as if it came at that moment: the gate looks at it again, and it waits for
     * nothing meanwhile. If it finds nothing it begins to wait anew, behind all others.
     */
    default boolean runsAgain()
    {
        return false;
    }

    /** What it was called with, if it {@link #runsAgain}. */
    default ArgVector args()
    {
        return ArgVector.NONE;
    }

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
