package org.millrace.engine.tree;

import org.millrace.engine.memory.OffHeap;

/** A row of children on its way from one node into others: references, counts and separators. */
final class Children
{
    private final int[] refs;
    private final long[] counts;
    private final long[] firsts;
    private final long[] seconds;
    private int size;

    Children(final int capacity)
    {
        refs = new int[capacity];
        counts = new long[capacity];
        firsts = new long[capacity];
        seconds = new long[capacity];
    }

    int size()
    {
        return size;
    }

    void clear()
    {
        size = 0;
    }

    void add(final int ref, final long count, final long first, final long second)
    {
        refs[size] = ref;
        counts[size] = count;
        firsts[size] = first;
        seconds[size] = second;
        size++;
    }

    /** Those of a node from one slot to another. */
    void addFrom(final long node, final int from, final int to)
    {
        final int words = Node.kind(node);
        for (int slot = from; slot < to; slot++)
        {
            add(
                InnerNode.ref(node, slot),
                InnerNode.count(node, slot),
                words > 0 ? InnerNode.first(node, slot) : 0,
                words > 1 ? InnerNode.second(node, slot) : 0);
        }
    }

    /** All of a node, before those that are here. */
    void insertFrom(final long node)
    {
        final int count = Node.count(node);
        final int own = size;
        System.arraycopy(refs, 0, refs, count, own);
        System.arraycopy(counts, 0, counts, count, own);
        System.arraycopy(firsts, 0, firsts, count, own);
        System.arraycopy(seconds, 0, seconds, count, own);
        size = 0;
        addFrom(node, 0, count);
        size = count + own;
    }

    void addAll(final Children others)
    {
        for (int i = 0; i < others.size; i++)
        {
            add(others.refs[i], others.counts[i], others.firsts[i], others.seconds[i]);
        }
    }

    /** Give the child at the index the separator of a node's child. */
    void separatorOf(final int index, final long node, final int slot)
    {
        final int words = Node.kind(node);
        firsts[index] = words > 0 ? InnerNode.first(node, slot) : 0;
        seconds[index] = words > 1 ? InnerNode.second(node, slot) : 0;
    }

    long first(final int index)
    {
        return firsts[index];
    }

    long second(final int index)
    {
        return seconds[index];
    }

    long count(final int index)
    {
        return counts[index];
    }

    int ref(final int index)
    {
        return refs[index];
    }

    /** Elements or bytes below those from one index to another. */
    long sum(final int from, final int to)
    {
        long sum = 0;
        for (int i = from; i < to; i++)
        {
            sum += counts[i];
        }

        return sum;
    }

    boolean contains(final int ref)
    {
        for (int i = 0; i < size; i++)
        {
            if (refs[i] == ref && OffHeap.NULL_REF != ref)
            {
                return true;
            }
        }

        return false;
    }

    /** Write those from one index to another to the slots of a node from {@code slot} on. */
    void write(final long node, final int slot, final int from, final int to)
    {
        for (int i = from; i < to; i++)
        {
            final int at = slot + i - from;
            InnerNode.ref(node, at, refs[i]);
            InnerNode.count(node, at, counts[i]);
            InnerNode.separator(node, at, firsts[i], seconds[i]);
        }
    }
}
