package org.millrace.engine.command;

import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * A command that waits until one of its keys is in a state that it wants, and runs again then: BLPOP and all like it.
 * Which key has come does not matter, as it looks at all of them again, in the order of its arguments. Handlers begin it
 * by {@link CommandContext#blockOnKeys}.
 */
final class BlockedOnKeys implements BlockedCommand
{
    private final int database;
    private final KeptArguments arguments;
    private final int firstKey;
    private final int keyCount;
    private final long wanted;
    private final long deadlineNs;

    /**
     * @param args are copied.
     * @param wanted states of a key in which it runs again, as {@link KeyInterest#await} takes them.
     * @param deadlineNs monotonic; Long.MAX_VALUE for never.
     */
    BlockedOnKeys(
        final int database,
        final ArgVector args,
        final int firstKey,
        final int keyCount,
        final long wanted,
        final long deadlineNs)
    {
        this.database = database;
        this.firstKey = firstKey;
        this.keyCount = keyCount;
        this.wanted = wanted;
        this.deadlineNs = deadlineNs;
        arguments = new KeptArguments(args);
    }

    @Override
    public void await(final Waiter waiter, final KeyInterest keys)
    {
        final ArgVector args = arguments.args();
        for (int i = firstKey; i < firstKey + keyCount; i++)
        {
            keys.await(waiter, database, args.address(i), args.length(i), wanted);
        }
    }

    @Override
    public boolean answer(final CommandContext context, final WaitQueue by)
    {
        return context.runAgain();
    }

    @Override
    public boolean runsAgain()
    {
        return true;
    }

    @Override
    public ArgVector args()
    {
        return arguments.args();
    }

    @Override
    public long deadlineNs()
    {
        return deadlineNs;
    }

    @Override
    public boolean timeOut(final ReplyWriter reply)
    {
        reply.nullArray();
        return true;
    }

    @Override
    public void end()
    {
        arguments.close();
    }
}
