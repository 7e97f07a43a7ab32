package org.millrace.engine.tree;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Evacuation;
import org.millrace.engine.memory.OffHeap;

/**
 * Moves nodes out of slabs that are being evacuated. A node does not know who refers to it, so trees are walked: one
 * look at a table for each reference in the inner nodes, and no look at leaves that stay. A node that a pin knows, or
 * whose parent a pin knows, stays. Writer thread.
 */
public final class TreeMover
{
    /** The tree has been walked to its end. */
    public static final long DONE = -1;

    /** Memory ran out: later, if at all. */
    public static final long NO_MEMORY = -2;

    private final NodeStore nodes;
    private final Evacuation evacuation;
    private final Path path;
    private final Path referred;
    private long moved;

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
            while (referred.nextLeaf());
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
            nodes.retire(ref);
            moved++;
        }

        return true;
    }

    private static void refer(final Path way, final int level, final int copy, final long head, final long at)
    {
        if (level < way.top())
        {
            InnerNode.ref(way.node(level + 1), way.slot(level + 1), copy);
        }
        else if (0 != at)
        {
            ElementString.root(at, copy);
        }
        else
        {
            TreeHead.root(head, copy);
        }
    }
}
