package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;

/**
 * A hash some of whose fields have a deadline: a tree of all fields in the order of hashes, where an element says its own
 * deadline, and one of those that have one in the order of deadlines, the deadline as score. Their heads lie one behind
 * the other. A change is made in both, or, if memory runs out, in none. Writer thread; one for all such hashes.
 */
public final class ExpiringFields
{
    /** Earliest deadline where there is none. */
    public static final long NEVER = Long.MAX_VALUE;

    private final HashTree fields;
    private final ScoreTree deadlines;

    public ExpiringFields(final Trees trees, final ScoreTree deadlines)
    {
        fields = new HashTree(trees, Node.TWO_STRINGS | Node.EXPIRING);
        this.deadlines = deadlines;
    }

    /** Head of the tree of fields. */
    public static long byField(final long heads)
    {
        return heads;
    }

    /** Head of the tree of deadlines. */
    public static long byDeadline(final long heads)
    {
        return heads + TreeHead.LENGTH;
    }

    /** The earliest deadline, or {@link #NEVER}. Any thread for which the trees stay. */
    public static long earliestMs(final OffHeap memory, final long heads)
    {
        final int root = TreeHead.root(byDeadline(heads));
        if (OffHeap.NULL_REF == root)
        {
            return NEVER;
        }

        long node = memory.address(root);
        while (!Node.isLeaf(node))
        {
            node = memory.address(InnerNode.ref(node, 0));
        }

        return (long)ScoreTree.score(Leaf.content(node));
    }

    /** The tree of fields. */
    public HashTree fields()
    {
        return fields;
    }

    /** Fields whose deadline is before a moment. */
    public long countBefore(final long heads, final long ms)
    {
        return deadlines.countBelow(byDeadline(heads), ms);
    }

    /** Element of the tree of deadlines that comes first: its string is a field. There must be one. */
    public long first(final long heads)
    {
        return deadlines.at(byDeadline(heads), 0);
    }

    /**
     * Give a field a value and a deadline, or {@link Element#NO_DEADLINE}.
     *
     * @return {@link HashTree#ADDED}, {@link HashTree#REPLACED} or {@link HashTree#NO_MEMORY}.
     */
    public int put(
        final long heads, final Member field, final long value, final long valueLength, final long deadlineMs)
    {
        final long before = deadlineMs(heads, field);
        if (!prepare(heads, field, before, deadlineMs))
        {
            return HashTree.NO_MEMORY;
        }

        final int result = fields.put(byField(heads), field, value, valueLength, deadlineMs);
        finish(heads, field, HashTree.NO_MEMORY == result ? deadlineMs : before, before != deadlineMs);
        return result;
    }

    /** Give a field that is there a deadline, or none. {@link HashTree#REPLACED} or {@link HashTree#NO_MEMORY}. */
    public int deadline(final long heads, final Member field, final long deadlineMs)
    {
        final long before = deadlineMs(heads, field);
        if (!prepare(heads, field, before, deadlineMs))
        {
            return HashTree.NO_MEMORY;
        }

        final int result = fields.deadline(byField(heads), field, deadlineMs);
        finish(heads, field, HashTree.NO_MEMORY == result ? deadlineMs : before, before != deadlineMs);
        return result;
    }

    /** {@link HashTree#REMOVED}, {@link HashTree#NOTHING} if it was not there, or {@link HashTree#NO_MEMORY}. */
    public int remove(final long heads, final Member field)
    {
        final long before = deadlineMs(heads, field);
        if (!prepare(heads, field, before, Element.NO_DEADLINE))
        {
            return HashTree.NO_MEMORY;
        }

        final int result = fields.remove(byField(heads), field);
        finish(heads, field, before, HashTree.REMOVED == result);
        return result;
    }

    /** See to it that the deadline of a field, if it has one, can go without memory. @return false if memory ran out. */
    public boolean claimDeadline(final long heads, final Member field)
    {
        final long ms = deadlineMs(heads, field);
        return Element.NO_DEADLINE == ms || deadlines.own(byDeadline(heads), ms, field);
    }

    private long deadlineMs(final long heads, final Member field)
    {
        final long element = fields.find(byField(heads), field);
        return HashTree.NONE == element ? Element.NO_DEADLINE : Element.deadlineMs(element);
    }

    /** The new deadline comes in beside the old one, whichever of them goes then, taking it out needs no memory. */
    private boolean prepare(final long heads, final Member field, final long before, final long after)
    {
        if (before == after)
        {
            return true;
        }

        if (Element.NO_DEADLINE != before && !deadlines.own(byDeadline(heads), before, field))
        {
            return false;
        }

        return Element.NO_DEADLINE == after || deadlines.insert(byDeadline(heads), after, field);
    }

    private void finish(final long heads, final Member field, final long gone, final boolean isChanged)
    {
        if (isChanged && Element.NO_DEADLINE != gone)
        {
            final int result = deadlines.remove(byDeadline(heads), gone, field);
            Check.that(HashTree.REMOVED == result, "a change of a field's deadline was half made: result, deadline",
                result, gone);
        }
    }
}
