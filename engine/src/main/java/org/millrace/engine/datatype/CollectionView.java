package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementCursor;
import org.millrace.engine.tree.ExpiringFields;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.ScoreTree;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.value.CollectionLayout;
import org.millrace.engine.value.ExpiringHashLayout;
import org.millrace.engine.value.IntsetLayout;

/**
 * Goes through a hash, a set, a sorted set or a list of any form, all of it or a range, in either direction, where it
 * lies. Any thread for which the value stays as it is; one per thread, used again and again.
 *
 * <p>Fields of a hash whose time is over at the moment that it is looked at are passed over, all the time.
 *
 * <p>Elements have numbers from 0 on: in a list those of their places, in a sorted set their ranks, else the order means
 * nothing. After {@link #begin} the range is the whole value.
 */
public final class CollectionView implements AutoCloseable
{
    private final ElementWalk walk;

    /** Finds the bounds of scores. */
    private final ElementCursor bounds;
    private final ElementText first;
    private final ElementText second;
    private long entry;

    /** Of a set of integers its value, else 0. */
    private long intset;
    private long size;

    /** Of a hash: fields that are passed over, and the moment that they are measured by, epoch ms. */
    private long hidden;
    private long nowMs;

    // The range, its end excluded, and where in it this stands: before an element of a number, or behind it.
    private long from;
    private long to;
    private boolean isDescending;
    private long next;

    // The element that was come to last.
    private long number;
    private long at;

    /** @param memory that the values lie in. */
    public CollectionView(final OffHeap memory)
    {
        walk = new ElementWalk(memory);
        bounds = new ElementCursor(memory);
        first = new ElementText(memory);
        second = new ElementText(memory);
    }

    /**
     * The entry that is looked at from now on, {@link Entry#NO_ENTRY} for an empty collection.
     *
     * @param wallMs fields of a hash whose deadline is not after this are passed over; epoch ms.
     */
    public void begin(final long collection, final long wallMs)
    {
        entry = collection;
        nowMs = wallMs;
        intset = 0;
        size = 0;
        hidden = 0;
        if (Entry.NO_ENTRY != collection)
        {
            final long value = Entry.value(collection);
            intset = IntsetLayout.TYPE == Entry.type(collection) ? value : 0;
            size = 0 == intset ? CollectionLayout.count(value) : IntsetLayout.count(value);
            hidden = Entry.isExpiringHash(collection) ? countOver(value) : 0;
        }

        range(0, size);
    }

    /** True if an entry is of this type, one of {@link CollectionLayout}'s. */
    public static boolean isOf(final int type, final long entry)
    {
        final int found = Entry.type(entry);
        return type == found || CollectionLayout.SET == type && IntsetLayout.TYPE == found ||
            CollectionLayout.HASH == type && CollectionLayout.EXPIRING_HASH == found;
    }

    /** Fields of an expiring hash whose time is over. */
    private long countOver(final long value)
    {
        if (!CollectionLayout.isLargeForm(value))
        {
            return ExpiringHashLayout.compactDeadlines(value, nowMs + 1);
        }

        bounds.beginAtScore(TreeHead.root(ExpiringFields.byDeadline(CollectionLayout.head(value))), nowMs + 1);
        return bounds.number();
    }

    /** Elements of the value. */
    public long size()
    {
        return size;
    }

    /** Go through the elements of some numbers, ascending. @param end behind the last; none if it is not above. */
    public void range(final long begin, final long end)
    {
        from = Math.max(0, Math.min(begin, size));
        to = Math.max(from, Math.min(end, size));
        isDescending = false;
        stand(from);
    }

    /** Go through the range from its last element to its first. */
    public void descend()
    {
        isDescending = true;
        stand(to);
    }

    /** Elements of the range that are gone through; a range of a hash is all of it. */
    public long length()
    {
        return to - from - hidden;
    }

    private void stand(final long place)
    {
        next = place;
        if (from < to && 0 == intset)
        {
            walk.begin(entry, place);
        }
    }

    /** Of a sorted set the elements of a lower score. */
    public long countBelow(final double score)
    {
        if (0 == size)
        {
            return 0;
        }

        final long value = Entry.value(entry);
        if (CollectionLayout.isLargeForm(value))
        {
            final int root = TreeHead.root(CollectionLayout.shownHead(CollectionLayout.SORTED_SET, value));
            bounds.beginAtScore(root, score);
            return bounds.number();
        }

        long count = 0;
        walk.begin(entry);
        for (long element = walk.next(); HashTree.NONE != element && ScoreTree.score(element) < score; element = walk
            .next())
        {
            count++;
        }

        return count;
    }

    /** On to the next element of the range; false if there is none. */
    public boolean next()
    {
        if (isDescending)
        {
            return previous();
        }

        do
        {
            if (next >= to)
            {
                return false;
            }

            number = next++;
            at = 0 == intset ? walk.next() : 0;
        }
        while (hidden > 0 && isOver());
        return true;
    }

    private boolean isOver()
    {
        final long deadlineMs = Element.deadlineMs(at);
        return Element.NO_DEADLINE != deadlineMs && deadlineMs <= nowMs;
    }

    private boolean previous()
    {
        do
        {
            if (next <= from)
            {
                return false;
            }

            number = --next;
            at = 0 == intset ? walk.previous() : 0;
        }
        while (hidden > 0 && isOver());
        return true;
    }

    /** Number of the element. */
    public long number()
    {
        return number;
    }

    /** The field, member or item; one object for all, until the next element. */
    public ElementText text()
    {
        if (0 == intset)
        {
            first.set(at);
        }
        else
        {
            first.setNumber(IntsetLayout.number(intset, number));
        }

        return first;
    }

    /** Of a hash the field's value, as {@link #text}. */
    public ElementText secondText()
    {
        second.set(Element.secondString(at));
        return second;
    }

    /** Of a sorted set the member's score. */
    public double score()
    {
        return ScoreTree.score(at);
    }

    @Override
    public void close()
    {
        first.close();
        second.close();
    }
}
