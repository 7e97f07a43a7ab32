package org.millrace.engine.commands;

import static org.millrace.engine.keyspace.Entry.NO_ENTRY;

import java.util.Arrays;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.datatype.ElementText;
import org.millrace.engine.datatype.ElementWalk;
import org.millrace.engine.datatype.SetValue;
import org.millrace.engine.datatype.SetWalk;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.ValueType;
import org.millrace.engine.tree.HashTree;

/**
 * The sets and sorted sets that a command takes as its sources, each with a weight; members of sets have the score 1.
 * Numbered from 0. Writer thread; for one command at a time.
 */
final class ScoredSources
{
    private static final double SCORE_OF_SETS = 1;

    /** A size, below 2^32, and the number of its source, below 2^31, in one word. */
    private static final int INDEX_BITS = 31;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    private CommandContext context;
    private long[] entries = new long[8];
    private long[] sizes = new long[8];
    private double[] weights = new double[8];
    private long[] order = new long[8];
    private int count;

    // The source that is walked, and the member at hand.
    private ElementWalk walk;
    private SetWalk setWalk;
    private ElementText text;
    private boolean hasMore;
    private boolean isScored;
    private double score;
    private double otherScore;

    /**
     * Look up the keys.
     *
     * @return false if one holds something else: an error has been replied.
     */
    boolean open(final CommandContext newContext, final int firstKey, final int keys)
    {
        context = newContext;
        count = keys;
        if (keys > entries.length)
        {
            entries = new long[keys];
            sizes = new long[keys];
            weights = new double[keys];
        }

        for (int i = 0; i < keys; i++)
        {
            entries[i] = context.lookupRead(firstKey + i);
            if (!isSource(entries[i]))
            {
                context.reply().error(Replies.WRONG_TYPE);
                return false;
            }

            sizes[i] = size(entries[i]);
            weights[i] = 1;
        }

        return true;
    }

    private static boolean isSource(final long entry)
    {
        return NO_ENTRY == entry || isSortedSet(entry) || ValueType.SET == ValueType.of(entry).redisNumber();
    }

    private static boolean isSortedSet(final long entry)
    {
        return ValueType.SORTED_SET == ValueType.of(entry).redisNumber();
    }

    private long size(final long entry)
    {
        if (NO_ENTRY == entry)
        {
            return 0;
        }

        return isSortedSet(entry)
            ? context.values().sortedSets().read(entry).size()
            : SetValue.size(entry);
    }

    /** Sources. */
    int count()
    {
        return count;
    }

    /** Members of a source. */
    long size(final int source)
    {
        return sizes[source];
    }

    void weight(final int source, final double weight)
    {
        weights[source] = weight;
    }

    /** Number them anew, small ones first; those of one size stay in their order, as scores of sums depend on it. */
    void sortBySize()
    {
        order = order.length < count ? new long[count] : order;
        for (int i = 0; i < count; i++)
        {
            order[i] = sizes[i] << INDEX_BITS | i;
        }

        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++)
        {
            order[i] &= INDEX_MASK;
        }

        for (int i = 0; i < count; i++)
        {
            rotate(i);
        }
    }

    /** Bring those to their places that take each other's, from one on. */
    private void rotate(final int first)
    {
        final long entry = entries[first];
        final long size = sizes[first];
        final double weight = weights[first];
        int to = first;
        while (first != order[to])
        {
            final int from = (int)order[to];
            entries[to] = entries[from];
            sizes[to] = sizes[from];
            weights[to] = weights[from];
            order[to] = to;
            to = from;
        }

        entries[to] = entry;
        sizes[to] = size;
        weights[to] = weight;
        order[to] = to;
    }

    /** Stand before the first member of a source. */
    void begin(final int source)
    {
        final long entry = entries[source];
        hasMore = NO_ENTRY != entry;
        isScored = hasMore && isSortedSet(entry);
        walk = context.values().walk();
        setWalk = context.values().setWalk();
        text = context.values().text();
        if (isScored)
        {
            walk.begin(entry);
        }
        else if (hasMore)
        {
            setWalk.begin(entry);
        }
    }

    /** On to the next member; false if there is none. */
    boolean next()
    {
        if (!isScored)
        {
            score = SCORE_OF_SETS;
            return hasMore && setWalk.next();
        }

        final long at = walk.next();
        if (HashTree.NONE == at)
        {
            return false;
        }

        text.set(at);
        score = SortedSetValue.score(at);
        return true;
    }

    /** Where the text of the member at hand stands. */
    long address()
    {
        return isScored ? text.address() : setWalk.member().address();
    }

    long length()
    {
        return isScored ? text.length() : setWalk.member().length();
    }

    /** Its score in the source that is walked, weighed. */
    double score(final int source)
    {
        final double weighed = weights[source] * score;
        return Double.isNaN(weighed) ? 0 : weighed;
    }

    /** True if another source has the member at hand; its score there is {@link #otherScore}. */
    boolean isIn(final int source)
    {
        final long entry = entries[source];
        if (NO_ENTRY == entry)
        {
            return false;
        }

        if (!isSortedSet(entry))
        {
            otherScore = SCORE_OF_SETS * weights[source];
            return context.values().sets().read(entry).contains(address(), length());
        }

        final long at = context.values().sortedSets().read(entry).find(address(), length());
        if (HashTree.NONE == at)
        {
            return false;
        }

        otherScore = SortedSetValue.score(at) * weights[source];
        return true;
    }

    /** Score of the member in the source that {@link #isIn} has found it in, weighed; NaN if that is no number. */
    double otherScore()
    {
        return otherScore;
    }

    /** Nothing is needed any more. */
    void close()
    {
        context = null;
        if (entries.length > 1024)
        {
            entries = new long[8];
            sizes = new long[8];
            weights = new double[8];
        }
    }
}
