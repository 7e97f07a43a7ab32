package org.millrace.engine.tree;

import org.millrace.engine.memory.OffHeap;

/** What a tree takes of memory. */
public final class TreeMeasure
{
    private TreeMeasure()
    {
    }

    /** Bytes of the blocks of all nodes, those of strings that lie elsewhere included. Looks at each node. */
    public static long heldBytes(final OffHeap memory, final int root)
    {
        if (OffHeap.NULL_REF == root)
        {
            return 0;
        }

        final long node = memory.address(root);
        long sum = memory.capacity(root);
        if (Node.isLeaf(node))
        {
            return sum + (Leaf.hasReferences(node) ? referredBytes(memory, node) : 0);
        }

        for (int slot = 0, count = Node.count(node); slot < count; slot++)
        {
            sum += heldBytes(memory, InnerNode.ref(node, slot));
        }

        return sum;
    }

    /** Bytes that the elements below a node take where they go out. Looks at the header of each leaf. */
    static long bytes(final OffHeap memory, final int ref)
    {
        final long node = memory.address(ref);
        if (Node.isLeaf(node))
        {
            return Leaf.bytes(node, Leaf.content(node), Leaf.end(node));
        }

        long sum = 0;
        for (int slot = 0, count = Node.count(node); slot < count; slot++)
        {
            sum += bytes(memory, InnerNode.ref(node, slot));
        }

        return sum;
    }

    private static long referredBytes(final OffHeap memory, final long leaf)
    {
        final int kind = Node.kind(leaf);
        final long end = Leaf.end(leaf);
        long sum = 0;
        for (long at = Leaf.findReference(Leaf.content(leaf), end, kind); at < end; at = Leaf.findReference(
            Leaf.behindReference(at, kind), end, kind))
        {
            sum += heldBytes(memory, ElementString.root(at));
        }

        return sum;
    }
}
