package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;

/**
 * Walks what a tree sends out, from its first byte to its last, in runs that lie in one piece. Any thread for which the
 * tree stays as it is: the writer between two changes, or whoever holds a pin and an epoch. One per thread.
 */
public final class TreeRuns
{
    /** A tree of elements, and one of bytes that an element refers to. */
    private static final int DEPTH_MAX = 2 * Node.LEVELS_MAX;

    private final OffHeap memory;
    private final long[] addresses = new long[DEPTH_MAX];

    /** Of an inner node the next child; of a leaf how far it has been sent, from its address. */
    private final int[] offsets = new int[DEPTH_MAX];
    private int depth;
    private long zeros;
    private long address;
    private long length;

    public TreeRuns(final OffHeap memory)
    {
        this.memory = memory;
    }

    /** Begin. @param count as the head says: the length of a root that is 0. */
    public void begin(final int root, final long count)
    {
        depth = 0;
        zeros = 0;
        push(root, count);
    }

    /** Begin at a byte of a tree in the order of bytes. */
    public void beginBytes(final int root, final long count, final long position)
    {
        begin(root, count);
        long rest = position;
        while (depth > 0 && !Node.isLeaf(addresses[depth - 1]))
        {
            final long node = addresses[depth - 1];
            int slot = 0;
            while (slot < Node.count(node) && rest >= InnerNode.count(node, slot))
            {
                rest -= InnerNode.count(node, slot);
                slot++;
            }

            if (slot == Node.count(node))
            {
                depth = 0;
                return;
            }

            offsets[depth - 1] = slot + 1;
            push(InnerNode.ref(node, slot), InnerNode.count(node, slot));
            if (zeros > 0)
            {
                break;
            }
        }

        if (zeros > 0)
        {
            zeros -= rest;
        }
        else if (depth > 0)
        {
            offsets[depth - 1] += (int)rest;
        }
    }

    /** Go to the next run; false if there is none. Runs are not empty. */
    public boolean next()
    {
        while (true)
        {
            if (zeros > 0)
            {
                address = 0;
                length = zeros;
                zeros = 0;
                return true;
            }

            if (0 == depth)
            {
                return false;
            }

            final long node = addresses[depth - 1];
            if (Node.isLeaf(node))
            {
                if (takeRun(node))
                {
                    return true;
                }
            }
            else
            {
                takeChild(node);
            }
        }
    }

    /** Where the run is; 0 if it is zeros. */
    public long address()
    {
        return address;
    }

    public long length()
    {
        return length;
    }

    private void takeChild(final long node)
    {
        final int slot = offsets[depth - 1];
        if (slot == Node.count(node))
        {
            depth--;
            return;
        }

        offsets[depth - 1] = slot + 1;
        push(InnerNode.ref(node, slot), InnerNode.count(node, slot));
    }

    private boolean takeRun(final long leaf)
    {
        final int frame = depth - 1;
        final long from = leaf + offsets[frame];
        final long end = Leaf.end(leaf);
        final int kind = Node.kind(leaf);
        final long gapless = Leaf.hasReferences(leaf) ? runEnd(leaf, from, end, kind) : end;
        if (gapless == end)
        {
            depth--;
            length = end - from;
        }
        else
        {
            length = gapless + ElementString.REFERENCE_HEAD_LENGTH - from;
            offsets[frame] = (int)(gapless + ElementString.REFERENCE_LENGTH - leaf);
            push(ElementString.root(gapless), RdbLength.decode(gapless));
        }

        address = from;
        return length > 0;
    }

    /** The next reference; a run that begins behind one of a scored element begins with its score. */
    private static long runEnd(final long leaf, final long from, final long end, final int kind)
    {
        final boolean isAtScore = 0 != (kind & Node.SCORED) && from > Leaf.content(leaf);
        return Leaf.findReference(isAtScore ? from + Element.SCORE_LENGTH : from, end, kind);
    }

    private void push(final int ref, final long count)
    {
        if (OffHeap.NULL_REF == ref)
        {
            zeros = count;
            return;
        }

        Check.that(depth < DEPTH_MAX, "tree is too high: depth, max", depth, DEPTH_MAX);
        final long node = memory.address(ref);
        addresses[depth] = node;
        offsets[depth] = Node.isLeaf(node) ? Node.start(node) : 0;
        depth++;
    }
}
