package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import java.util.Arrays;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.ElementPrefetch;
import org.millrace.engine.datatype.MemberTable;
import org.millrace.engine.datatype.SetMember;
import org.millrace.engine.datatype.SetValue;
import org.millrace.engine.datatype.SetWalk;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.IntsetLayout;

/**
 * The sets that a command has been given, and what they have in common, in all, or apart. A result tells members by where
 * they lie in these sets, so it holds as long as none of them changes. Writer thread; used again and again.
 */
final class SetOperands
{
    private static final int CAPACITY_MIN = 16;

    /** Room that is kept from one command to the next. */
    private static final int CAPACITY_KEPT = 1024;

    /** Members that are looked ahead for at once. */
    private static final int AHEAD = 32;

    /** Bits of the number of a set where sets are put in order; its size stands above them. */
    private static final int NUMBER_BITS = 30;
    private static final long NUMBER_MASK = (1L << NUMBER_BITS) - 1;
    private static final long SIZE_MAX = (1L << 33) - 1;

    /** Entries, {@code NO_ENTRY} for a key that is not there: an empty set. */
    private long[] entries = new long[CAPACITY_MIN];
    private long[] keys = new long[CAPACITY_MIN];
    private int count;
    private boolean isLookingAhead;
    private long passed;
    private int storedType;
    private long storedSize;

    /**
     * Look for the sets of some arguments, from {@code first} to below {@code end}.
     *
     * @return false if one of them is no set; then that was replied.
     */
    boolean lookup(final CommandContext context, final int first, final int end)
    {
        count = 0;
        reserve(end - first);
        for (int i = first; i < end; i++)
        {
            MultipleKeys.prefetch(context, i, 1);
            final long entry = context.lookupRead(i);
            if (!context.isOfTypeOrAbsent(entry, ValueType.SET))
            {
                return false;
            }

            entries[count++] = entry;
        }

        return true;
    }

    private void reserve(final int capacity)
    {
        if (capacity > entries.length || entries.length > CAPACITY_KEPT)
        {
            entries = new long[Math.max(capacity, CAPACITY_MIN)];
            keys = new long[entries.length];
        }
    }

    /** As what the result that was made last is stored: what it consists of decides, but for one case. */
    int storedType()
    {
        return storedType;
    }

    /** Members that decide about the encoding of the result that was made last, if it is stored. */
    long storedSize()
    {
        return storedSize;
    }

    private MemberTable result(final MemberTable result)
    {
        storedType = IntsetLayout.TYPE;
        storedSize = result.size();
        return result;
    }

    private static MemberTable begin(final CommandContext context)
    {
        final MemberTable table = context.values().memberTable();
        table.begin(context.random());
        return table;
    }

    MemberTable intersection(final CommandContext context)
    {
        final MemberTable result = begin(context);
        if (beginIntersection(context))
        {
            final SetWalk walk = context.values().setWalk();
            while (next(context, walk))
            {
                if (isInOthers(context, walk.member(), true))
                {
                    result.append(walk.member());
                }
            }
        }

        return result(result);
    }

    /** @param limit at which to stop; 0 for none. */
    long intersectionSize(final CommandContext context, final long limit)
    {
        if (!beginIntersection(context))
        {
            return 0;
        }

        if (1 == count)
        {
            final long size = SetValue.size(entries[0]);
            return 0 == limit ? size : Math.min(size, limit);
        }

        final SetWalk walk = context.values().setWalk();
        long size = 0;
        while ((0 == limit || size < limit) && next(context, walk))
        {
            size += isInOthers(context, walk.member(), true) ? 1 : 0;
        }

        return size;
    }

    /** The smallest set is walked over, the next smallest is asked first. @return false if one set is empty. */
    private boolean beginIntersection(final CommandContext context)
    {
        for (int i = 0; i < count; i++)
        {
            if (NO_ENTRY == entries[i])
            {
                return false;
            }
        }

        sort(0, true);
        beginFirst(context);
        return true;
    }

    private void beginFirst(final CommandContext context)
    {
        context.values().setWalk().begin(entries[0]);
        isLookingAhead = count > 1 && NO_ENTRY != entries[1] && SetValue.isTree(entries[1]);
        passed = 0;
        if (isLookingAhead)
        {
            context.values().secondSetWalk().begin(entries[0]);
        }
    }

    /** On to the next member of the first set. What it takes to ask the second one is loaded for some at a time. */
    private boolean next(final CommandContext context, final SetWalk walk)
    {
        if (isLookingAhead && 0 == passed++ % AHEAD)
        {
            final SetWalk ahead = context.values().secondSetWalk();
            final ElementPrefetch prefetch = context.values().prefetch();
            for (int i = 0; i < AHEAD && ahead.next(); i++)
            {
                prefetch.add(entries[1], ahead.member().address(), ahead.member().length());
            }

            prefetch.finish();
        }

        return walk.next();
    }

    /** Put the sets from one on in the order of their sizes. */
    private void sort(final int first, final boolean isAscending)
    {
        for (int i = first; i < count; i++)
        {
            final long size = SetCommands.size(entries[i]);
            keys[i] = (isAscending ? size : SIZE_MAX - size) << NUMBER_BITS | i;
        }

        Arrays.sort(keys, first, count);
        for (int i = first; i < count; i++)
        {
            keys[i] = entries[(int)(keys[i] & NUMBER_MASK)];
        }

        System.arraycopy(keys, first, entries, first, count - first);
    }

    /** True if a member of the first set is in each of the others; in none of them, if that is wanted. */
    private boolean isInOthers(final CommandContext context, final SetMember member, final boolean isWanted)
    {
        for (int i = 1; i < count; i++)
        {
            final boolean isThere = NO_ENTRY != entries[i] && (entries[i] == entries[0] ||
                context.values().sets().read(entries[i]).contains(member));
            if (isThere != isWanted)
            {
                return false;
            }
        }

        return true;
    }

    MemberTable union(final CommandContext context)
    {
        final MemberTable result = begin(context);
        for (int i = 0; i < count; i++)
        {
            addAll(context, entries[i], result);
        }

        return result(result);
    }

    private static void addAll(final CommandContext context, final long entry, final MemberTable result)
    {
        if (NO_ENTRY == entry)
        {
            return;
        }

        final SetWalk walk = context.values().setWalk();
        walk.begin(entry);
        while (walk.next())
        {
            result.add(walk.member());
        }
    }

    /** Members of the first set that no other one has. */
    MemberTable difference(final CommandContext context)
    {
        final MemberTable result = begin(context);
        if (NO_ENTRY == entries[0] || isFirstRepeated())
        {
            return result(result);
        }

        if (isAskingCheaper())
        {
            differenceByAsking(context, result);
            return result(result);
        }

        differenceByRemoving(context, result);
        return result;
    }

    private boolean isFirstRepeated()
    {
        for (int i = 1; i < count; i++)
        {
            if (entries[i] == entries[0])
            {
                return true;
            }
        }

        return false;
    }

    /**
     * Asking for each member of the first set whether others have it takes members times sets; removing all members of
     * the others from it takes the sum of all members, but more for each. Redis weighs the two alike.
     */
    private boolean isAskingCheaper()
    {
        long asked = 0;
        long removed = 0;
        for (int i = 0; i < count; i++)
        {
            if (NO_ENTRY != entries[i])
            {
                asked += SetValue.size(entries[0]);
                removed += SetValue.size(entries[i]);
            }
        }

        return asked / 2 <= removed;
    }

    private void differenceByAsking(final CommandContext context, final MemberTable result)
    {
        sort(1, false);
        final SetWalk walk = context.values().setWalk();
        beginFirst(context);
        while (next(context, walk))
        {
            if (isInOthers(context, walk.member(), false))
            {
                result.append(walk.member());
            }
        }
    }

    /** The result begins as the whole first set, in Redis as a set of its own, which keeps the encoding of that. */
    private void differenceByRemoving(final CommandContext context, final MemberTable result)
    {
        addAll(context, entries[0], result);
        result(result);
        storedType = result.hasTexts() ? CollectionLayout.SET : IntsetLayout.TYPE;
        storedSize = result.longest() > context.settings().thresholds.setValue ? Long.MAX_VALUE : storedSize;
        final SetWalk walk = context.values().setWalk();
        for (int i = 1; i < count && result.size() > 0; i++)
        {
            if (NO_ENTRY != entries[i])
            {
                walk.begin(entries[i]);
                while (walk.next())
                {
                    result.remove(walk.member());
                }
            }
        }
    }
}
