package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.BLOCKING;
import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.ListValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.value.CollectionLayout;

/** One element from the end of a list to the end of another, or of the same: LMOVE and its family. Writer thread. */
final class ListMoveCommands
{
    private static final int SOURCE = 1;
    private static final int TARGET = 2;

    private ListMoveCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final CommandKeys keys = CommandKeys.of(
            KeySpec.at(SOURCE, KeyFlags.TAKE), KeySpec.at(TARGET, KeyFlags.ADD));
        table.add("lmove", 5, WRITE | DENYOOM, Category.LIST, keys, ListMoveCommands::lmove);
        table.add("rpoplpush", 3, WRITE | DENYOOM, Category.LIST, keys, ListMoveCommands::rpoplpush);
        table.add("blmove", 6, WRITE | DENYOOM | BLOCKING, Category.LIST, keys, ListMoveCommands::blmove);
        table.add("brpoplpush", 4, WRITE | DENYOOM | BLOCKING, Category.LIST, keys, ListMoveCommands::brpoplpush);
    }

    private static void lmove(final CommandContext context)
    {
        final int from = ListSides.read(context, 3);
        final int to = ListSides.NONE == from ? ListSides.NONE : ListSides.read(context, 4);
        if (ListSides.NONE != to)
        {
            moveNow(context, ListSides.LEFT == from, ListSides.LEFT == to);
        }
    }

    private static void rpoplpush(final CommandContext context)
    {
        moveNow(context, false, true);
    }

    private static void moveNow(final CommandContext context, final boolean isFromFirst, final boolean isToFirst)
    {
        final long source = context.lookupWrite(SOURCE);
        if (!context.isOfTypeOrAbsent(source, ValueType.LIST))
        {
            return;
        }

        if (NO_ENTRY == source)
        {
            context.reply().nullBulk();
        }
        else if (move(context, source, isFromFirst, isToFirst))
        {
            context.propagate();
        }
    }

    private static void blmove(final CommandContext context)
    {
        final int from = ListSides.read(context, 3);
        final int to = ListSides.NONE == from ? ListSides.NONE : ListSides.read(context, 4);
        if (ListSides.NONE != to && moveOrBlock(context, ListSides.LEFT == from, ListSides.LEFT == to, 5))
        {
            context.rewrite("LMOVE", 5);
            for (int i = 1; i < 5; i++)
            {
                context.rewriteArg(i);
            }
        }
    }

    private static void brpoplpush(final CommandContext context)
    {
        if (moveOrBlock(context, false, true, 3))
        {
            context.rewrite("RPOPLPUSH", 3);
            context.rewriteArg(SOURCE);
            context.rewriteArg(TARGET);
        }
    }

    /** True if it has moved an element; else it has been answered, or will be. */
    private static boolean moveOrBlock(
        final CommandContext context, final boolean isFromFirst, final boolean isToFirst, final int timeoutIndex)
    {
        final long timeoutMs = Blocking.readSeconds(context, timeoutIndex);
        if (timeoutMs < 0)
        {
            return false;
        }

        final long source = context.lookupWrite(SOURCE);
        if (!context.isOfTypeOrAbsent(source, ValueType.LIST))
        {
            return false;
        }

        if (NO_ENTRY != source)
        {
            return move(context, source, isFromFirst, isToFirst);
        }

        if (context.isNested())
        {
            context.reply().nullBulk();
        }
        else
        {
            context.blockOnKeys(
                SOURCE, 1, KeyInterest.ofType(CollectionLayout.LIST), Blocking.deadlineNs(context, timeoutMs));
        }

        return false;
    }

    /** False if nothing was moved: then it has been answered why. */
    private static boolean move(
        final CommandContext context, final long source, final boolean isFromFirst, final boolean isToFirst)
    {
        final long target = context.lookupWrite(TARGET);
        if (!context.isOfTypeOrAbsent(target, ValueType.LIST))
        {
            return false;
        }

        final OutBuffer out = context.reply().buffer();
        final int mark = out.length();
        final long element = context.values().lists().read(source).end(isFromFirst);
        ElementReplies.bulk(context, element);
        final boolean isDone = isSameKey(context)
            ? rotate(context, source, isFromFirst, isToFirst)
            : moveBetween(context, source, target, isFromFirst, isToFirst);
        if (!isDone)
        {
            out.truncate(mark);
            context.replyOutOfMemory();
        }

        return isDone;
    }

    private static boolean isSameKey(final CommandContext context)
    {
        return context.argLength(SOURCE) == context.argLength(TARGET) &&
            Memory.equal(context.argAddress(SOURCE), context.argAddress(TARGET), context.argLength(SOURCE));
    }

    private static boolean rotate(
        final CommandContext context, final long source, final boolean isFromFirst, final boolean isToFirst)
    {
        final ListValue list = ListCommands.open(context, SOURCE, source);
        if (isFromFirst != isToFirst && !list.rotate(isFromFirst))
        {
            return false;
        }

        put(context, source, list, isToFirst);
        ListCommands.taken(context, SOURCE, list, isFromFirst, 1);
        return true;
    }

    private static boolean moveBetween(
        final CommandContext context,
        final long source,
        final long target,
        final boolean isFromFirst,
        final boolean isToFirst)
    {
        final ListValue from = ListCommands.open(context, SOURCE, source);
        final ListValue to = context.values().otherList().open(
            context.keyspace(), context.argAddress(TARGET), context.argLength(TARGET), target);
        final ElementText text = context.values().text();
        if (!from.claimEnd(isFromFirst))
        {
            return false;
        }

        text.set(from.end(isFromFirst));
        final boolean isPushed = to.push(isToFirst, text.address(), (int)text.length());
        if (isPushed)
        {
            from.removeClaimed(isFromFirst);
        }

        from.endClaim();
        if (!isPushed)
        {
            return false;
        }

        put(context, target, to, isToFirst);
        ListCommands.taken(context, SOURCE, from, isFromFirst, 1);
        return true;
    }

    /** Tell of what the target has got; that an element was moved counts as one change. */
    private static void put(
        final CommandContext context, final long before, final ListValue list, final boolean isToFirst)
    {
        CollectionKeys.created(context, TARGET, before, list.entry());
        context.changed(TARGET, KeyEvents.LIST, isToFirst ? "lpush" : "rpush");
        context.dirty(-1);
    }
}
