package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.SetMember;
import org.millrace.engine.datatype.SetValue;
import org.millrace.engine.datatype.SetWalk;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.tree.HashTree;

/**
 * Members of a set that chance chooses: SPOP, SRANDMEMBER. Each member is as likely as any other, and each choice of so
 * many different ones as any other, since chance decides about their numbers. Writer thread; keeps what was popped.
 */
public final class SetRandomCommands
{
    private static final String NOT_POSITIVE = "ERR value is out of range, must be positive";
    private static final String BELOW_RANGE = "ERR value is out of range, value must between -9223372036854775807 and " +
        "9223372036854775807";

    /** Most members that one SREM of the stream takes. */
    private static final int STREAM_BATCH = 1024;

    /** Redis makes a set anew if no more than a part of this size of the popped ones is left. */
    private static final int REMAKE_PART = 5;

    /** Fewer different members than this part of a set are found by their numbers, more by a walk. */
    private static final int WALK_PART = 32;

    private final TextList popped = new TextList();
    private final RandomPicks picks = new RandomPicks();

    private SetRandomCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final SetRandomCommands group = new SetRandomCommands();
        table.onClose(group.popped::close);
        table.add("spop", -2, WRITE | FAST, Category.SET, CommandKeys.one(KeyFlags.TAKE), group::spop);
        table.add("srandmember", -2, READONLY, Category.SET, CommandKeys.one(KeyFlags.READ), group::srandmember);
    }

    void spop(final CommandContext context)
    {
        if (context.argCount() > 3)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        final boolean isCounted = 3 == context.argCount();
        if (isCounted && !readPositive(context))
        {
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SET))
        {
            return;
        }

        if (!isCounted)
        {
            popOne(context, entry);
        }
        else if (NO_ENTRY == entry || 0 == context.longValue())
        {
            context.reply().set(0);
        }
        else if (context.longValue() >= SetValue.size(entry))
        {
            popAll(context, entry);
        }
        else
        {
            popSome(context, entry, context.longValue());
        }
    }

    private static boolean readPositive(final CommandContext context)
    {
        if (!context.readLong(2, NOT_POSITIVE))
        {
            return false;
        }

        if (context.longValue() < 0)
        {
            context.reply().error(NOT_POSITIVE);
            return false;
        }

        return true;
    }

    private void popOne(final CommandContext context, final long entry)
    {
        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
            return;
        }

        final SetValue set = SetCommands.open(context, 1, entry);
        if (0 == pop(context, set, 1))
        {
            context.replyOutOfMemory();
            return;
        }

        SetCommands.tellRemoved(context, set, "spop", 1);
        popped.next();
        context.reply().bulk(popped.address(), popped.length());
        popped.rewind();
        propagate(context, 1);
        popped.clear();
    }

    /** Fewer than asked for go only if memory runs out. */
    private void popSome(final CommandContext context, final long entry, final long count)
    {
        final SetValue set = SetCommands.open(context, 1, entry);
        final long done = pop(context, set, count);
        if (0 == done)
        {
            context.replyOutOfMemory();
            return;
        }

        if (set.size() * REMAKE_PART <= count)
        {
            set.remake();
        }

        SetCommands.tellRemoved(context, set, "spop", done);
        context.reply().set(done);
        for (long i = 0; i < done; i++)
        {
            popped.next();
            context.reply().bulk(popped.address(), popped.length());
        }

        popped.rewind();
        propagate(context, done);
        popped.clear();
    }

    /** Remove members, which are kept in {@link #popped}. @return how many: less than {@code count} without memory. */
    private long pop(final CommandContext context, final SetValue set, final long count)
    {
        popped.clear();
        for (long i = 0; i < count; i++)
        {
            final long number = RandomPicks.one(context, set.size());
            final SetMember member = set.at(number);
            popped.add(member.address(), member.length());
            if (HashTree.REMOVED != set.removeAt(number))
            {
                return i;
            }
        }

        return count;
    }

    /** As so many SREM as it takes. */
    private void propagate(final CommandContext context, final long count)
    {
        for (long done = 0; done < count; done += STREAM_BATCH)
        {
            final int batch = (int)Math.min(STREAM_BATCH, count - done);
            context.rewrite("SREM", 2 + batch);
            context.rewriteArg(1);
            for (int i = 0; i < batch; i++)
            {
                popped.next();
                context.rewriteArg(popped.address(), popped.length());
            }
        }
    }

    private static void popAll(final CommandContext context, final long entry)
    {
        final long size = SetValue.size(entry);
        context.reply().set(size);
        SetCommands.replyMembers(context, entry);
        context.keyspace().remove(context.argAddress(1), context.argLength(1));
        context.changed(1, KeyEvents.SET, "spop");
        context.dirty(size - 1);
        CollectionKeys.removed(context, 1, NO_ENTRY);
        context.rewrite("DEL", 2);
        context.rewriteArg(1);
    }

    void srandmember(final CommandContext context)
    {
        if (context.argCount() > 3)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        final boolean isCounted = 3 == context.argCount();
        if (isCounted && !readCount(context))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SET))
        {
            return;
        }

        if (!isCounted)
        {
            replyOne(context, entry);
        }
        else if (NO_ENTRY == entry || 0 == context.longValue())
        {
            context.reply().array(0);
        }
        else if (context.longValue() < 0)
        {
            replyRepeated(context, entry, -context.longValue());
        }
        else
        {
            replyDistinct(context, entry, context.longValue());
        }
    }

    private static boolean readCount(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return false;
        }

        if (Long.MIN_VALUE == context.longValue())
        {
            context.reply().error(BELOW_RANGE);
            return false;
        }

        return true;
    }

    private static void replyOne(final CommandContext context, final long entry)
    {
        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
            return;
        }

        final SetValue set = context.values().sets().read(entry);
        SetCommands.reply(context, set.at(RandomPicks.one(context, set.size())));
    }

    private static void replyRepeated(final CommandContext context, final long entry, final long count)
    {
        final SetValue set = context.values().sets().read(entry);
        RandomPicks.require(context, count);
        context.reply().array(count);
        for (long i = 0; i < count; i++)
        {
            SetCommands.reply(context, set.at(RandomPicks.one(context, set.size())));
        }
    }

    private void replyDistinct(final CommandContext context, final long entry, final long count)
    {
        final SetValue set = context.values().sets().read(entry);
        final long size = set.size();
        if (count >= size)
        {
            context.reply().array(size);
            SetCommands.replyMembers(context, entry);
            return;
        }

        context.reply().array(count);
        if (count < size / WALK_PART && count <= RandomPicks.CHOSEN_MAX)
        {
            replyByNumbers(context, set, (int)count);
        }
        else
        {
            replyByWalk(context, entry, count, size);
        }
    }

    private void replyByNumbers(final CommandContext context, final SetValue set, final int count)
    {
        picks.choose(context, set.size(), count);
        for (int i = 0; i < count; i++)
        {
            SetCommands.reply(context, set.at(picks.number(i)));
        }
    }

    private void replyByWalk(
        final CommandContext context, final long entry, final long count, final long size)
    {
        final SetWalk walk = context.values().setWalk();
        walk.begin(entry);
        for (picks.beginWalk(size, count); picks.isGoingOn();)
        {
            walk.next();
            if (picks.takesNext(context))
            {
                SetCommands.reply(context, walk.member());
            }
        }
    }
}
