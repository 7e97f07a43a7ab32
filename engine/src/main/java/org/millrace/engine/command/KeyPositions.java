package org.millrace.engine.command;

import java.util.Arrays;

/** The keys of one call, as indices of arguments, and what the command does with each. Reused, so that nothing is allocated. */
public final class KeyPositions
{
    private int[] indices = new int[16];
    private int[] flags = new int[16];
    private int count;

    public void clear()
    {
        count = 0;
    }

    public int count()
    {
        return count;
    }

    /** Index of the argument that is the key. */
    public int index(final int key)
    {
        return indices[key];
    }

    /** What happens to the key: {@link KeyFlags}. */
    public int flags(final int key)
    {
        return flags[key];
    }

    void add(final int index, final int keyFlags)
    {
        if (count == indices.length)
        {
            indices = Arrays.copyOf(indices, 2 * count);
            flags = Arrays.copyOf(flags, 2 * count);
        }

        indices[count] = index;
        flags[count++] = keyFlags;
    }
}
