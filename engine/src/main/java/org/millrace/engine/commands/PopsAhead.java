package org.millrace.engine.commands;

import org.millrace.engine.command.CommandContext;
import org.millrace.engine.datatype.ElementPrefetch;
import org.millrace.engine.datatype.ElementWalk;

/**
 * Who takes members from an end of a sorted set one by one finds each of them anywhere in the tree by member, one cache
 * miss after the other. So at every sixteenth the ways to that one and to those behind it are loaded side by side. A guess:
 * if others come before them, nothing is lost but the loads. Writer thread.
 */
final class PopsAhead
{
    private static final int COUNT = 16;

    /** Fewer members stay in the cache. */
    private static final long SIZE_MIN = 4_096;

    private long expected;
    private boolean wasMax;
    private int left;

    /** Call before a member at an end is removed from a set of so many. */
    void load(final CommandContext context, final long entry, final long size, final boolean isMax)
    {
        if (size < SIZE_MIN)
        {
            return;
        }

        if (left > 0 && entry == expected && isMax == wasMax)
        {
            left--;
            return;
        }

        expected = entry;
        wasMax = isMax;
        left = COUNT - 1;
        final ElementWalk walk = context.values().walk();
        final ElementPrefetch prefetch = context.values().prefetch();
        walk.begin(entry, isMax ? size : 0);
        for (int i = 0; i < COUNT; i++)
        {
            prefetch.addElement(entry, isMax ? walk.previous() : walk.next());
        }

        prefetch.finish();
    }
}
