package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;
import static org.millrace.engine.tree.HashTree.ADDED;
import static org.millrace.engine.tree.HashTree.NONE;
import static org.millrace.engine.tree.HashTree.NO_MEMORY;
import static org.millrace.engine.tree.HashTree.REPLACED;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.memory.DoubleParser;
import org.millrace.engine.resp.ReplyWriter;

/** ZADD and ZINCRBY. Writer thread; keeps the options of the running command. */
final class ZaddCommands
{
    private static final int NX = 1;
    private static final int XX = 1 << 1;
    private static final int GT = 1 << 2;
    private static final int LT = 1 << 3;
    private static final int CH = 1 << 4;
    private static final int INCR = 1 << 5;

    private static final String[] WORDS = {"NX", "XX", "GT", "LT", "CH", "INCR"};

    /** Room for scores that is kept from one command to the next. */
    private static final int KEPT_CAPACITY = 1024;

    /** What {@link #put} returns beside what the value says. */
    private static final int SKIPPED = -2;
    private static final int NOT_A_NUMBER = -3;

    private int options;
    private int first;
    private int pairs;
    private double[] scores = new double[16];

    // Of the pairs so far.
    private int added;
    private int updated;
    private boolean hasScore;
    private double score;

    private ZaddCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final ZaddCommands group = new ZaddCommands();
        table.add("zadd", -4, WRITE | DENYOOM | FAST, Category.SORTEDSET, CommandKeys.one(KeyFlags.EDIT),
            context -> group.run(context, 0)).placedElement(3);
        table.add("zincrby", 4, WRITE | DENYOOM | FAST, Category.SORTEDSET, CommandKeys.one(KeyFlags.CHANGE),
            context -> group.run(context, INCR)).placedElement(3);
    }

    private void run(final CommandContext context, final int namedOptions)
    {
        options = namedOptions;
        if (!parse(context) || !areCompatible(context) || !readScores(context))
        {
            return;
        }

        final long entry = context.lookupWrite(1);
        if (!context.isOfTypeOrAbsent(entry, ValueType.SORTED_SET))
        {
            return;
        }

        added = 0;
        updated = 0;
        hasScore = false;
        final boolean isRefused = NO_ENTRY == entry && has(XX);
        final int done = isRefused ? pairs : putAll(context, entry);
        if (added + updated > 0)
        {
            CollectionKeys.created(context, 1, entry, context.values().sortedSets().entry());
            context.changed(1, KeyEvents.SORTED_SET, has(INCR) ? "zincr" : "zadd");
            context.dirty(added + updated - 1);
            // If memory ran out, what was done stays done: here and on every replica.
            context.propagate(first + 2 * done);
        }

        if (done == pairs)
        {
            reply(context.reply());
        }
    }

    private boolean has(final int some)
    {
        return 0 != (options & some);
    }

    private boolean parse(final CommandContext context)
    {
        first = 2;
        int option = option(context, first);
        while (0 != option)
        {
            options |= option;
            first++;
            option = option(context, first);
        }

        final int rest = context.argCount() - first;
        pairs = rest / 2;
        if (0 == rest || 0 != rest % 2)
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        return true;
    }

    private static int option(final CommandContext context, final int index)
    {
        for (int i = 0; i < WORDS.length && index < context.argCount(); i++)
        {
            if (context.argIs(index, WORDS[i]))
            {
                return 1 << i;
            }
        }

        return 0;
    }

    private boolean areCompatible(final CommandContext context)
    {
        String error = null;
        if (has(NX) && has(XX))
        {
            error = "ERR XX and NX options at the same time are not compatible";
        }
        else if (has(GT | LT) && has(NX) || has(GT) && has(LT))
        {
            error = "ERR GT, LT, and/or NX options at the same time are not compatible";
        }
        else if (has(INCR) && pairs > 1)
        {
            error = "ERR INCR option supports a single increment-element pair";
        }

        if (null != error)
        {
            context.reply().error(error);
        }

        return null == error;
    }

    private boolean readScores(final CommandContext context)
    {
        if (pairs > scores.length || pairs <= KEPT_CAPACITY && scores.length > KEPT_CAPACITY)
        {
            scores = new double[Math.max(16, pairs)];
        }

        for (int i = 0; i < pairs; i++)
        {
            final int index = first + 2 * i;
            scores[i] = DoubleParser.parse(context.argAddress(index), context.argLength(index));
            if (Double.isNaN(scores[i]))
            {
                context.reply().error(Replies.NOT_A_FLOAT);
                return false;
            }
        }

        return true;
    }

    /** @return pairs done; if not all, an error has been replied. */
    private int putAll(final CommandContext context, final long entry)
    {
        final SortedSetValue set = context.values().sortedSets().open(
            context.keyspace(), context.argAddress(1), context.argLength(1), entry);
        if (!set.expect(pairs))
        {
            context.replyOutOfMemory();
            return 0;
        }

        for (int i = 0; i < pairs; i++)
        {
            final int index = first + 2 * i + 1;
            final int result = put(set, set.find(context.argAddress(index), context.argLength(index)), scores[i]);
            if (NOT_A_NUMBER == result)
            {
                context.reply().error("ERR resulting score is not a number (NaN)");
                return i;
            }

            if (NO_MEMORY == result)
            {
                context.replyOutOfMemory();
                removeIfEmpty(set);
                return i;
            }

            added += ADDED == result ? 1 : 0;
            updated += REPLACED == result ? 1 : 0;
        }

        return pairs;
    }

    /** The key was made for members of which none has come. */
    private static void removeIfEmpty(final SortedSetValue set)
    {
        if (NO_ENTRY != set.entry() && 0 == set.size())
        {
            set.removeKey();
        }
    }

    private int put(final SortedSetValue set, final long at, final double given)
    {
        if (has(NONE == at ? XX : NX))
        {
            return SKIPPED;
        }

        double wanted = given;
        if (NONE != at)
        {
            final double present = SortedSetValue.score(at);
            wanted = has(INCR) ? given + present : given;
            if (Double.isNaN(wanted))
            {
                return NOT_A_NUMBER;
            }

            if (has(LT) && wanted >= present || has(GT) && wanted <= present)
            {
                return SKIPPED;
            }
        }

        score = wanted;
        hasScore = true;
        return set.set(wanted);
    }

    private void reply(final ReplyWriter reply)
    {
        if (!has(INCR))
        {
            reply.integer(has(CH) ? added + updated : added);
        }
        else if (hasScore)
        {
            reply.number(score);
        }
        else
        {
            reply.nullBulk();
        }
    }
}
