package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.commands.SortedSetReplies.Shape;
import org.millrace.engine.datatype.ScoredResult;
import org.millrace.engine.memory.DoubleParser;
import org.millrace.engine.tree.HashTree;

/** Unions, intersections and differences of sorted sets and sets. Writer thread; keeps what the running command needs. */
final class ZunionCommands
{
    private enum Operation
    {
        UNION("zunionstore"),
        INTERSECTION("zinterstore"),
        DIFFERENCE("zdiffstore");

        private final String event;

        Operation(final String event)
        {
            this.event = event;
        }
    }

    /** What becomes of the result. */
    private enum Use
    {
        REPLY,
        STORE,
        COUNT
    }

    private enum Aggregate
    {
        SUM,
        MIN,
        MAX
    }

    private static final Aggregate[] AGGREGATES = Aggregate.values();

    private final ScoredSources sources = new ScoredSources();
    private final SortedSetStore store = new SortedSetStore();
    private Operation operation;
    private Use use;
    private Aggregate aggregate;
    private boolean isScored;

    /** Members to count at most; 0: all. */
    private long limit;
    private ScoredResult result;

    private ZunionCommands()
    {
    }

    static void register(final CommandTable table)
    {
        final ZunionCommands group = new ZunionCommands();
        addRow(table, "zunion", group, Operation.UNION, Use.REPLY);
        addRow(table, "zinter", group, Operation.INTERSECTION, Use.REPLY);
        addRow(table, "zdiff", group, Operation.DIFFERENCE, Use.REPLY);
        addRow(table, "zintercard", group, Operation.INTERSECTION, Use.COUNT);
        addRow(table, "zunionstore", group, Operation.UNION, Use.STORE);
        addRow(table, "zinterstore", group, Operation.INTERSECTION, Use.STORE);
        addRow(table, "zdiffstore", group, Operation.DIFFERENCE, Use.STORE);
    }

    private static void addRow(
        final CommandTable table,
        final String name,
        final ZunionCommands group,
        final Operation operation,
        final Use use)
    {
        final boolean isStore = Use.STORE == use;
        final KeySpec counted = KeySpec.counted(isStore ? 2 : 1, KeyFlags.READ);
        table.add(name, isStore ? -4 : -3, isStore ? WRITE | DENYOOM : READONLY, Category.SORTEDSET,
            isStore ? CommandKeys.of(KeySpec.at(1, KeyFlags.OVERWRITE), counted) : CommandKeys.of(counted),
            context -> group.run(context, operation, use));
    }

    private void run(final CommandContext context, final Operation wantedOperation, final Use wantedUse)
    {
        operation = wantedOperation;
        use = wantedUse;
        if (!read(context))
        {
            return;
        }

        if (Operation.DIFFERENCE != operation)
        {
            sources.sortBySize();
        }

        if (Use.COUNT == use)
        {
            context.reply().integer(countIntersection());
            return;
        }

        result = context.values().scoredResult().begin();
        try
        {
            if (compute())
            {
                conclude(context);
            }
            else
            {
                context.replyOutOfMemory();
            }
        }
        finally
        {
            result.end();
            sources.close();
        }
    }

    // Arguments.

    private boolean read(final CommandContext context)
    {
        final int keysIndex = Use.STORE == use ? 2 : 1;
        if (!context.readLong(keysIndex))
        {
            return false;
        }

        final long keys = context.longValue();
        if (keys < 1)
        {
            context.reply().error("ERR at least 1 input key is needed for '" + context.spec().fullName() + "' command");
            return false;
        }

        if (keys > context.argCount() - keysIndex - 1)
        {
            context.reply().error(Replies.SYNTAX);
            return false;
        }

        return sources.open(context, keysIndex + 1, (int)keys) && readOptions(context, keysIndex + 1 + (int)keys);
    }

    private boolean readOptions(final CommandContext context, final int first)
    {
        aggregate = Aggregate.SUM;
        isScored = false;
        limit = 0;
        int i = first;
        while (i < context.argCount())
        {
            final int taken = readOption(context, i);
            if (0 == taken)
            {
                return false;
            }

            i += taken;
        }

        return true;
    }

    /** @return arguments that the option takes, 0 if an error has been replied. */
    private int readOption(final CommandContext context, final int index)
    {
        final int rest = context.argCount() - index;
        final boolean isAggregating = Operation.DIFFERENCE != operation && Use.COUNT != use;
        if (isAggregating && rest > sources.count() && context.argIs(index, "WEIGHTS"))
        {
            return readWeights(context, index + 1) ? 1 + sources.count() : 0;
        }

        if (isAggregating && rest >= 2 && context.argIs(index, "AGGREGATE"))
        {
            return readAggregate(context, index + 1) ? 2 : 0;
        }

        if (Use.REPLY == use && context.argIs(index, "WITHSCORES"))
        {
            isScored = true;
            return 1;
        }

        if (Use.COUNT == use && rest >= 2 && context.argIs(index, "LIMIT"))
        {
            return readLimit(context, index + 1) ? 2 : 0;
        }

        context.reply().error(Replies.SYNTAX);
        return 0;
    }

    private boolean readWeights(final CommandContext context, final int first)
    {
        for (int i = 0; i < sources.count(); i++)
        {
            final double weight = DoubleParser.parse(context.argAddress(first + i), context.argLength(first + i));
            if (Double.isNaN(weight))
            {
                context.reply().error("ERR weight value is not a float");
                return false;
            }

            sources.weight(i, weight);
        }

        return true;
    }

    private boolean readAggregate(final CommandContext context, final int index)
    {
        for (final Aggregate each : AGGREGATES)
        {
            if (context.argIs(index, each.name()))
            {
                aggregate = each;
                return true;
            }
        }

        context.reply().error(Replies.SYNTAX);
        return false;
    }

    private boolean readLimit(final CommandContext context, final int index)
    {
        final String error = "ERR LIMIT can't be negative";
        if (!context.readLong(index, error))
        {
            return false;
        }

        limit = context.longValue();
        if (limit < 0)
        {
            context.reply().error(error);
        }

        return limit >= 0;
    }

    // The result.

    /** @return false if memory ran out. */
    private boolean compute()
    {
        return switch (operation)
        {
            case UNION -> unite();
            case INTERSECTION -> intersect();
            case DIFFERENCE -> subtract();
        };
    }

    private boolean unite()
    {
        for (int i = 0; i < sources.count(); i++)
        {
            sources.begin(i);
            while (sources.next())
            {
                final double score = sources.score(i);
                final boolean isThere = result.find(sources.address(), sources.length());
                if (!result.set(isThere ? aggregate(result.score(), score) : score))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private boolean intersect()
    {
        sources.begin(0);
        while (sources.next())
        {
            double score = sources.score(0);
            int i = 1;
            while (i < sources.count() && sources.isIn(i))
            {
                score = aggregate(score, sources.otherScore());
                i++;
            }

            if (i == sources.count() && !add(score))
            {
                return false;
            }
        }

        return true;
    }

    private boolean subtract()
    {
        sources.begin(0);
        while (sources.next())
        {
            int i = 1;
            while (i < sources.count() && !sources.isIn(i))
            {
                i++;
            }

            if (i == sources.count() && !add(sources.score(0)))
            {
                return false;
            }
        }

        return true;
    }

    private boolean add(final double score)
    {
        result.find(sources.address(), sources.length());
        return result.set(score);
    }

    private long countIntersection()
    {
        long count = 0;
        sources.begin(0);
        while (sources.next() && (0 == limit || count < limit))
        {
            int i = 1;
            while (i < sources.count() && sources.isIn(i))
            {
                i++;
            }

            count += i == sources.count() ? 1 : 0;
        }

        return count;
    }

    private double aggregate(final double present, final double more)
    {
        switch (aggregate)
        {
            case MIN -> {
                return more < present ? more : present;
            }
            case MAX -> {
                return more > present ? more : present;
            }
            default -> {
                final double sum = present + more;
                // Of infinities of both signs.
                return Double.isNaN(sum) ? 0 : sum;
            }
        }
    }

    private void conclude(final CommandContext context)
    {
        result.rewind();
        if (Use.STORE == use)
        {
            store.begin(context, 1);
            for (long at = result.next(); HashTree.NONE != at; at = result.next())
            {
                store.add(at);
            }

            store.commit(operation.event);
            return;
        }

        final Shape shape = SortedSetReplies.shape(context.reply(), isScored);
        SortedSetReplies.begin(context.reply(), result.size(), shape);
        for (long at = result.next(); HashTree.NONE != at; at = result.next())
        {
            SortedSetReplies.member(context, at, shape);
        }
    }
}
