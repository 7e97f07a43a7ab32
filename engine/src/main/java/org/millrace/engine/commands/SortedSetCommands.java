package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;
import static org.millrace.engine.tree.HashTree.NONE;
import static org.millrace.engine.tree.HashTree.NO_MEMORY;
import static org.millrace.engine.tree.HashTree.REMOVED;

import org.millrace.engine.command.ForeignRead;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.commands.SortedSetRange.By;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.resp.ReplyWriter;

/** Members of sorted sets looked up, counted and removed. Writer thread; keeps the range of the running command. */
public final class SortedSetCommands
{
    private final SortedSetRange range = new SortedSetRange();

    private SortedSetCommands()
    {
    }

    /** All commands on sorted sets. */
    public static void register(final CommandTable table)
    {
        ZaddCommands.register(table);
        registerReads(table, new SortedSetCommands());
        registerRemovals(table, new SortedSetCommands());
        ZrangeCommands.register(table);
        ZpopCommands.register(table);
        ZunionCommands.register(table);
        ZrandmemberCommand.register(table);
        ZscanCommand.register(table);
    }

    private static void registerReads(final CommandTable table, final SortedSetCommands group)
    {
        final CommandKeys read = CommandKeys.one(KeyFlags.READ);
        table.add("zcard", 2, READONLY | FAST, Category.SORTEDSET, CommandKeys.one(KeyFlags.RO),
            SortedSetCommands::zcard).foreignRead(ForeignRead.ZCARD);
        table.add("zscore", 3, READONLY | FAST, Category.SORTEDSET, read, SortedSetCommands::zscore)
            .element(2).foreignRead(ForeignRead.ZSCORE);
        table.add("zmscore", -3, READONLY | FAST, Category.SORTEDSET, read, SortedSetCommands::zmscore)
            .element(2).foreignRead(ForeignRead.ZMSCORE);
        table.add("zrank", -3, READONLY | FAST, Category.SORTEDSET, read, context -> rank(context, false))
            .placedElement(2).foreignRead(ForeignRead.ZRANK);
        table.add("zrevrank", -3, READONLY | FAST, Category.SORTEDSET, read, context -> rank(context, true))
            .placedElement(2).foreignRead(ForeignRead.ZREVRANK);
        table.add("zcount", 4, READONLY | FAST, Category.SORTEDSET, read, context -> group.count(context, By.SCORE));
        table.add("zlexcount", 4, READONLY | FAST, Category.SORTEDSET, read, context -> group.count(context, By.TEXT));
    }

    private static void registerRemovals(final CommandTable table, final SortedSetCommands group)
    {
        final CommandKeys remove = CommandKeys.one(KeyFlags.RW | KeyFlags.DELETE);
        table.add("zrem", -3, WRITE | FAST, Category.SORTEDSET, remove, SortedSetCommands::zrem).placedElement(2);
        table.add("zremrangebyrank", 4, WRITE, Category.SORTEDSET, remove,
            context -> group.removeRange(context, By.RANK, "zremrangebyrank"));
        table.add("zremrangebyscore", 4, WRITE, Category.SORTEDSET, remove,
            context -> group.removeRange(context, By.SCORE, "zremrangebyscore"));
        table.add("zremrangebylex", 4, WRITE, Category.SORTEDSET, remove,
            context -> group.removeRange(context, By.TEXT, "zremrangebylex"));
    }

    static void zcard(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            context.reply().integer(NO_ENTRY == entry ? 0 : context.values().sortedSets().read(entry).size());
        }
    }

    static void zscore(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            replyScore(context, context.values().sortedSets().read(entry), 2);
        }
    }

    static void zmscore(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        final SortedSetValue set = context.values().sortedSets().read(entry);
        context.reply().array(context.argCount() - 2);
        for (int i = 2; i < context.argCount(); i++)
        {
            replyScore(context, set, i);
        }
    }

    private static void replyScore(final CommandContext context, final SortedSetValue set, final int index)
    {
        final long at = set.find(context.argAddress(index), context.argLength(index));
        if (NONE == at)
        {
            context.reply().nullBulk();
        }
        else
        {
            context.reply().number(SortedSetValue.score(at));
        }
    }

    private static void rank(final CommandContext context, final boolean isReverse)
    {
        if (context.argCount() > 4)
        {
            context.reply().error("ERR wrong number of arguments for '" + context.spec().fullName() + "' command");
            return;
        }

        final boolean isScored = 4 == context.argCount();
        if (isScored && !context.argIs(3, "WITHSCORE"))
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        final SortedSetValue set = context.values().sortedSets().read(entry);
        final long at = set.find(context.argAddress(2), context.argLength(2));
        replyRank(context.reply(), set, at, isReverse, isScored);
    }

    private static void replyRank(
        final ReplyWriter reply,
        final SortedSetValue set,
        final long at,
        final boolean isReverse,
        final boolean isScored)
    {
        if (NONE == at && isScored)
        {
            reply.nullArray();
        }
        else if (NONE == at)
        {
            reply.nullBulk();
        }
        else
        {
            if (isScored)
            {
                reply.array(2);
            }

            final long rank = set.rank();
            reply.integer(isReverse ? set.size() - 1 - rank : rank);
            if (isScored)
            {
                reply.number(SortedSetValue.score(at));
            }
        }
    }

    private void count(final CommandContext context, final By by)
    {
        if (!range.read(context, by, 2, 3))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        range.find(context.values().sortedSets().read(entry));
        context.reply().integer(range.count());
    }

    static void zrem(final CommandContext context)
    {
        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        final SortedSetValue set = context.values().sortedSets().open(
            context.keyspace(), context.argAddress(1), context.argLength(1), entry);
        long removed = 0;
        int done = 2;
        boolean isOutOfMemory = NO_ENTRY != entry && !set.claim(context.args(), 2);
        while (done < context.argCount() && NO_ENTRY != set.entry() && !isOutOfMemory)
        {
            final int result = set.remove(context.argAddress(done), context.argLength(done));
            removed += REMOVED == result ? 1 : 0;
            isOutOfMemory = NO_MEMORY == result;
            done += isOutOfMemory ? 0 : 1;
        }

        if (removed > 0)
        {
            removed(context, removed, "zrem", set);
            context.propagate(isOutOfMemory ? done : context.argCount());
        }

        if (isOutOfMemory)
        {
            context.replyOutOfMemory();
        }
        else
        {
            context.reply().integer(removed);
        }
    }

    private void removeRange(final CommandContext context, final By by, final String event)
    {
        if (!range.read(context, by, 2, 3))
        {
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        final SortedSetValue set = context.values().sortedSets().open(
            context.keyspace(), context.argAddress(1), context.argLength(1), entry);
        range.find(set);
        if (!set.removeRange(range.from(), range.to()))
        {
            context.replyOutOfMemory();
            return;
        }

        if (range.count() > 0)
        {
            removed(context, range.count(), event, set);
            propagateRemoval(context);
        }

        context.reply().integer(range.count());
    }

    private void propagateRemoval(final CommandContext context)
    {
        if (range.isAmbiguous())
        {
            context.rewrite("ZREMRANGEBYRANK", 4);
            context.rewriteArg(1);
            context.rewriteArg(range.from());
            context.rewriteArg(range.to() - 1);
        }
        else
        {
            context.propagate();
        }
    }

    private static void removed(
        final CommandContext context, final long count, final String event, final SortedSetValue set)
    {
        context.changed(1, KeyEvents.SORTED_SET, event);
        context.dirty(count - 1);
        CollectionKeys.removed(context, 1, set.entry());
    }
}
