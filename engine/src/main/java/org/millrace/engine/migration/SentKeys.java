package org.millrace.engine.migration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.agrona.collections.IntArrayList;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.Watcher;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;

/**
 * The keys that one MIGRATE has sent, in the order in which they are answered. Each is watched from the moment in which
 * its value was read until it is settled whether it goes or stays here. Writer thread.
 */
final class SentKeys
{
    /** One of them. @param deadlineMs with which it went, {@link Entry#NO_DEADLINE} for none. */
    private record Sent(int index, long deadlineMs, Watcher watcher)
    {
    }

    private final KeyInterest interest;
    private final ArgVector args;
    private final int database;
    private final Queue<Sent> unanswered = new ArrayDeque<>();
    private final List<Sent> accepted = new ArrayList<>();
    private final IntArrayList deleted = new IntArrayList();
    private int answers;
    private int changed;

    /** @param args of the command, which stay where they are. */
    SentKeys(final KeyInterest interest, final ArgVector args, final int database)
    {
        this.interest = interest;
        this.args = args;
        this.database = database;
    }

    /** The value of this key, as it is now, goes out. */
    void add(final int index, final long deadlineMs)
    {
        final Watcher watcher = new Watcher();
        interest.watch(watcher, database, args.address(index), args.length(index), false);
        unanswered.add(new Sent(index, deadlineMs, watcher));
    }

    /** The target says whether it has the next one. */
    void answered(final boolean isAccepted)
    {
        final Sent sent = unanswered.remove();
        answers++;
        if (isAccepted)
        {
            accepted.add(sent);
        }
        else
        {
            interest.unwatch(sent.watcher);
        }
    }

    boolean isAllAnswered()
    {
        return unanswered.isEmpty();
    }

    /** How many the target has said something about. */
    int answers()
    {
        return answers;
    }

    /** The target has some of which it is not settled what becomes of them here. */
    boolean isSomeAccepted()
    {
        return !accepted.isEmpty();
    }

    /** How many the target has, though they were changed on their way and stay as they are now. */
    int changed()
    {
        return changed;
    }

    /** What the target has is deleted here, and that goes into the stream. What was changed meanwhile stays. */
    void delete(final CommandContext context)
    {
        final int before = deleted.size();
        for (final Sent sent : accepted)
        {
            final boolean isTouched = sent.watcher.isDirty();
            interest.unwatch(sent.watcher);
            if (isTouched || Entry.NO_ENTRY == context.lookupWrite(sent.index))
            {
                changed += isOver(sent, context.nowMs()) || isDeletedHere(sent.index) ? 0 : 1;
            }
            else
            {
                context.keyspace().remove(context.argAddress(sent.index), context.argLength(sent.index));
                context.changed(sent.index, KeyEvents.GENERIC, "del");
                deleted.addInt(sent.index);
            }
        }

        accepted.clear();
        if (deleted.size() > before)
        {
            context.rewrite("DEL", 1 + deleted.size() - before);
            for (int i = before; i < deleted.size(); i++)
            {
                context.rewriteArg(deleted.getInt(i));
            }
        }
    }

    /** It was named twice, and has gone the first time. */
    private boolean isDeletedHere(final int index)
    {
        for (int i = 0; i < deleted.size(); i++)
        {
            final int other = deleted.getInt(i);
            if (args.length(index) == args.length(other) &&
                Memory.equal(args.address(index), args.address(other), args.length(index)))
            {
                return true;
            }
        }

        return false;
    }

    /** The time of what was sent is over: whatever is here now, the target has nothing older. */
    private static boolean isOver(final Sent sent, final long nowMs)
    {
        return Entry.NO_DEADLINE != sent.deadlineMs && nowMs > sent.deadlineMs;
    }

    /** What the target has stays here as well. */
    void keepAccepted()
    {
        accepted.forEach((sent) -> interest.unwatch(sent.watcher));
        accepted.clear();
    }

    /** They stay here, whether the target has them or not. */
    void keep()
    {
        unanswered.forEach((sent) -> interest.unwatch(sent.watcher));
        unanswered.clear();
        keepAccepted();
    }
}
