package org.millrace.engine.tree;

/**
 * Fills a tree in the order of scores. As long as elements come in this order or in the opposite one, which is that of
 * files, leaves are built one after the other; once they do not, each is put into the tree. Nobody sees the tree before it
 * is done. Writer thread; one at a time.
 */
public final class ScoreLoader implements AutoCloseable
{
    private final ElementBuilder builder;
    private ScoreTree tree;
    private long head;
    private long count;
    private boolean isDescending;
    private boolean isBuilding;

    public ScoreLoader(final Trees trees)
    {
        builder = new ElementBuilder(trees);
    }

    /** @param treeHead of a tree that is empty and that nobody else sees. */
    public void begin(final ScoreTree scoreTree, final long treeHead)
    {
        tree = scoreTree;
        head = treeHead;
        count = 0;
        isDescending = false;
        isBuilding = true;
        builder.begin(tree);
    }

    /**
     * The next element; that none has its member somebody else must see to.
     *
     * @return false if memory ran out: then {@link #abort}.
     */
    public boolean add(final Member member, final double score)
    {
        if (isBuilding && 0 < count && !isInOrder(tree.compare(builder.lastElement(), score, member)))
        {
            if (!builder.finish(head))
            {
                return false;
            }

            isBuilding = false;
        }

        count++;
        return isBuilding ? builder.addScored(member, score) : tree.insert(head, score, member);
    }

    /** @param side on which the element before is: negative, 0 if it is the same, or positive. */
    private boolean isInOrder(final int side)
    {
        if (1 == count && side > 0)
        {
            isDescending = true;
            builder.descend();
        }

        return isDescending ? side > 0 : side < 0;
    }

    /** All that came is in the tree. @return false if memory ran out: then {@link #abort}. */
    public boolean finish()
    {
        if (isBuilding && !builder.finish(head))
        {
            return false;
        }

        isBuilding = false;
        return true;
    }

    /** Nobody wants what came; what the head has is its owner's to let go. */
    public void abort()
    {
        if (isBuilding)
        {
            isBuilding = false;
            builder.abort();
        }
    }

    @Override
    public void close()
    {
        builder.close();
    }
}
