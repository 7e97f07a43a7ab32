package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.BLOCKING;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.ListValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.value.CollectionLayout;

/**
 * What takes elements from the ends of lists and answers them, of one key or the first of several that has some, at once
 * or once there are some. Writer thread; keeps what the running command says of its keys.
 */
final class ListPopCommands
{
    private static final String NOT_POSITIVE = "ERR value is out of range, must be positive";
    private static final String NO_KEYS = "ERR numkeys should be greater than 0";
    private static final String NO_COUNT = "ERR count should be greater than 0";

    /** Neither a key nor the number of elements is answered. */
    private static final long NOT_READ = -1;

    // Of LMPOP and BLMPOP.
    private int keys;
    private boolean isFirst;
    private long most;

    private ListPopCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final ListPopCommands group = new ListPopCommands();
        final CommandKeys blocking = CommandKeys.of(KeySpec.range(1, -2, 1, KeyFlags.TAKE));
        table.add("lpop", -2, WRITE | FAST, Category.LIST, CommandKeys.one(KeyFlags.TAKE), (c) -> pop(c, true));
        table.add("rpop", -2, WRITE | FAST, Category.LIST, CommandKeys.one(KeyFlags.TAKE), (c) -> pop(c, false));
        table.add("lmpop", -4, WRITE, Category.LIST, CommandKeys.of(KeySpec.counted(1, KeyFlags.TAKE)), group::lmpop);
        table.add("blpop", -3, WRITE | BLOCKING, Category.LIST, blocking, (c) -> blockingPop(c, true));
        table.add("brpop", -3, WRITE | BLOCKING, Category.LIST, blocking, (c) -> blockingPop(c, false));
        table.add("blmpop", -5, WRITE | BLOCKING, Category.LIST, CommandKeys.of(KeySpec.counted(2, KeyFlags.TAKE)),
            group::blmpop);
    }

    private static void pop(final CommandContext context, final boolean isFirst)
    {
        if (context.argCount() > 3)
        {
            HelpReplies.wrongArity(context);
            return;
        }

        if (3 == context.argCount())
        {
            popMany(context, isFirst);
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
        }
        else if (takeOne(context, 1, entry, isFirst, false))
        {
            context.propagate();
        }
    }

    private static void popMany(final CommandContext context, final boolean isFirst)
    {
        if (!readAtLeast(context, 2, 0, NOT_POSITIVE))
        {
            return;
        }

        final long most = context.longValue();
        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().nullArray();
        }
        else if (0 == most)
        {
            context.reply().array(0);
        }
        else if (NOT_READ != takeMany(context, 1, entry, isFirst, most, false))
        {
            context.propagate();
        }
    }

    private static boolean readAtLeast(
        final CommandContext context, final int index, final long least, final String error)
    {
        if (!context.readLong(index, error))
        {
            return false;
        }

        if (context.longValue() < least)
        {
            context.reply().error(error);
            return false;
        }

        return true;
    }

    // Of several keys.

    private void lmpop(final CommandContext context)
    {
        if (readKeys(context, 1) && !takeOfFirst(context, 2, 2 + keys, isFirst, most))
        {
            context.reply().nullArray();
        }
    }

    private void blmpop(final CommandContext context)
    {
        if (!readKeys(context, 2))
        {
            return;
        }

        final long timeoutMs = Blocking.readSeconds(context, 1);
        if (timeoutMs >= 0 && !takeOfFirst(context, 3, 3 + keys, isFirst, most))
        {
            block(context, 3, keys, timeoutMs);
        }
    }

    private static void blockingPop(final CommandContext context, final boolean isFirst)
    {
        final int last = context.argCount() - 1;
        final long timeoutMs = Blocking.readSeconds(context, last);
        if (timeoutMs >= 0 && !takeOfFirst(context, 1, last, isFirst, NOT_READ))
        {
            block(context, 1, last - 1, timeoutMs);
        }
    }

    private static void block(final CommandContext context, final int firstKey, final int count, final long timeoutMs)
    {
        if (context.isNested())
        {
            context.reply().nullArray();
        }
        else
        {
            context.blockOnKeys(
                firstKey, count, KeyInterest.ofType(CollectionLayout.LIST), Blocking.deadlineNs(context, timeoutMs));
        }
    }

    /** Read number and names of keys, the end and COUNT. @param index of the number. @return false if answered. */
    private boolean readKeys(final CommandContext context, final int index)
    {
        if (!readAtLeast(context, index, 1, NO_KEYS))
        {
            return false;
        }

        final long where = index + 1 + Math.min(context.longValue(), context.argCount());
        if (where >= context.argCount())
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        keys = (int)context.longValue();
        final int side = ListSides.read(context, (int)where);
        isFirst = ListSides.LEFT == side;
        return ListSides.NONE != side && readCount(context, (int)where + 1);
    }

    private boolean readCount(final CommandContext context, final int index)
    {
        most = 1;
        if (index == context.argCount())
        {
            return true;
        }

        if (!context.argIs(index, "COUNT") || index + 1 == context.argCount())
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        if (!readAtLeast(context, index + 1, 1, NO_COUNT))
        {
            return false;
        }

        most = context.longValue();
        if (index + 2 < context.argCount())
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        return true;
    }

    /**
     * Take from the first key that has a list, and answer the key with what was taken.
     *
     * @param most elements at most, answered as an array; {@link #NOT_READ} for one that stands for itself.
     * @return false if no key has one: nothing has been answered.
     */
    private static boolean takeOfFirst(
        final CommandContext context, final int from, final int to, final boolean isFirst, final long most)
    {
        for (int i = from; i < to; i++)
        {
            final long entry = context.lookupWrite(i);
            if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
            {
                return true;
            }

            if (NO_ENTRY != entry)
            {
                takeAndRewrite(context, i, entry, isFirst, most);
                return true;
            }
        }

        return false;
    }

    /** It goes out as what it has come to. */
    private static void takeAndRewrite(
        final CommandContext context, final int keyIndex, final long entry, final boolean isFirst, final long most)
    {
        final String name = isFirst ? "LPOP" : "RPOP";
        if (NOT_READ == most)
        {
            if (takeOne(context, keyIndex, entry, isFirst, true))
            {
                context.rewrite(name, 2);
                context.rewriteArg(keyIndex);
            }

            return;
        }

        final long taken = takeMany(context, keyIndex, entry, isFirst, most, true);
        if (NOT_READ != taken)
        {
            context.rewrite(name, 3);
            context.rewriteArg(keyIndex);
            context.rewriteArg(taken);
        }
    }

    // What is taken.

    /** False if memory ran out: then that has been answered. @param isKeyAnswered in an array, before the element. */
    private static boolean takeOne(
        final CommandContext context,
        final int keyIndex,
        final long entry,
        final boolean isFirst,
        final boolean isKeyAnswered)
    {
        final OutBuffer out = context.reply().buffer();
        final int mark = out.length();
        final ListValue list = ListCommands.open(context, keyIndex, entry);
        replyKey(context, keyIndex, isKeyAnswered);
        ElementReplies.bulk(context, list.end(isFirst));
        return remove(context, keyIndex, list, isFirst, 1, mark);
    }

    /** @return how many were taken; {@link #NOT_READ} if memory ran out: then that has been answered. */
    private static long takeMany(
        final CommandContext context,
        final int keyIndex,
        final long entry,
        final boolean isFirst,
        final long most,
        final boolean isKeyAnswered)
    {
        final OutBuffer out = context.reply().buffer();
        final int mark = out.length();
        final ListValue list = ListCommands.open(context, keyIndex, entry);
        final long taken = Math.min(most, list.count());
        replyKey(context, keyIndex, isKeyAnswered);
        context.reply().array(taken);
        final ElementWalk walk = context.values().walk();
        walk.begin(entry, isFirst ? 0 : list.count());
        for (long i = 0; i < taken; i++)
        {
            ElementReplies.bulk(context, isFirst ? walk.next() : walk.previous());
        }

        return remove(context, keyIndex, list, isFirst, taken, mark) ? taken : NOT_READ;
    }

    private static void replyKey(final CommandContext context, final int keyIndex, final boolean isKeyAnswered)
    {
        if (isKeyAnswered)
        {
            context.reply().array(2);
            context.reply().bulk(context.argAddress(keyIndex), context.argLength(keyIndex));
        }
    }

    /** They have been answered: now they go, and if that is not possible the answer does. */
    private static boolean remove(
        final CommandContext context,
        final int keyIndex,
        final ListValue list,
        final boolean isFirst,
        final long elements,
        final int mark)
    {
        if (!list.removeEnd(isFirst, elements))
        {
            context.reply().buffer().truncate(mark);
            context.replyOutOfMemory();
            return false;
        }

        ListCommands.taken(context, keyIndex, list, isFirst, elements);
        return true;
    }
}
