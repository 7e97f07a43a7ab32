package org.millrace.engine.datatype;

import java.util.Arrays;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementCursor;
import org.millrace.engine.tree.HashTree;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.value.CollectionLayout;

/**
 * Goes from element to element of a collection in either form, in both directions. The value must not change meanwhile.
 * Lists come in the order of position, sorted sets in that of scores, others in none that means anything. An element is
 * told by its address. One thread.
 */
public final class ElementWalk
{
    private static final int OFFSETS_MIN = 64;

    private final ElementCursor cursor;
    private boolean isLarge;
    private int kind;

    /** Of a compact value, where it lies and what comes next. */
    private long first;
    private int count;
    private int index;
    private long at;

    /** Where each element begins, from the first one; only going backwards. */
    private int[] offsets = new int[OFFSETS_MIN];
    private int offsetCount;

    public ElementWalk(final OffHeap memory)
    {
        cursor = new ElementCursor(memory);
    }

    /** Elements of the collection that an entry has; no set of integers. */
    public static long size(final long entry)
    {
        return CollectionLayout.count(Entry.value(entry));
    }

    /** Stand before the first element. */
    public void begin(final long entry)
    {
        begin(entry, 0);
    }

    /** Stand before the element of a number, from 0 to the count. */
    public void begin(final long entry, final long number)
    {
        final int type = Entry.type(entry);
        final long value = Entry.value(entry);
        kind = CollectionLayout.kind(type);
        isLarge = CollectionLayout.isLargeForm(value);
        if (isLarge)
        {
            cursor.begin(TreeHead.root(CollectionLayout.shownHead(type, value)), number);
            return;
        }

        count = (int)RdbLength.decode(value);
        first = CollectionLayout.first(value);
        index = (int)number;
        at = CollectionLayout.hop(kind, first, number);
        offsetCount = 0;
    }

    /** @return the next element, behind which the walk then stands; {@link HashTree#NONE} if there is none. */
    public long next()
    {
        if (isLarge)
        {
            return cursor.next();
        }

        if (index == count)
        {
            return HashTree.NONE;
        }

        final long element = at;
        at += Element.length(element, kind);
        index++;
        return element;
    }

    /** @return the element before, before which the walk then stands; {@link HashTree#NONE} if there is none. */
    public long previous()
    {
        if (isLarge)
        {
            return cursor.previous();
        }

        if (0 == index)
        {
            return HashTree.NONE;
        }

        index--;
        at = first + offset(index);
        return at;
    }

    private int offset(final int number)
    {
        if (0 == offsetCount)
        {
            offsets = count > offsets.length ? Arrays.copyOf(offsets, 2 * count) : offsets;
            long element = first;
            for (int i = 0; i < count; i++)
            {
                offsets[i] = (int)(element - first);
                element += Element.length(element, kind);
            }

            offsetCount = count;
        }

        return offsets[number];
    }
}
