package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Goes from element to element of a tree, in both directions, over a tree that does not change meanwhile. Any thread
 * for which it stays; one per thread.
 */
public final class ElementCursor
{
    private final Path path;

    /** Of the leaf, where each element begins, as far as they have been looked at; only going backwards. */
    private int[] offsets = new int[LeafCutter.LEAF_MAX];
    private int offsetCount;
    private int index;
    private long at;
    private long touched;

    public ElementCursor(final OffHeap memory)
    {
        path = new Path(memory);
    }

    /** Stand before the element of a number, from 0 to the head's count, in the tree of this root. */
    public void begin(final int root, final long number)
    {
        index = (int)path.seek(root, number);
        enterLeaf();
    }

    /** Stand before the first element of this score or a higher one, in a tree in the order of scores. */
    public void beginAtScore(final int root, final double score)
    {
        final long key = ScoreTree.key(Double.doubleToRawLongBits(score));
        path.enter(root);
        for (int level = path.top(); level > 0; level--)
        {
            path.descend(level, InnerNode.find(path.node(level), key - 1, Long.MAX_VALUE));
        }

        index = 0;
        enterLeaf();
        while (0 != path.leaf())
        {
            if (index == Node.count(path.leaf()))
            {
                if (!path.nextLeaf())
                {
                    return;
                }

                index = 0;
                enterLeaf();
            }

            if (ScoreTree.key(Memory.getLong(Element.score(at))) >= key)
            {
                return;
            }

            at += Element.length(at, Node.kind(path.leaf()));
            index++;
        }
    }

    /** Stand before the first element of a leaf. */
    void begin(final Path leaf)
    {
        path.copy(leaf);
        index = 0;
        enterLeaf();
    }

    private void enterLeaf()
    {
        offsetCount = 0;
        if (0 != path.leaf())
        {
            touched += Leaf.touch(path.leaf());
            at = Leaf.element(path.leaf(), index);
        }
    }

    /** @return the next element, behind which the cursor then stands; {@link HashTree#NONE} if there is none. */
    public long next()
    {
        if (0 == path.leaf())
        {
            return HashTree.NONE;
        }

        if (index == Node.count(path.leaf()))
        {
            if (!path.nextLeaf())
            {
                return HashTree.NONE;
            }

            index = 0;
            enterLeaf();
        }

        return nextInLeaf();
    }

    /** As {@link #next}, of the leaf that the cursor is in. */
    long nextInLeaf()
    {
        if (index == Node.count(path.leaf()))
        {
            return HashTree.NONE;
        }

        final long element = at;
        at += Element.length(element, Node.kind(path.leaf()));
        index++;
        return element;
    }

    /** @return the element before, before which the cursor then stands; {@link HashTree#NONE} if there is none. */
    public long previous()
    {
        if (0 == path.leaf())
        {
            return HashTree.NONE;
        }

        if (0 == index)
        {
            if (!path.previousLeaf())
            {
                return HashTree.NONE;
            }

            index = Node.count(path.leaf());
            enterLeaf();
        }

        final long leaf = path.leaf();
        final int oneLength = Node.oneLength(leaf);
        index--;
        at = 0 != oneLength ? at - oneLength : leaf + offset(leaf);
        return at;
    }

    private int offset(final long leaf)
    {
        if (index >= offsetCount)
        {
            findOffsets(leaf);
        }

        return offsets[index];
    }

    private void findOffsets(final long leaf)
    {
        if (index >= offsets.length)
        {
            offsets = new int[2 * index];
        }

        final int kind = Node.kind(leaf);
        long element = Leaf.content(leaf);
        for (int i = 0; i <= index; i++)
        {
            offsets[i] = (int)(element - leaf);
            element += Element.length(element, kind);
        }

        offsetCount = index + 1;
    }

    /** Elements before the place where the cursor stands. */
    public long number()
    {
        return 0 == path.leaf() ? 0 : path.position() + index;
    }

    /** Kind of the element that was returned last, as of its leaf. */
    public int kind()
    {
        return Node.kind(path.leaf());
    }
}
