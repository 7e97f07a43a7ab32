package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Evacuation;
import org.millrace.engine.memory.OffHeap;

/**
 * Moves nodes out of slabs that are being evacuated. A node does not know who refers to it, so trees are walked: one
 * look at a table for each reference in the inner nodes, and no look at leaves that stay. A node that a pin knows, or
 * whose parent a pin knows, stays. Steps are bounded by the leaves looked at and by the bytes moved. Writer thread.
 */
public final class TreeMover
{
    /** The tree has been walked to its end. */
    public static final long DONE = -1;

    /** Memory ran out: later, if at all. */
    public static final long NO_MEMORY = -2;

    /** No further leaf in a step once so much has been moved: some ten microseconds. */
    private static final int MOVED_BYTES_MAX = 128 * 1024;

    private final NodeStore nodes;
    private final Evacuation evacuation;
    private final Path path;
    private final Path referred;
    private long moved;
    private long movedBytes;

    public TreeMover(final NodeStore nodes, final Evacuation evacuation)
    {
        this.nodes = nodes;
        this.evacuation = evacuation;
        path = new Path(nodes.memory());
        referred = new Path(nodes.memory());
    }

    /** Nodes that were moved. */
    public long moved()
    {
        return moved;
    }

    /** True if no pin knows the head, so that it may be changed in place. */
    public boolean mayChange(final long head)
    {
        return nodes.pins().mayChange(TreeHead.generation(head));
    }

    /**
     * Move what is to be moved among some leaves and what is above them. The head may be changed in place.
     *
     * @param position elements or bytes before the leaf to begin with: 0, or what the last step returned. If the tree
     *            has changed meanwhile, some leaves may be left out.
     * @return the position to go on from, {@link #DONE} or {@link #NO_MEMORY}.
     */
    public long step(final long head, final long position, final int leavesMax)
    {
        Check.that(!nodes.isInVersion(), "a move within a version: position, leaves", position, leavesMax);
        if (OffHeap.NULL_REF == TreeHead.root(head) || position >= TreeHead.count(head))
        {
            return DONE;
        }

        movedBytes = 0;
        TreeHead.beginChange(head);
        final long result = walk(head, position, leavesMax);
        TreeHead.endChange(head);
        return result;
    }

    private long walk(final long head, final long position, final int leavesMax)
    {
        path.seek(TreeHead.root(head), position);
        for (int i = 0; i < leavesMax; i++)
        {
            if (!movePath(path, head, 0))
            {
                return NO_MEMORY;
            }

            if (TreeHead.mayRefer(head) && !moveReferred(path.leaf()))
            {
                return NO_MEMORY;
            }

            if (!mayMove())
            {
                // What the leaf refers to may not be through; what has been moved is not moved again.
                break;
            }

            if (!path.nextLeaf())
            {
                return DONE;
            }
        }

        return path.position();
    }

    private boolean moveReferred(final long leaf)
    {
        if (!Leaf.hasReferences(leaf) || !nodes.pins().mayChangeNode(leaf))
        {
            return true;
        }

        final int kind = Node.kind(leaf);
        final long end = Leaf.end(leaf);
        for (long at = Leaf.findReference(Leaf.content(leaf), end, kind); at < end; at = Leaf.findReference(
            Leaf.behindReference(at, kind), end, kind))
        {
            referred.seekFirst(ElementString.root(at));
            do
            {
                if (!movePath(referred, 0, at))
                {
                    return false;
                }
            }
            while (mayMove() && referred.nextLeaf());

            if (!mayMove())
            {
                return true;
            }
        }

        return true;
    }

    /** From the root down, since what is above must be the writer's own; @param at reference to the root, or 0. */
    private boolean movePath(final Path way, final long head, final long at)
    {
        for (int level = way.top(); level >= 0; level--)
        {
            final int ref = way.ref(level);
            if (OffHeap.NULL_REF == ref || !evacuation.isLeaving(ref))
            {
                continue;
            }

            if (level < way.top() && !nodes.pins().mayChangeNode(way.node(level + 1)))
            {
                return true;
            }

            final int copy = nodes.allocateSame(ref);
            if (OffHeap.NULL_REF == copy)
            {
                return false;
            }

            refer(way, level, copy, head, at);
            way.replace(level, copy);
            letGo(ref);
        }

        return true;
    }

    private void letGo(final int ref)
    {
        movedBytes += nodes.capacity(ref);
        moved++;
        nodes.retire(ref);
    }

    private boolean mayMove()
    {
        return movedBytes < MOVED_BYTES_MAX;
    }

    /**
     * As {@link #step}, of a long string, see {@link ByteTree}, but for its root, which stays. A foreign reader may be on
     * its way through the tree: it finds the one node or the other, which hold the same.
     *
     * @param leaf number of the one to begin with: 0, or what the last step returned.
     * @return the leaf to go on from, {@link #DONE} or {@link #NO_MEMORY}.
     */
    public long stepString(final int root, final long length, final long leaf, final int leavesMax)
    {
        Check.that(!nodes.isInVersion(), "a move within a version: leaf, leaves", leaf, leavesMax);
        final int leaves = ByteTree.leaves(length);
        final int level = ByteTree.level(length);
        long next = OffHeap.NULL_REF == root ? leaves : leaf;
        movedBytes = 0;
        for (int i = 0; i < leavesMax && next < leaves && mayMove(); i++)
        {
            next = moveLeaf(root, level, (int)next);
            if (NO_MEMORY == next)
            {
                return NO_MEMORY;
            }
        }

        return next < leaves ? next : DONE;
    }

    /** @return the next leaf that may be there, or {@link #NO_MEMORY}. */
    private long moveLeaf(final int root, final int rootLevel, final int leaf)
    {
        long node = nodes.address(root);
        for (int level = rootLevel; level > 0; level--)
        {
            int ref = ByteTree.child(node, level, leaf);
            if (OffHeap.NULL_REF == ref)
            {
                final int below = ByteTree.FAN_SHIFT * (level - 1);
                return ((long)(leaf >>> below) + 1) << below;
            }

            if (evacuation.isLeaving(ref) && nodes.pins().mayChangeNode(node))
            {
                final int copy = nodes.allocateSame(ref);
                if (OffHeap.NULL_REF == copy)
                {
                    return NO_MEMORY;
                }

                InnerNode.refRelease(node, ByteTree.slot(leaf, level), copy);
                letGo(ref);
                ref = copy;
            }

            node = nodes.address(ref);
        }

        return leaf + 1L;
    }

    private static void refer(final Path way, final int level, final int copy, final long head, final long at)
    {
        // Behind the copy, which a foreign reader that finds it may look at before it learns that all has moved.
        if (level < way.top())
        {
            InnerNode.refRelease(way.node(level + 1), way.slot(level + 1), copy);
        }
        else if (0 != at)
        {
            ElementString.rootRelease(at, copy);
        }
        else
        {
            TreeHead.rootRelease(head, copy);
        }
    }
}
