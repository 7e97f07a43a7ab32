package org.millrace.engine.guard;

import java.util.Arrays;
import org.agrona.UnsafeApi;

/**
 * What one thread may meet that is not alive: the epochs that it is inside of as a reader, for each the cell that tells
 * whether it was expelled; and whether it examines slots.
 */
final class Leniency
{
    private long[] cells = new long[8];
    private long[] expelled = new long[8];
    private Object[] keepers = new Object[8];
    private int count;
    private int examinations;

    void add(final long cell, final long expelledValue, final Object keeper)
    {
        remove(cell);
        if (count == cells.length)
        {
            cells = Arrays.copyOf(cells, 2 * count);
            expelled = Arrays.copyOf(expelled, 2 * count);
            keepers = Arrays.copyOf(keepers, 2 * count);
        }

        cells[count] = cell;
        expelled[count] = expelledValue;
        keepers[count] = keeper;
        count++;
    }

    void remove(final long cell)
    {
        for (int i = 0; i < count; i++)
        {
            if (cell == cells[i])
            {
                count--;
                cells[i] = cells[count];
                expelled[i] = expelled[count];
                keepers[i] = keepers[count];
                keepers[count] = null;
                return;
            }
        }
    }

    void examining(final int delta)
    {
        examinations += delta;
    }

    /** Asked behind a load that has met what is not alive: one that was protected at that load still is here. */
    boolean mayMeetAnything()
    {
        if (examinations > 0)
        {
            return true;
        }

        UnsafeApi.loadFence();
        for (int i = 0; i < count; i++)
        {
            if (expelled[i] == UnsafeApi.getLong(cells[i]))
            {
                return true;
            }
        }

        return false;
    }
}
