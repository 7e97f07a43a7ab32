package org.millrace.engine.tree;

/**
 * Walks a tree in hash order by positions in that order, which mean the same whatever happens to the tree between two
 * steps: whoever was there from the first step to the last is met, and met once. Writer thread.
 *
 * <p>A position is the upper 53 bits of a hash. Clients get it as a cursor, and some of them keep numbers as doubles.
 */
public final class HashScan
{
    /** Where a walk begins, and what its end says. */
    public static final long START = 0;

    private static final int POSITION_BITS = 53;
    private static final int SHIFT = Long.SIZE - POSITION_BITS;

    private final Path path;
    private final ElementCursor cursor;
    private final MemberHash hashing;

    /** Hashes that the step is about: from the one on, to below the other if it is not the last step. */
    private long from;
    private long until;
    private boolean isLast;

    public HashScan(final Trees trees)
    {
        path = new Path(trees.memory());
        cursor = new ElementCursor(trees.memory());
        hashing = trees.hashing();
    }

    /**
     * Go to the elements from a position on, about to the end of a leaf: {@link #next} gives them.
     *
     * @param position {@link #START} or what the last step returned; of any other number some bits.
     * @return the position behind them, {@link #START} if that is the end.
     */
    public long step(final long head, final long position)
    {
        from = hash(position);
        path.enter(TreeHead.root(head));
        for (int level = path.top(); level > 0; level--)
        {
            path.descend(level, InnerNode.find(path.node(level), from));
        }

        cursor.begin(path);
        final long next = nextPosition();
        until = hash(next);
        isLast = START == next;
        return next;
    }

    private static long hash(final long position)
    {
        return position << SHIFT ^ Long.MIN_VALUE;
    }

    private static long position(final long hash)
    {
        return (hash ^ Long.MIN_VALUE) >>> SHIFT;
    }

    /** Where the first leaf begins that begins at another position than this step. */
    private long nextPosition()
    {
        for (int level = 1; level <= path.top(); level++)
        {
            final long node = path.node(level);
            for (int slot = path.slot(level) + 1; slot < Node.count(node); slot++)
            {
                final long position = position(InnerNode.first(node, slot));
                if (position > position(from))
                {
                    return position;
                }
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

        while (true)
        {
            final long element = cursor.nextInLeaf();
            if (HashTree.NONE == element && !nextLeaf())
            {
                return HashTree.NONE;
            }

            if (HashTree.NONE != element && isWithin(hashing.ofString(element)))
            {
                return element;
            }
        }
    }

    private boolean isWithin(final long hash)
    {
        return hash >= from && (isLast || hash < until);
    }

    /** To the next leaf, if the step is about it, too: seldom, where leaves begin so near that their positions are equal. */
    private boolean nextLeaf()
    {
        for (int level = 1; level <= path.top(); level++)
        {
            final long node = path.node(level);
            final int slot = path.slot(level) + 1;
            if (slot < Node.count(node))
            {
                if (!isLast && InnerNode.first(node, slot) >= until)
                {
                    return false;
                }

                path.nextLeaf();
                cursor.begin(path);
                return true;
            }
        }

        return false;
    }
}
