package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;

/** Copies whole trees, node by node. Writer thread. */
public final class TreeCopier
{
    private final NodeStore nodes;
    private final TreeRelease release;

    public TreeCopier(final NodeStore nodes, final TreeRelease release)
    {
        this.nodes = nodes;
        this.release = release;
    }

    /**
     * Not while a version is open.
     *
     * @return root of a tree of nodes of its own, or {@link OffHeap#NULL_REF} if memory ran out.
     */
    public int copy(final int root)
    {
        Check.that(!nodes.isInVersion(), "a copy within a version: root, 0", root, 0);
        final int ref = nodes.allocateSame(root);
        if (OffHeap.NULL_REF == ref)
        {
            return ref;
        }

        final long node = nodes.address(ref);
        final boolean isDone = Node.isLeaf(node)
            ? !Leaf.hasReferences(node) || copyReferences(node)
            : copyChildren(node);
        if (!isDone)
        {
            release.discard(ref);
            return OffHeap.NULL_REF;
        }

        return ref;
    }

    private boolean copyChildren(final long node)
    {
        final int count = Node.count(node);
        for (int slot = 0; slot < count; slot++)
        {
            final int child = InnerNode.ref(node, slot);
            final int copy = OffHeap.NULL_REF == child ? child : copy(child);
            if (OffHeap.NULL_REF == copy && OffHeap.NULL_REF != child)
            {
                // What is given back must refer to what is its own alone.
                Node.count(node, slot);
                return false;
            }

            InnerNode.ref(node, slot, copy);
        }

        return true;
    }

    private boolean copyReferences(final long leaf)
    {
        final int kind = Node.kind(leaf);
        final long end = Leaf.end(leaf);
        for (long at = Leaf.findReference(Leaf.content(leaf), end, kind); at < end; at = Leaf.findReference(
            Leaf.behindReference(at, kind), end, kind))
        {
            final int root = ElementString.root(at);
            final int copy = OffHeap.NULL_REF == root ? root : copy(root);
            if (OffHeap.NULL_REF == copy && OffHeap.NULL_REF != root)
            {
                Node.end(leaf, (int)(at - leaf));
                return false;
            }

            ElementString.root(at, copy);
        }

        return true;
    }
}
