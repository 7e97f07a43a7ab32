package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.agrona.collections.LongArrayList;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.tree.HashTree;

/** Fields of hashes that nobody has named: HSCAN, HRANDFIELD. Writer thread. */
final class HashScanCommands
{
    private static final int OPTIONS_INDEX = 3;

    private final ScanArguments arguments = new ScanArguments();
    private final RandomPicks picks = new RandomPicks();

    /** Pairs that the running command has replied. */
    private long replied;

    /** HRANDFIELD chooses from these, not from all; null if it does not. */
    private LongArrayList elements;

    private HashScanCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final HashScanCommands group = new HashScanCommands();
        final CommandKeys read = CommandKeys.one(KeyFlags.READ);
        table.add("hscan", -3, READONLY, Category.HASH, read, group::hscan);
        table.add("hrandfield", -2, READONLY, Category.HASH, read, group::hrandfield);
    }

    void hscan(final CommandContext context)
    {
        if (!arguments.readCursor(context, 2))
        {
            return;
        }

        final HashValue hash = HashCommands.read(context);
        if (null == hash)
        {
            return;
        }

        // A key that is not there is answered before its options are looked at.
        if (NO_ENTRY != hash.entry() && !arguments.readOptions(context, OPTIONS_INDEX, false))
        {
            return;
        }

        final int mark = ScanArguments.begin(context);
        replied = 0;
        final long cursor = NO_ENTRY == hash.entry() ? 0 : step(context, hash);
        ScanArguments.end(context, mark, cursor, 2 * replied);
    }

    private long step(final CommandContext context, final HashValue hash)
    {
        final ElementText text = context.values().text();
        long cursor = arguments.cursor();
        long seen = 0;
        do
        {
            cursor = hash.scan(cursor);
            for (long at = hash.nextScanned(); HashTree.NONE != at; at = hash.nextScanned())
            {
                seen++;
                text.set(at);
                if (!HashFields.isOver(context, hash, at) &&
                    arguments.isMatching(context, text.address(), text.length()))
                {
                    replyPair(context, at, true);
                    replied++;
                }
            }
        }
        while (0 != cursor && seen < arguments.count());
        return cursor;
    }

    void hrandfield(final CommandContext context)
    {
        if (2 == context.argCount())
        {
            replyOne(context);
            return;
        }

        if (!context.readLong(2))
        {
            return;
        }

        final long count = context.longValue();
        final boolean hasValues = 4 == context.argCount() && context.argIs(OPTIONS_INDEX, "WITHVALUES");
        if (Long.MIN_VALUE == count)
        {
            context.reply().error("ERR value is out of range, value must between -9223372036854775807 and " +
                "9223372036854775807");
        }
        else if (context.argCount() > OPTIONS_INDEX && !hasValues)
        {
            context.reply().error(Replies.SYNTAX);
        }
        else if (hasValues && Math.abs(count) > Long.MAX_VALUE / 2)
        {
            context.reply().error("ERR value is out of range");
        }
        else
        {
            replySome(context, count, hasValues);
        }
    }

    private void replyOne(final CommandContext context)
    {
        final HashValue hash = HashCommands.read(context);
        if (null == hash)
        {
            return;
        }

        final long size = gather(context, hash);
        if (0 == size)
        {
            context.reply().nullBulk();
        }
        else
        {
            ElementReplies.bulk(context, at(hash, RandomPicks.one(context, size)));
        }
    }

    /**
     * What there is to choose from: {@link #at} tells it by number. What is over goes; where it may not, on a replica, the
     * others are gathered.
     *
     * @return how many there are.
     */
    private long gather(final CommandContext context, final HashValue hash)
    {
        HashFields.expire(context, hash);
        elements = null;
        if (0 == HashFields.countOver(context, hash))
        {
            return hash.size();
        }

        elements = new LongArrayList();
        final ElementWalk walk = context.values().walk();
        walk.begin(hash.entry());
        for (long at = walk.next(); HashTree.NONE != at; at = walk.next())
        {
            if (!HashFields.isOver(context, hash, at))
            {
                elements.addLong(at);
            }
        }

        return elements.size();
    }

    private long at(final HashValue hash, final long number)
    {
        return null == elements ? hash.at(number) : elements.getLong((int)number);
    }

    private void replySome(final CommandContext context, final long count, final boolean hasValues)
    {
        final HashValue hash = HashCommands.read(context);
        if (null == hash)
        {
            return;
        }

        final long size = gather(context, hash);
        final boolean isRepeating = count < 0;
        final long wanted = 0 == size ? 0 : isRepeating ? -count : Math.min(count, size);
        RandomPicks.require(context, isRepeating ? wanted : 0);
        replyHeader(context, wanted, hasValues);
        if (isRepeating)
        {
            for (long i = 0; i < wanted; i++)
            {
                replyElement(context, at(hash, RandomPicks.one(context, size)), hasValues);
            }
        }
        else if (wanted == size)
        {
            replyAll(context, hash, hasValues);
        }
        else if (wanted > RandomPicks.CHOSEN_MAX)
        {
            replyByWalk(context, hash, wanted, hasValues);
        }
        else
        {
            picks.choose(context, size, wanted);
            for (int i = 0; i < picks.size(); i++)
            {
                replyElement(context, at(hash, picks.number(i)), hasValues);
            }
        }
    }

    private void replyAll(final CommandContext context, final HashValue hash, final boolean hasValues)
    {
        if (NO_ENTRY != hash.entry())
        {
            final ElementWalk walk = context.values().walk();
            walk.begin(hash.entry());
            for (long at = walk.next(); HashTree.NONE != at; at = walk.next())
            {
                if (null == elements || !HashFields.isOver(context, hash, at))
                {
                    replyElement(context, at, hasValues);
                }
            }
        }
    }

    private void replyByWalk(
        final CommandContext context, final HashValue hash, final long wanted, final boolean hasValues)
    {
        final ElementWalk walk = context.values().walk();
        walk.begin(hash.entry());
        for (picks.beginWalk(hash.size(), wanted); picks.isGoingOn();)
        {
            final long at = walk.next();
            if (picks.takesNext(context))
            {
                replyElement(context, at, hasValues);
            }
        }
    }

    private static void replyHeader(final CommandContext context, final long wanted, final boolean hasValues)
    {
        final boolean isFlat = hasValues && 3 != context.reply().version();
        context.reply().array(isFlat ? 2 * wanted : wanted);
    }

    /** In RESP3 an element with its value is an array of its own. */
    private static void replyElement(final CommandContext context, final long at, final boolean hasValues)
    {
        if (hasValues && 3 == context.reply().version())
        {
            context.reply().array(2);
        }

        replyPair(context, at, hasValues);
    }

    private static void replyPair(final CommandContext context, final long at, final boolean hasValue)
    {
        ElementReplies.bulk(context, at);
        if (hasValue)
        {
            ElementReplies.bulk(context, HashValue.value(at));
        }
    }
}
