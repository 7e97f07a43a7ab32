package org.millrace.engine.value;

import org.millrace.engine.tree.TreeHead;
import org.millrace.engine.tree.TreeRelease;

/** What is done to all heads of one value, which stand one behind the other. Static access, by the first of them. */
final class TreeHeads
{
    private TreeHeads()
    {
    }

    private static long head(final long first, final int number)
    {
        return first + (long)number * TreeHead.LENGTH;
    }

    static void init(final long first, final int count, final long generation)
    {
        for (int i = 0; i < count; i++)
        {
            TreeHead.init(head(first, i), generation);
        }
    }

    static void handOver(final long from, final long to, final int count, final long generation)
    {
        for (int i = 0; i < count; i++)
        {
            TreeHead.handOver(head(from, i), head(to, i), generation);
        }
    }

    /** What was handed over is not taken. */
    static void takeBack(final long first, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            TreeHead.endChange(head(first, i));
        }
    }

    static void retire(final TreeRelease release, final long first, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            release.retire(TreeHead.root(head(first, i)));
        }
    }

    static void discard(final TreeRelease release, final long first, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            release.discard(TreeHead.root(head(first, i)));
        }
    }
}
