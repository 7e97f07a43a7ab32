package org.millrace.engine.tree;

/**
 * Walks a tree in hash order by positions in that order, which mean the same whatever happens to the tree between two
 * steps: whoever was there from the first step to the last is met, and met once. Writer thread.
 */
public final class HashScan
{
    /** Where a walk begins, and what its end says. */
    public static final long START = 0;

    private final Path path;
    private final ElementCursor cursor;
    private final MemberHash hashing;
    private long from;

    public HashScan(final Trees trees)
    {
        path = new Path(trees.memory());
        cursor = new ElementCursor(trees.memory());
        hashing = trees.hashing();
    }

    /**
     * Go to the elements from a position on, to the end of a leaf: {@link #next} gives them.
     *
     * @param position {@link #START} or what the last step returned; an unsigned number.
     * @return the position behind them, {@link #START} if that is the end.
     */
    public long step(final long head, final long position)
    {
        from = position ^ Long.MIN_VALUE;
        path.enter(TreeHead.root(head));
        for (int level = path.top(); level > 0; level--)
        {
            path.descend(level, InnerNode.find(path.node(level), from));
        }

        cursor.begin(path);
        for (int level = 1; level <= path.top(); level++)
        {
            final long node = path.node(level);
            if (path.slot(level) + 1 < Node.count(node))
            {
                return InnerNode.first(node, path.slot(level) + 1) ^ Long.MIN_VALUE;
            }
        }

        return START;
    }

    /** @return the next element of the step, {@link HashTree#NONE} if there is none. */
    public long next()
    {
        if (0 == path.leaf())
        {
            return HashTree.NONE;
        }

        long element = cursor.nextInLeaf();
        while (HashTree.NONE != element && hashing.ofString(element) < from)
        {
            element = cursor.nextInLeaf();
        }

        return element;
    }
}
