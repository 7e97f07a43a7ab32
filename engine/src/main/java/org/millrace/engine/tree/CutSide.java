package org.millrace.engine.tree;

import org.millrace.engine.memory.OffHeap;

/** One end of a range that is taken out of a tree: the way to the leaf that is cut, and what is left of each node on it. */
final class CutSide
{
    private final Path path;
    private final int[] refs = new int[Node.LEVELS_MAX];
    private final long[] counts = new long[Node.LEVELS_MAX];
    private final boolean[] inPlace = new boolean[Node.LEVELS_MAX];

    CutSide(final OffHeap memory)
    {
        path = new Path(memory);
    }

    Path path()
    {
        return path;
    }

    /** This node takes the place of the one on the way; or it is that one itself, which is to be cut. */
    void keep(final int level, final int ref, final long count)
    {
        refs[level] = ref;
        counts[level] = count;
        inPlace[level] = ref == path.ref(level);
    }

    /** Nothing takes the place of the node on the way. */
    void drop(final int level)
    {
        refs[level] = OffHeap.NULL_REF;
        counts[level] = 0;
        inPlace[level] = false;
    }

    boolean isKept(final int level)
    {
        return OffHeap.NULL_REF != refs[level];
    }

    boolean isInPlace(final int level)
    {
        return inPlace[level];
    }

    int ref(final int level)
    {
        return refs[level];
    }

    /** Elements below it. */
    long count(final int level)
    {
        return counts[level];
    }
}
