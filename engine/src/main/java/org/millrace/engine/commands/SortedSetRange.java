package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.memory.DoubleParser;
import org.millrace.engine.memory.Memory;

/**
 * A part of a sorted set as arguments name it, by rank, by score or by text: read before the key is looked at, then found
 * in the set, as the numbers of its elements from {@link #from} to below {@link #to}. Writer thread; for one command at a
 * time.
 */
final class SortedSetRange
{
    /** How the ends of a part are named. */
    enum By
    {
        RANK,
        SCORE,
        TEXT
    }

    /** An end of a part by text: before all members, at a text, behind all members. */
    private static final int LOWEST = -1;
    private static final int TEXT = 0;
    private static final int HIGHEST = 1;

    private By by;
    private long start;
    private long stop;
    private double min;
    private double max;
    private boolean isMinOpen;
    private boolean isMaxOpen;
    private CommandContext texts;
    private int minIndex;
    private int maxIndex;
    private boolean isAmbiguous;
    private long from;
    private long to;

    /** Read both ends. @return false if that cannot be: an error has been replied. */
    boolean read(final CommandContext context, final By newBy, final int minAt, final int maxAt)
    {
        by = newBy;
        return switch (newBy)
        {
            case RANK -> readRanks(context, minAt, maxAt);
            case SCORE -> readScores(context, minAt, maxAt);
            case TEXT -> readTexts(context, minAt, maxAt);
        };
    }

    private boolean readRanks(final CommandContext context, final int startAt, final int stopAt)
    {
        if (!context.readLong(startAt))
        {
            return false;
        }

        start = context.longValue();
        if (!context.readLong(stopAt))
        {
            return false;
        }

        stop = context.longValue();
        return true;
    }

    private boolean readScores(final CommandContext context, final int minAt, final int maxAt)
    {
        isMinOpen = isOpen(context, minAt);
        isMaxOpen = isOpen(context, maxAt);
        min = score(context, minAt, isMinOpen ? 1 : 0);
        max = score(context, maxAt, isMaxOpen ? 1 : 0);
        if (Double.isNaN(min) || Double.isNaN(max))
        {
            context.reply().error("ERR min or max is not a float");
            return false;
        }

        return true;
    }

    private static boolean isOpen(final CommandContext context, final int index)
    {
        return context.argLength(index) > 0 && '(' == Memory.getByte(context.argAddress(index));
    }

    private double score(final CommandContext context, final int index, final int skipped)
    {
        return DoubleParser.parseBound(context.argAddress(index) + skipped, context.argLength(index) - skipped);
    }

    private boolean readTexts(final CommandContext context, final int minAt, final int maxAt)
    {
        texts = context;
        minIndex = minAt;
        maxIndex = maxAt;
        isMinOpen = isOpen(context, minAt);
        isMaxOpen = isOpen(context, maxAt);
        if (isText(minAt) && isText(maxAt))
        {
            return true;
        }

        context.reply().error("ERR min or max not valid string range item");
        return false;
    }

    private boolean isText(final int index)
    {
        final long address = texts.argAddress(index);
        final int length = texts.argLength(index);
        if (0 == length)
        {
            return false;
        }

        return switch (Memory.getByte(address))
        {
            case '(', '[' -> true;
            // In Redis the sign is all there is before a zero byte.
            case '+', '-' -> 1 == length || 0 == Memory.getByte(address + 1);
            default -> false;
        };
    }

    private int end(final int index)
    {
        return switch (Memory.getByte(texts.argAddress(index)))
        {
            case '-' -> LOWEST;
            case '+' -> HIGHEST;
            default -> TEXT;
        };
    }

    /** Find the part in a set, which may be empty. */
    void find(final SortedSetValue set)
    {
        final long size = set.size();
        isAmbiguous = false;
        if (size > 0)
        {
            find(set, size);
        }

        if (0 == size || from >= to)
        {
            from = 0;
            to = 0;
        }
    }

    private void find(final SortedSetValue set, final long size)
    {
        switch (by)
        {
            case RANK -> findRanks(size);
            case SCORE -> {
                from = set.countBelow(min, isMinOpen);
                to = set.countBelow(max, !isMaxOpen);
            }
            case TEXT -> findTexts(set, size);
        }
    }

    /**
     * Of members of several scores what Redis finds as well, as a replica's part must be the same: nothing if the last is
     * below the range or the first behind it; else from the first that is not below it up to one that is behind it.
     */
    private void findTexts(final SortedSetValue set, final long size)
    {
        from = 0;
        to = 0;
        final boolean isAll = LOWEST == end(minIndex) && HIGHEST == end(maxIndex);
        isAmbiguous = !isAll && !set.hasOneScore();
        if (!isBelow(set, minIndex, isMinOpen, size - 1) && isBelow(set, maxIndex, !isMaxOpen, 0))
        {
            from = countBelow(set, minIndex, isMinOpen, 0, size);
            to = countBelow(set, maxIndex, !isMaxOpen, from, size);
        }
    }

    private boolean isBelow(
        final SortedSetValue set, final int index, final boolean isInclusive, final long number)
    {
        return switch (end(index))
        {
            case LOWEST -> false;
            case HIGHEST -> true;
            default -> set.isBelowText(
                number, texts.argAddress(index) + 1, texts.argLength(index) - 1, isInclusive);
        };
    }

    private void findRanks(final long size)
    {
        from = start < 0 ? Math.max(0, size + start) : start;
        to = (stop < 0 ? size + stop : Math.min(stop, size - 1)) + 1;
    }

    private long countBelow(
        final SortedSetValue set, final int index, final boolean isInclusive, final long first, final long size)
    {
        return switch (end(index))
        {
            case LOWEST -> first;
            case HIGHEST -> size;
            default -> set.countBelowText(
                first, texts.argAddress(index) + 1, texts.argLength(index) - 1, isInclusive);
        };
    }

    /** Ranks that were found are meant to be counted from the end. */
    void countFromEnd(final long size)
    {
        if (from < to)
        {
            final long first = size - to;
            to = size - from;
            from = first;
        }
    }

    /**
     * Keep some of the elements found.
     *
     * @param offset elements to leave out; if it is negative, all.
     * @param count elements to keep, all if it is negative.
     * @param isReverse counted from the end.
     */
    void limit(final long offset, final long count, final boolean isReverse)
    {
        final long skipped = offset < 0 ? count() : Math.min(offset, count());
        final long kept = count < 0 ? count() - skipped : Math.min(count, count() - skipped);
        if (isReverse)
        {
            to -= skipped;
            from = to - kept;
        }
        else
        {
            from += skipped;
            to = from + kept;
        }
    }

    /** True if another node, which has the same set, may find another part: it is to be told by numbers. */
    boolean isAmbiguous()
    {
        return isAmbiguous;
    }

    /** Number of the first element found. */
    long from()
    {
        return from;
    }

    /** Number behind the last element found. */
    long to()
    {
        return to;
    }

    /** Elements found. */
    long count()
    {
        return to - from;
    }
}
