package org.millrace.engine.commands;

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
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.ListValue;
import org.millrace.engine.datatype.ValueType;

/** What looks for elements of a list: LPOS, LREM. Writer thread; keeps the options of the running command. */
final class ListSearchCommands
{
    private static final String RANK_ZERO = "ERR RANK can't be zero: use 1 to start from the first match, 2 from the " +
        "second ... or use negative to start from the end of the list";
    private static final String SIGNED_RANGE = "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807";

    /** No COUNT: the answer is one position, or null. */
    private static final long ONE = -1;

    private long rank;
    private long most;
    private long lengthMax;
    private long firstFound;

    private ListSearchCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final ListSearchCommands group = new ListSearchCommands();
        table.add("lpos", -3, READONLY, Category.LIST, CommandKeys.one(KeyFlags.READ), group::lpos);
        table.add("lrem", 4, WRITE, Category.LIST, CommandKeys.one(KeyFlags.RW | KeyFlags.DELETE),
            ListSearchCommands::lrem);
    }

    private void lpos(final CommandContext context)
    {
        if (!readOptions(context))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            return;
        }

        if (NO_ENTRY != entry)
        {
            search(context, entry);
        }
        else if (ONE == most)
        {
            context.reply().nullBulk();
        }
        else
        {
            context.reply().array(0);
        }
    }

    private boolean readOptions(final CommandContext context)
    {
        rank = 1;
        most = ONE;
        lengthMax = 0;
        for (int i = 3; i < context.argCount(); i += 2)
        {
            if (i + 1 == context.argCount())
            {
                context.reply().error(Replies.SYNTAX);
                return false;
            }

            if (!readOption(context, i))
            {
                return false;
            }
        }

        return true;
    }

    /** False if it was answered with an error. */
    private boolean readOption(final CommandContext context, final int index)
    {
        if (context.argIs(index, "RANK"))
        {
            return readRank(context, index + 1);
        }

        if (context.argIs(index, "COUNT"))
        {
            if (!readNatural(context, index + 1, "ERR COUNT can't be negative"))
            {
                return false;
            }

            most = context.longValue();
            return true;
        }

        if (!context.argIs(index, "MAXLEN"))
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        if (!readNatural(context, index + 1, "ERR MAXLEN can't be negative"))
        {
            return false;
        }

        lengthMax = context.longValue();
        return true;
    }

    private boolean readRank(final CommandContext context, final int index)
    {
        if (!context.readLong(index))
        {
            return false;
        }

        rank = context.longValue();
        if (0 == rank || Long.MIN_VALUE == rank)
        {
            context.reply().error(0 == rank ? RANK_ZERO : SIGNED_RANGE);
            return false;
        }

        return true;
    }

    private static boolean readNatural(final CommandContext context, final int index, final String error)
    {
        if (!context.readLong(index, error))
        {
            return false;
        }

        if (context.longValue() < 0)
        {
            context.reply().error(error);
            return false;
        }

        return true;
    }

    private void search(final CommandContext context, final long entry)
    {
        final ListValue list = context.values().lists().read(entry).seek(context.argAddress(2), context.argLength(2));
        final boolean isOne = ONE == most;
        most = isOne ? 1 : most;
        // Their number stands before the positions, so they are counted first.
        final long found = walk(context, list, false);
        if (!isOne)
        {
            context.reply().array(found);
            if (found > 0)
            {
                walk(context, list, true);
            }
        }
        else if (found > 0)
        {
            context.reply().integer(firstFound);
        }
        else
        {
            context.reply().nullBulk();
        }
    }

    /** Go over the elements that are asked for. @param isAnswered their positions are. @return how many there are. */
    private long walk(final CommandContext context, final ListValue list, final boolean isAnswered)
    {
        final boolean isFromEnd = rank < 0;
        final long count = list.count();
        final long length = 0 == lengthMax ? count : Math.min(count, lengthMax);
        final ElementWalk walk = context.values().walk();
        walk.begin(list.entry(), isFromEnd ? count : 0);
        long others = Math.abs(rank) - 1;
        long found = 0;
        for (long i = 0; i < length; i++)
        {
            if (!list.isSought(isFromEnd ? walk.previous() : walk.next()) || others-- > 0)
            {
                continue;
            }

            final long position = isFromEnd ? count - 1 - i : i;
            firstFound = 0 == found ? position : firstFound;
            found++;
            if (isAnswered)
            {
                context.reply().integer(position);
            }

            if (found == most)
            {
                break;
            }
        }

        return found;
    }

    private static void lrem(final CommandContext context)
    {
        if (!context.readLong(2))
        {
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.LIST))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().integer(0);
            return;
        }

        final ListValue list = ListCommands.open(context, 1, entry)
            .seek(context.argAddress(3), context.argLength(3));
        final long removed = list.removeSought(context.longValue() < 0, most(context.longValue()));
        if (ListValue.NO_MEMORY == removed)
        {
            context.replyOutOfMemory();
            return;
        }

        if (removed > 0)
        {
            context.changed(1, KeyEvents.LIST, "lrem");
            context.dirty(removed - 1);
            CollectionKeys.removed(context, 1, list.entry());
            propagateRemoval(context);
        }

        context.reply().integer(removed);
    }

    /** Replicas of versions after 7.2 refuse the number that has no negative: they are told 0, which means the same. */
    private static void propagateRemoval(final CommandContext context)
    {
        if (Long.MIN_VALUE != context.longValue())
        {
            context.propagate();
            return;
        }

        context.rewrite(4);
        context.rewriteArg(0);
        context.rewriteArg(1);
        context.rewriteArg("0");
        context.rewriteArg(3);
    }

    /** All for 0, and for the number that has no negative. */
    private static long most(final long count)
    {
        return 0 == count || Long.MIN_VALUE == count ? Long.MAX_VALUE : Math.abs(count);
    }
}
