package org.millrace.engine.commands;

import static org.millrace.engine.command.CommandFlags.DENYOOM;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.WRITE;
import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyEvents;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeyRules;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.SetValue;
import org.millrace.engine.datatype.SetWalk;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.DoubleParser;
import org.millrace.engine.value.CollectionLayout;

/** SORT and SORT_RO: elements of a list, set or sorted set put in order. Writer thread; keeps what the call asks for. */
public final class SortCommands
{
    private static final String NOT_A_NUMBER = "ERR One or more scores can't be converted into double";
    private static final int CATEGORIES = Category.SET | Category.SORTEDSET | Category.LIST | Category.DANGEROUS;

    private final SortArguments arguments = new SortArguments();
    private final SortPattern pattern = new SortPattern();
    private final SortVector vector = new SortVector();

    private SortCommands()
    {
    }

    public static void register(final CommandTable table)
    {
        final SortCommands group = new SortCommands();
        table.onClose(group.pattern::close);
        table.onClose(group.vector::close);
        final KeySpec sorted = KeySpec.at(1, KeyFlags.READ);
        final KeySpec patterns = KeySpec.unknown(KeyFlags.READ);
        table.add("sort", -2, WRITE | DENYOOM, CATEGORIES,
            CommandKeys.of(sorted, patterns, KeySpec.unknown(KeyFlags.OVERWRITE)).or(KeyRules::sort), group::sort);
        table.add("sort_ro", -2, READONLY, CATEGORIES,
            CommandKeys.of(sorted, patterns).or(KeyRules::sortReadOnly), group::sortReadOnly);
    }

    void sort(final CommandContext context)
    {
        run(context, true);
    }

    void sortReadOnly(final CommandContext context)
    {
        run(context, false);
    }

    private void run(final CommandContext context, final boolean mayStore)
    {
        if (!arguments.read(context, mayStore))
        {
            return;
        }

        final long entry = context.lookupRead(1);
        final int type = NO_ENTRY == entry ? ValueType.LIST : ValueType.of(entry).redisNumber();
        if (ValueType.LIST != type && ValueType.SET != type && ValueType.SORTED_SET != type)
        {
            context.reply().error(Replies.WRONG_TYPE);
            return;
        }

        final boolean mustBeSame = arguments.storeIndex() > 0 || context.session().isScript();
        if (ValueType.SET == type && mustBeSame && !arguments.isSorted())
        {
            // Two sets that are the same may have their members in another order: so that replicas store the same.
            arguments.sortByText();
        }

        vector.clear();
        final long size = size(entry, type);
        load(context, entry, type, size);
        if (!arguments.isSorted() || sortVector(context))
        {
            finish(context, size);
        }

        vector.clear();
    }

    private static long size(final long entry, final int type)
    {
        if (NO_ENTRY == entry)
        {
            return 0;
        }

        return ValueType.SET == type ? SetValue.size(entry) : ElementWalk.size(entry);
    }

    /** Put elements into the vector: all of them, or those that are wanted where that is known already. */
    private void load(final CommandContext context, final long entry, final int type, final long size)
    {
        final long start = arguments.isSorted() ? 0 : arguments.start(size);
        final long end = arguments.isSorted() ? size : arguments.end(size);
        if (ValueType.SET == type)
        {
            loadSet(context, entry, start, end);
        }
        else if (start < end)
        {
            loadOrdered(context, entry, size, start, end);
        }
    }

    private void loadSet(final CommandContext context, final long entry, final long start, final long end)
    {
        final SetWalk walk = context.values().setWalk();
        walk.begin(entry);
        for (long i = 0; i < end && walk.next(); i++)
        {
            if (i >= start)
            {
                vector.add(walk.member().address(), walk.member().length());
            }
        }

        // Else no two of them are equal, or they come in some order since nobody has asked for one.
        if (arguments.isSorted() && arguments.byIndex() > 0 && arguments.isAlpha())
        {
            vector.sortMembers();
        }
    }

    /** From a list or a sorted set; from the end on, if it is not sorted but is to come the other way round. */
    private void loadOrdered(
        final CommandContext context, final long entry, final long size, final long start, final long end)
    {
        final boolean isBackward = !arguments.isSorted() && arguments.isDescending();
        final ElementWalk walk = context.values().walk();
        final ElementText text = context.values().text();
        walk.begin(entry, isBackward ? size - start : start);
        for (long i = start; i < end; i++)
        {
            text.set(isBackward ? walk.previous() : walk.next());
            vector.add(text.address(), text.length());
        }
    }

    /** Find what elements are sorted by, and sort. @return false if that is no number, which has been replied. */
    private boolean sortVector(final CommandContext context)
    {
        final boolean isBy = arguments.byIndex() > 0;
        if (isBy)
        {
            pattern.set(context, arguments.byIndex());
        }

        boolean isRight = true;
        for (int i = 0, count = vector.count(); i < count && (isBy || !arguments.isAlpha()); i++)
        {
            if (!isBy)
            {
                isRight &= weigh(i, vector.address(i), vector.length(i));
            }
            else if (pattern.find(context, vector.address(i), vector.length(i)))
            {
                isRight &= weigh(i, pattern.address(), pattern.length());
            }
            else
            {
                weighNothing(i);
            }
        }

        if (!isRight)
        {
            context.reply().error(NOT_A_NUMBER);
            return false;
        }

        sortVector();
        return true;
    }

    /** As Redis does: by a pattern and for a part of the result it sorts otherwise. */
    private void sortVector()
    {
        final int count = vector.count();
        final int start = (int)arguments.start(count);
        final int end = (int)arguments.end(count);
        if (arguments.byIndex() > 0 && end - start < count)
        {
            if (start < end)
            {
                vector.sort(arguments.isAlpha(), arguments.isDescending(), start, end - 1);
            }
        }
        else
        {
            vector.sort(arguments.isAlpha(), arguments.isDescending());
        }
    }

    private boolean weigh(final int index, final long address, final long length)
    {
        if (arguments.isAlpha())
        {
            vector.text(index, address, length);
            return true;
        }

        final double weight = DoubleParser.parseWeight(address, length);
        vector.weight(index, weight);
        return !Double.isNaN(weight);
    }

    private void weighNothing(final int index)
    {
        if (arguments.isAlpha())
        {
            vector.noText(index);
        }
        else
        {
            vector.weight(index, 0);
        }
    }

    private void finish(final CommandContext context, final long size)
    {
        // What is not sorted holds no more than what is wanted.
        final int start = arguments.isSorted() ? (int)arguments.start(size) : 0;
        final int end = arguments.isSorted() ? (int)arguments.end(size) : vector.count();
        if (arguments.storeIndex() > 0)
        {
            store(context, start, end);
        }
        else
        {
            reply(context, start, end);
        }
    }

    private long results(final int elements)
    {
        return (long)elements * Math.max(1, arguments.getCount());
    }

    private void reply(final CommandContext context, final int start, final int end)
    {
        context.reply().array(results(end - start));
        for (int i = start; i < end; i++)
        {
            if (0 == arguments.getCount())
            {
                context.reply().bulk(vector.address(i), vector.length(i));
            }

            for (int get = 0; get < arguments.getCount(); get++)
            {
                replyFound(context, arguments.get(get), i);
            }
        }
    }

    private void replyFound(final CommandContext context, final int patternIndex, final int index)
    {
        pattern.set(context, patternIndex);
        if (pattern.find(context, vector.address(index), vector.length(index)))
        {
            context.reply().bulk(pattern.address(), (int)pattern.length());
        }
        else
        {
            context.reply().nullBulk();
        }
    }

    private void store(final CommandContext context, final int start, final int end)
    {
        final int target = arguments.storeIndex();
        final long stored = results(end - start);
        if (0 == stored)
        {
            if (KeyCommands.remove(context, target))
            {
                context.propagate();
            }

            context.reply().integer(0);
            return;
        }

        final long old = context.lookupWrite(target);
        final EntryBuilder builder = context.builder().key(context.keyspace(), context.argAddress(target),
            context.argLength(target), Entry.NO_DEADLINE, StringStore.clock(context, old));
        if (!build(context, start, end, builder))
        {
            context.replyOutOfMemory();
            return;
        }

        CollectionKeys.stored(context, target, old);
        context.changed(target, KeyEvents.LIST, "sortstore");
        context.dirty(stored - 1);
        context.propagate();
        context.reply().integer(stored);
    }

    private boolean build(final CommandContext context, final int start, final int end, final EntryBuilder builder)
    {
        int result = builder.begin(CollectionLayout.LIST, results(end - start));
        if (ValueBuilder.OK != result)
        {
            return false;
        }

        for (int i = start; i < end && ValueBuilder.OK == result; i++)
        {
            result = 0 == arguments.getCount()
                ? builder.add(vector.address(i), vector.length(i))
                : addFound(context, i, builder);
        }

        if (ValueBuilder.OK != result)
        {
            builder.abort();
            return false;
        }

        return ValueBuilder.OK == builder.commit();
    }

    /** What is not found becomes an empty string. */
    private int addFound(final CommandContext context, final int index, final EntryBuilder builder)
    {
        int result = ValueBuilder.OK;
        for (int get = 0; get < arguments.getCount() && ValueBuilder.OK == result; get++)
        {
            pattern.set(context, arguments.get(get));
            final boolean isFound = pattern.find(context, vector.address(index), vector.length(index));
            result = builder.add(isFound ? pattern.address() : vector.address(index), isFound ? pattern.length() : 0);
        }

        return result;
    }
}
