package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.commands.SortedSetRange.By;
import org.millrace.engine.commands.SortedSetReplies.Shape;
import org.millrace.engine.datatype.ValueType;

/** ZRANGE, its older relatives, and ZRANGESTORE. Writer thread; keeps the options of the running command. */
final class ZrangeCommands
{
    private final SortedSetRange range = new SortedSetRange();
    private final SortedSetStore store = new SortedSetStore();

    /** As the command's name says, else as its options do; null while neither has. */
    private By by;
    private boolean isReverse;
    private boolean mayTurn;
    private boolean isScored;
    private long offset;
    private long count;

    private ZrangeCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final ZrangeCommands group = new ZrangeCommands();
        final CommandKeys read = CommandKeys.one(KeyFlags.READ);
        table.add("zrange", -4, READONLY, Category.SORTEDSET, read, context -> group.reply(context, null, false));
        table.add("zrevrange", -4, READONLY, Category.SORTEDSET, read,
            context -> group.reply(context, By.RANK, true));
        table.add("zrangebyscore", -4, READONLY, Category.SORTEDSET, read,
            context -> group.reply(context, By.SCORE, false));
        table.add("zrevrangebyscore", -4, READONLY, Category.SORTEDSET, read,
            context -> group.reply(context, By.SCORE, true));
        table.add("zrangebylex", -4, READONLY, Category.SORTEDSET, read,
            context -> group.reply(context, By.TEXT, false));
        table.add("zrevrangebylex", -4, READONLY, Category.SORTEDSET, read,
            context -> group.reply(context, By.TEXT, true));
        table.add("zrangestore", -5, WRITE | DENYOOM, Category.SORTEDSET,
            CommandKeys.of(KeySpec.at(1, KeyFlags.OVERWRITE), KeySpec.at(2, KeyFlags.READ)), group::store);
    }

    /** @param namedBy null for a command that leaves it, and the direction, to its options. */
    private void reply(final CommandContext context, final By namedBy, final boolean isNamedReverse)
    {
        by = namedBy;
        isReverse = isNamedReverse;
        mayTurn = null == namedBy;
        if (!parse(context, 1, false))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().array(0);
            return;
        }

        find(context, entry);
        final Shape shape = SortedSetReplies.shape(context.reply(), isScored);
        SortedSetReplies.begin(context.reply(), range.count(), shape);
        SortedSetReplies.members(context, entry, range.from(), range.to(), isReverse, shape);
    }

    private void store(final CommandContext context)
    {
        by = null;
        isReverse = false;
        mayTurn = true;
        if (!parse(context, 2, true))
        {
            return;
        }

        final long entry = context.lookupRead(2);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        store.begin(context, 1);
        if (NO_ENTRY != entry)
        {
            find(context, entry);
            store.addAll(entry, range.from(), range.to());
        }

        if (NO_ENTRY != entry && range.isAmbiguous())
        {
            store.commit("zrangestore", range.from(), range.to());
        }
        else
        {
            store.commit("zrangestore");
        }
    }

    private void find(final CommandContext context, final long entry)
    {
        range.find(context.values().sortedSets().read(entry));
        if (By.RANK != by)
        {
            range.limit(offset, count, isReverse);
        }
        else if (isReverse)
        {
            range.countFromEnd(context.values().sortedSets().size());
        }
    }

    /** Read all that follows the key. @return false if something is wrong with it: an error has been replied. */
    private boolean parse(final CommandContext context, final int keyIndex, final boolean isStore)
    {
        isScored = false;
        offset = 0;
        count = -1;
        int i = keyIndex + 3;
        while (i < context.argCount())
        {
            final int taken = option(context, i, isStore);
            if (0 == taken)
            {
                return false;
            }

            i += taken;
        }

        by = null == by ? By.RANK : by;
        if (!fits(context))
        {
            return false;
        }

        final boolean isSwapped = isReverse && By.RANK != by;
        return range.read(context, by, keyIndex + (isSwapped ? 2 : 1), keyIndex + (isSwapped ? 1 : 2));
    }

    /** @return arguments that the option takes, 0 if an error has been replied. */
    private int option(final CommandContext context, final int index, final boolean isStore)
    {
        if (!isStore && context.argIs(index, "WITHSCORES"))
        {
            isScored = true;
        }
        else if (context.argIs(index, "LIMIT") && index + 2 < context.argCount())
        {
            return readLimit(context, index) ? 3 : 0;
        }
        else if (mayTurn && context.argIs(index, "REV"))
        {
            mayTurn = false;
            isReverse = true;
        }
        else if (null == by && context.argIs(index, "BYLEX"))
        {
            by = By.TEXT;
        }
        else if (null == by && context.argIs(index, "BYSCORE"))
        {
            by = By.SCORE;
        }
        else
        {
            context.reply().error(Replies.SYNTAX);
            return 0;
        }

        return 1;
    }

    private boolean readLimit(final CommandContext context, final int index)
    {
        if (!context.readLong(index + 1))
        {
            return false;
        }

        offset = context.longValue();
        if (!context.readLong(index + 2))
        {
            return false;
        }

        count = context.longValue();
        return true;
    }

    private boolean fits(final CommandContext context)
    {
        if (-1 != count && By.RANK == by)
        {
            context.reply().error(
                "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
            return false;
        }

        if (isScored && By.TEXT == by)
        {
            context.reply().error("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
            return false;
        }

        return true;
    }
}
