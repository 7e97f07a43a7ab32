package org.millrace.engine.tree;

import org.millrace.engine.memory.OffHeap;

/**
 * Ways to the leaves of some members of one tree in hash order, gone side by side so that the misses overlap, and handed
 * over to whoever looks for the members one by one. They hold until a node comes or goes anywhere. Writer thread.
 */
final class HashBatch
{
    private static final int SIZE_MAX = HashTree.PREFETCH_MAX;

    private final NodeStore nodes;
    private final OffHeap memory;
    private final long[] hashes = new long[SIZE_MAX];

    /** By level and member: the node, its reference, and at which child the way goes on. */
    private final long[][] places = new long[Node.LEVELS_MAX][];
    private final int[][] refs = new int[Node.LEVELS_MAX][];
    private final int[][] slots = new int[Node.LEVELS_MAX][];
    private long head;
    private int root;
    private int top;
    private int size;

    /** The member that is expected next. */
    private int next;
    private long changes;

    HashBatch(final NodeStore nodes)
    {
        this.nodes = nodes;
        memory = nodes.memory();
    }

    /** Go down for the first {@code count} of these hashes. */
    void descend(final long treeHead, final long[] of, final int count)
    {
        head = treeHead;
        root = TreeHead.root(head);
        size = 0;
        if (OffHeap.NULL_REF == root)
        {
            return;
        }

        final long rootNode = memory.address(root);
        top = Node.level(rootNode);
        makeRoom();
        System.arraycopy(of, 0, hashes, 0, count);
        for (int i = 0; i < count; i++)
        {
            places[top][i] = rootNode;
            refs[top][i] = root;
        }

        for (int level = top; level > 0; level--)
        {
            descend(level, count);
        }

        size = count;
        next = 0;
        changes = nodes.changes();
    }

    private void makeRoom()
    {
        for (int level = top; level >= 0 && null == places[level]; level--)
        {
            places[level] = new long[SIZE_MAX];
            refs[level] = new int[SIZE_MAX];
            slots[level] = new int[SIZE_MAX];
        }
    }

    private void descend(final int level, final int count)
    {
        final long[] parents = places[level];
        final int[] parentSlots = slots[level];
        final long[] children = places[level - 1];
        final int[] childRefs = refs[level - 1];
        for (int i = 0; i < count; i++)
        {
            final long node = parents[i];
            final int slot = InnerNode.findByHalves(node, hashes[i]);
            final int ref = InnerNode.ref(node, slot);
            parentSlots[i] = slot;
            childRefs[i] = ref;
            children[i] = memory.address(ref);
        }
    }

    /** Ways that {@link #descend} has gone. */
    int size()
    {
        return size;
    }

    long leaf(final int index)
    {
        return places[0][index];
    }

    long hash(final int index)
    {
        return hashes[index];
    }

    /** Let the path be the way to the leaf of this hash. False if that is not known, or no longer. */
    boolean find(final long treeHead, final long hash, final Path path)
    {
        if (next >= size || head != treeHead || root != TreeHead.root(treeHead) || changes != nodes.changes())
        {
            return false;
        }

        int index = next;
        while (index < size && hash != hashes[index])
        {
            index++;
        }

        if (index == size)
        {
            return false;
        }

        next = index + 1;
        path.take(top, places, refs, slots, index);
        return true;
    }
}
