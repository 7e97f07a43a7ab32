package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Loads the leaves of a tree in the order of scores in which some elements stand, side by side so that the misses overlap.
 * Where many members of one score begin alike it may be a neighbour of the leaf, and nothing is gained. Writer thread.
 */
final class ScoreBatch
{
    private static final int SIZE_MAX = HashTree.PREFETCH_MAX;

    private final OffHeap memory;
    private final TextOrder texts;
    private final long[] keys = new long[SIZE_MAX];
    private final long[] prefixes = new long[SIZE_MAX];
    private final long[] nodes = new long[SIZE_MAX];
    private int size;
    private long touched;

    ScoreBatch(final OffHeap memory, final TextOrder texts)
    {
        this.memory = memory;
        this.texts = texts;
    }

    /** One more: an element of the other tree with this score and member. A member elsewhere is passed over. */
    void add(final long element)
    {
        if (!ElementString.isReference(element))
        {
            keys[size] = ScoreTree.key(Memory.getLong(Element.score(element)));
            prefixes[size] = texts.prefixOf(element);
            size++;
        }
    }

    /** Load for all that were added, and forget them. */
    void load(final int root)
    {
        if (OffHeap.NULL_REF != root && size > 1)
        {
            descend(root);
            touchLeaves();
        }

        size = 0;
    }

    private void descend(final int root)
    {
        long sum = 0;
        final long rootNode = memory.address(root);
        for (int i = 0; i < size; i++)
        {
            nodes[i] = rootNode;
        }

        for (int level = Node.level(rootNode); level > 0; level--)
        {
            for (int i = 0; i < size; i++)
            {
                final int slot = InnerNode.find(nodes[i], keys[i], prefixes[i]);
                // Who changes something there changes the count as well, who asks for the place adds counts.
                sum += Memory.touch(InnerNode.countAddress(nodes[i], slot));
                nodes[i] = memory.address(InnerNode.ref(nodes[i], slot));
            }
        }

        touched += sum;
    }

    private void touchLeaves()
    {
        long sum = 0;
        for (int i = 0; i < size; i++)
        {
            sum += Node.count(nodes[i]);
        }

        for (int i = 0; i < size; i++)
        {
            sum += Leaf.touch(nodes[i]);
        }

        touched += sum;
    }
}
