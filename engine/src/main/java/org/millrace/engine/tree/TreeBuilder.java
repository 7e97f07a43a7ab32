package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;

/**
 * Builds a tree from its leaves, left to right, with full inner nodes. Nobody sees it before it is done. Writer thread;
 * one tree at a time.
 */
public final class TreeBuilder
{
    private final NodeStore nodes;
    private final TreeRelease release;

    /** The node of each level that is being filled, 0 if there is none. */
    private final int[] open = new int[Node.LEVELS_MAX];
    private int words;
    private int top;
    private int single;
    private long singleCount;
    private long count;

    public TreeBuilder(final NodeStore nodes, final TreeRelease release)
    {
        this.nodes = nodes;
        this.release = release;
    }

    /** @param words of a separator: 0 where order is position, 1, 2. */
    public void begin(final int words)
    {
        this.words = words;
        top = 0;
        single = OffHeap.NULL_REF;
        singleCount = 0;
        count = 0;
    }

    /**
     * The next leaf, or 0 for zero bytes.
     *
     * @return false if memory ran out: the leaf remains the caller's; then {@link #abort}.
     */
    public boolean add(final int ref, final long elements, final long first, final long second)
    {
        if (0 == count)
        {
            single = ref;
            singleCount = elements;
            count = elements;
            return true;
        }

        if (0 == top && !addChild(1, single, singleCount, 0, 0) || !addChild(1, ref, elements, first, second))
        {
            return false;
        }

        single = OffHeap.NULL_REF;
        count += elements;
        return true;
    }

    /** Elements or bytes so far. */
    public long count()
    {
        return count;
    }

    /** The tree is whole. @return its root; 0 if there is no leaf, or only one that is 0. */
    public int finish()
    {
        final int root = 0 == top ? single : open[top];
        top = 0;
        return root;
    }

    /** Give back all that was added. */
    public void abort()
    {
        release.discard(finish());
    }

    private boolean addChild(final int level, final int ref, final long elements, final long first, final long second)
    {
        if (level > top && !addTop(level))
        {
            return false;
        }

        long node = nodes.address(open[level]);
        if (InnerNode.CHILDREN_MAX == Node.count(node))
        {
            if (!addSibling(level, first, second))
            {
                return false;
            }

            node = nodes.address(open[level]);
        }

        final int slot = Node.count(node);
        InnerNode.ref(node, slot, ref);
        InnerNode.separator(node, slot, first, second);
        InnerNode.count(node, slot, elements);
        Node.count(node, slot + 1);
        addCount(level + 1, elements);
        return true;
    }

    private boolean addTop(final int level)
    {
        Check.that(level < Node.LEVELS_MAX, "tree is too high: level, max", level, Node.LEVELS_MAX);
        final int ref = nodes.allocateInner(level, words, InnerNode.CHILDREN_MAX);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        open[level] = ref;
        if (level > 1)
        {
            final long node = nodes.address(ref);
            InnerNode.ref(node, 0, open[level - 1]);
            InnerNode.separator(node, 0, 0, 0);
            InnerNode.count(node, 0, InnerNode.sum(nodes.address(open[level - 1])));
            Node.count(node, 1);
        }

        top = level;
        return true;
    }

    /** A new node right of the full one, as child of the one above; the old one is done. */
    private boolean addSibling(final int level, final long first, final long second)
    {
        // The level above comes first, so that what is open stays one tree if memory runs out.
        if (level == top && !addTop(level + 1))
        {
            return false;
        }

        final int ref = nodes.allocateInner(level, words, InnerNode.CHILDREN_MAX);
        if (OffHeap.NULL_REF == ref)
        {
            return false;
        }

        if (!addChild(level + 1, ref, 0, first, second))
        {
            nodes.free(ref);
            return false;
        }

        open[level] = ref;
        return true;
    }

    /** The last child of each level above has grown. */
    private void addCount(final int fromLevel, final long elements)
    {
        for (int level = fromLevel; level <= top; level++)
        {
            final long node = nodes.address(open[level]);
            final int last = Node.count(node) - 1;
            InnerNode.count(node, last, InnerNode.count(node, last) + elements);
        }
    }
}
