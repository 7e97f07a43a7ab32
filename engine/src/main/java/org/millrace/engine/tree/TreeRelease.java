package org.millrace.engine.tree;

import org.agrona.collections.IntArrayList;
import org.millrace.engine.memory.OffHeap;

/**
 * Gives back whole trees, some nodes at a time, so that letting go of a value takes no longer than of an entry. What
 * waits here is found by nobody any more. Writer thread.
 */
public final class TreeRelease
{
    /** Nodes that are given back in a step where a few commands may wait for it: some 30 us. */
    public static final int STEP = 128;

    /** Roots that may wait before whoever lets go of many values at once had better wait, too. */
    private static final int WAITING_MAX = 4096;

    private final NodeStore nodes;

    /** Roots, and in front of them what is still to be done of the tree begun last. */
    private final IntArrayList retired = new IntArrayList();
    private final IntArrayList discarded = new IntArrayList();
    private long waitingBytes;
    private long total;

    public TreeRelease(final NodeStore nodes)
    {
        this.nodes = nodes;
    }

    /** A tree that was published: readers and cuts may still look at it. */
    public void retire(final int root)
    {
        if (OffHeap.NULL_REF != root)
        {
            retired.addInt(root);
            total++;
        }
    }

    /** A tree that nobody else has ever seen. */
    public void discard(final int root)
    {
        if (OffHeap.NULL_REF != root)
        {
            discarded.addInt(root);
        }
    }

    /** Trees that have been told to {@link #retire}. */
    public long total()
    {
        return total;
    }

    /** Nodes that are still to be looked at: at least one of each tree that waits. */
    public int waiting()
    {
        return retired.size() + discarded.size();
    }

    /** So many bytes hang on what was just told to {@link #retire}, as far as the caller knows. */
    public void expect(final long bytes)
    {
        waitingBytes += bytes;
    }

    /** About how many bytes wait, of what was {@link #expect announced}. */
    public long waitingBytes()
    {
        return waitingBytes;
    }

    public boolean isIdle()
    {
        return retired.isEmpty() && discarded.isEmpty();
    }

    /** True if so much waits that values should not be let go of faster than they are given back. */
    public boolean isFull()
    {
        return retired.size() + discarded.size() > WAITING_MAX;
    }

    /** Give back so many nodes; one of a leaf takes some 150 ns, a miss or two. @return how many were given back. */
    public int step(final int nodesMax)
    {
        int done = 0;
        while (done < nodesMax && !retired.isEmpty())
        {
            final int ref = expand(retired);
            waitingBytes -= nodes.capacity(ref);
            nodes.retire(ref);
            done++;
        }

        while (done < nodesMax && !discarded.isEmpty())
        {
            final int ref = expand(discarded);
            nodes.free(ref);
            done++;
        }

        waitingBytes = retired.isEmpty() ? 0 : Math.max(0, waitingBytes);
        return done;
    }

    /** All that waits. */
    public void finish()
    {
        while (!isIdle())
        {
            step(Integer.MAX_VALUE);
        }
    }

    /** Take the top of the stack off, and put what it refers to there. */
    private int expand(final IntArrayList stack)
    {
        final int ref = stack.removeAt(stack.size() - 1);
        final long node = nodes.address(ref);
        if (Node.isLeaf(node))
        {
            if (Leaf.hasReferences(node))
            {
                pushReferences(node, stack);
            }

            return ref;
        }

        for (int slot = Node.count(node) - 1; slot >= 0; slot--)
        {
            final int child = InnerNode.ref(node, slot);
            if (OffHeap.NULL_REF != child)
            {
                stack.addInt(child);
            }
        }

        return ref;
    }

    private static void pushReferences(final long leaf, final IntArrayList stack)
    {
        final int kind = Node.kind(leaf);
        final long end = Leaf.end(leaf);
        for (long at = Leaf.findReference(Leaf.content(leaf), end, kind); at < end; at = Leaf.findReference(
            Leaf.behindReference(at, kind), end, kind))
        {
            stack.addInt(ElementString.root(at));
        }
    }
}
