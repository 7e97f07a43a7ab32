package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.commands.SortedSetReplies.Shape;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueType;

/** ZRANDMEMBER: members by numbers that are drawn, so each as likely as any other. Writer thread. */
final class ZrandmemberCommand
{
    private final RandomPicks picks = new RandomPicks();

    private ZrandmemberCommand()
    {
    }

    static void register(final CommandTable table)
    {
        table.add("zrandmember", -2, READONLY, Category.SORTEDSET, CommandKeys.one(KeyFlags.READ),
            new ZrandmemberCommand()::run);
    }

    private void run(final CommandContext context)
    {
        if (2 == context.argCount())
        {
            one(context);
            return;
        }

        if (!context.readLong(2))
        {
            return;
        }

        final long count = context.longValue();
        final boolean isScored = 4 == context.argCount() && context.argIs(3, "WITHSCORES");
        if (Long.MIN_VALUE == count)
        {
            context.reply().error(
                "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807");
        }
        else if (context.argCount() > 3 && !isScored)
        {
            context.reply().error(Replies.SYNTAX);
        }
        else if (isScored && Math.abs(count) > Long.MAX_VALUE / 2)
        {
            context.reply().error("ERR value is out of range");
        }
        else
        {
            many(context, count, isScored);
        }
    }

    private static void one(final CommandContext context)
    {
        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        if (NO_ENTRY == entry)
        {
            context.reply().nullBulk();
            return;
        }

        final SortedSetValue set = context.values().sortedSets().read(entry);
        ElementReplies.bulk(context, set.at(RandomPicks.one(context, set.size())));
    }

    private void many(final CommandContext context, final long count, final boolean isScored)
    {
        final long entry = context.lookupRead(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        final SortedSetValue set = context.values().sortedSets().read(entry);
        final long size = set.size();
        final Shape shape = SortedSetReplies.shape(context.reply(), isScored);
        final boolean isRepeating = count < 0;
        RandomPicks.require(context, isRepeating && size > 0 ? -count : 0);
        SortedSetReplies.begin(context.reply(), 0 == size ? 0 : isRepeating ? -count : Math.min(count, size), shape);
        if (count >= size)
        {
            // All of them, in the order in which Redis has them here.
            SortedSetReplies.members(context, entry, 0, size, true, shape);
        }
        else if (isRepeating)
        {
            for (long i = size > 0 ? count : 0; i < 0; i++)
            {
                SortedSetReplies.member(context, set.at(RandomPicks.one(context, size)), shape);
            }
        }
        else if (count > RandomPicks.CHOSEN_MAX)
        {
            final ElementWalk walk = context.values().walk();
            walk.begin(entry);
            for (picks.beginWalk(size, count); picks.isGoingOn();)
            {
                final long at = walk.next();
                if (picks.takesNext(context))
                {
                    SortedSetReplies.member(context, at, shape);
                }
            }
        }
        else
        {
            picks.choose(context, size, count);
            for (int i = 0; i < picks.size(); i++)
            {
                SortedSetReplies.member(context, set.at(picks.number(i)), shape);
            }
        }
    }
}
