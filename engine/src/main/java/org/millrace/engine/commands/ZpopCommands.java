package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.BLOCKING;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.commands.SortedSetReplies.Shape;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.value.CollectionLayout;

/** Members taken from an end of a sorted set, at once or as soon as there are some. Writer thread. */
final class ZpopCommands
{
    /** No number of members has been named: one, as a member and a score. */
    private static final long ONE = -1;

    // What the running command has read of its arguments.
    private int firstKey;
    private int keyCount;
    private boolean isMax;
    private long count;

    /** Where it takes from: the argument that names the key, and the entry. */
    private int key;
    private long found;

    private ZpopCommands()
    {
    }

    private final PopsAhead ahead = new PopsAhead();

    static void register(final CommandTable table)
    {
        final ZpopCommands group = new ZpopCommands();
        final CommandKeys one = CommandKeys.one(KeyFlags.TAKE);
        final CommandKeys allButLast = CommandKeys.of(KeySpec.range(1, -2, 1, KeyFlags.TAKE));
        table.add("zpopmin", -2, WRITE | FAST, Category.SORTEDSET, one, context -> group.pop(context, false));
        table.add("zpopmax", -2, WRITE | FAST, Category.SORTEDSET, one, context -> group.pop(context, true));
        table.add("zmpop", -4, WRITE, Category.SORTEDSET, CommandKeys.of(KeySpec.counted(1, KeyFlags.TAKE)),
            group::zmpop);
        table.add("bzpopmin", -3, WRITE | BLOCKING | FAST, Category.SORTEDSET, allButLast,
            context -> group.popBlocking(context, false));
        table.add("bzpopmax", -3, WRITE | BLOCKING | FAST, Category.SORTEDSET, allButLast,
            context -> group.popBlocking(context, true));
        table.add("bzmpop", -5, WRITE | BLOCKING, Category.SORTEDSET,
            CommandKeys.of(KeySpec.counted(2, KeyFlags.TAKE)), group::bzmpop);
    }

    private void pop(final CommandContext context, final boolean isMaxNamed)
    {
        if (context.argCount() > 3)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        isMax = isMaxNamed;
        count = ONE;
        if (3 == context.argCount() && !readCount(context, 2, 0, "ERR value is out of range, must be positive"))
        {
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        if (NO_ENTRY == entry || 0 == count)
        {
            context.reply().array(0);
            return;
        }

        key = 1;
        found = entry;
        final int mark = context.reply().buffer().length();
        final long taken = taken(context);
        // A member and its score alone are no pair among pairs, whatever the protocol.
        final Shape shape = ONE == count ? Shape.FLAT : SortedSetReplies.shape(context.reply(), true);
        SortedSetReplies.begin(context.reply(), taken, shape);
        if (take(context, taken, shape, mark))
        {
            context.propagate();
        }
    }

    private void zmpop(final CommandContext context)
    {
        if (!readMany(context, 1) || !findKey(context))
        {
            return;
        }

        if (NO_ENTRY == found)
        {
            context.reply().nullArray();
        }
        else
        {
            takeMany(context);
        }
    }

    private void popBlocking(final CommandContext context, final boolean isMaxNamed)
    {
        firstKey = 1;
        keyCount = context.argCount() - 2;
        isMax = isMaxNamed;
        count = ONE;
        takeOrBlock(context, context.argCount() - 1);
    }

    private void bzmpop(final CommandContext context)
    {
        if (readMany(context, 2))
        {
            takeOrBlock(context, 1);
        }
    }

    private void takeOrBlock(final CommandContext context, final int timeoutIndex)
    {
        final long timeoutMs = Blocking.readSeconds(context, timeoutIndex);
        if (timeoutMs < 0 || !findKey(context))
        {
            return;
        }

        if (NO_ENTRY == found && context.isNested())
        {
            context.reply().nullArray();
        }
        else if (NO_ENTRY == found)
        {
            context.blockOnKeys(firstKey, keyCount, KeyInterest.ofType(CollectionLayout.SORTED_SET),
                Blocking.deadlineNs(context, timeoutMs));
        }
        else if (ONE == count)
        {
            takeOne(context);
        }
        else
        {
            takeMany(context);
        }
    }

    /** Keys, end and number of members of ZMPOP and BZMPOP. @return false if an error has been replied. */
    private boolean readMany(final CommandContext context, final int index)
    {
        final String tooFewKeys = "ERR numkeys should be greater than 0";
        if (!readCount(context, index, 1, tooFewKeys))
        {
            return false;
        }

        if (count >= context.argCount() - index - 1)
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        firstKey = index + 1;
        keyCount = (int)count;
        count = 1;
        final int end = firstKey + keyCount;
        isMax = context.argIs(end, "MAX");
        final int rest = context.argCount() - end - 1;
        if (!isMax && !context.argIs(end, "MIN") || 0 != rest && !(rest >= 2 && context.argIs(end + 1, "COUNT")))
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        if (0 != rest && !readCount(context, end + 2, 1, "ERR count should be greater than 0"))
        {
            return false;
        }

        if (rest > 2)
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        return true;
    }

    private boolean readCount(final CommandContext context, final int index, final long min, final String error)
    {
        if (!context.readLong(index, error))
        {
            return false;
        }

        count = context.longValue();
        if (count < min)
        {
            context.reply().error(error);
            return false;
        }

        return true;
    }

    /** Find the first key that has a sorted set; there may be none. @return false if an error has been replied. */
    private boolean findKey(final CommandContext context)
    {
        found = NO_ENTRY;
        for (key = firstKey; key < firstKey + keyCount; key++)
        {
            found = context.lookupWrite(key);
            if (NO_ENTRY != found)
            {
                return context.isOfTypeOrAbsent(found, ValueType.SORTED_SET);
            }
        }

        return true;
    }

    /** Members that are there to be taken. */
    private long taken(final CommandContext context)
    {
        return ONE == count ? 1 : Math.min(count, context.values().sortedSets().read(found).size());
    }

    private void takeOne(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        final int mark = reply.buffer().length();
        reply.array(3);
        reply.bulk(context.argAddress(key), context.argLength(key));
        if (take(context, 1, Shape.FLAT, mark))
        {
            context.rewrite(isMax ? "ZPOPMAX" : "ZPOPMIN", 2);
            context.rewriteArg(key);
        }
    }

    private void takeMany(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        final int mark = reply.buffer().length();
        final long taken = taken(context);
        reply.array(2);
        reply.bulk(context.argAddress(key), context.argLength(key));
        reply.array(taken);
        if (take(context, taken, Shape.PAIRS, mark))
        {
            context.rewrite(isMax ? "ZPOPMAX" : "ZPOPMIN", 3);
            context.rewriteArg(key);
            context.rewriteArg(taken);
        }
    }

    /**
     * Reply the members at the end of the set that was found, and remove them.
     *
     * @param mark length of the buffer before the reply.
     * @return false if memory ran out: that has been replied, and nothing has changed.
     */
    private boolean take(final CommandContext context, final long taken, final Shape shape, final int mark)
    {
        final SortedSetValue set = context.values().sortedSets().open(
            context.keyspace(), context.argAddress(key), context.argLength(key), found);
        final long from = isMax ? set.size() - taken : 0;
        if (1 == taken)
        {
            ahead.load(context, found, set.size(), isMax);
        }

        // They leave before they are removed: their memory may be used again right after.
        SortedSetReplies.members(context, found, from, from + taken, isMax, shape);
        if (!set.removeRange(from, from + taken))
        {
            context.reply().buffer().truncate(mark);
            context.replyOutOfMemory();
            return false;
        }

        context.changed(key, KeyEvents.SORTED_SET, isMax ? "zpopmax" : "zpopmin");
        context.dirty(taken - 1);
        CollectionKeys.removed(context, key, set.entry());
        return true;
    }
}
