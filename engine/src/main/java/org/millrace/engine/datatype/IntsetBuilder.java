package org.millrace.engine.datatype;

import java.util.Arrays;
import org.millrace.engine.value.IntsetLayout;

/** Gathers the integers of a set that may become an intset, in any order, and writes it. One set at a time. */
final class IntsetBuilder
{
    private static final int CAPACITY_MIN = 64;

    private long[] numbers = new long[CAPACITY_MIN];
    private int count;
    private int width;
    private boolean isAscending;

    /** Begin a set. */
    void begin()
    {
        count = 0;
        width = Short.BYTES;
        isAscending = true;
    }

    int count()
    {
        return count;
    }

    /** An integer, by the order in which they came; {@link #sort} changes that. */
    long get(final int index)
    {
        return numbers[index];
    }

    /** @return false if an intset may not have so many: then it has not been added. */
    boolean add(final long number, final long entriesMax)
    {
        final int newWidth = Math.max(width, Intset.widthOf(number));
        if (!Intset.isAllowed(newWidth, count + 1L, entriesMax))
        {
            return false;
        }

        if (count == numbers.length)
        {
            numbers = Arrays.copyOf(numbers, 2 * count);
        }

        isAscending = isAscending && (0 == count || numbers[count - 1] < number);
        width = newWidth;
        numbers[count++] = number;
        return true;
    }

    /** Put them in order. @return false if one has come twice. */
    boolean sort()
    {
        if (isAscending)
        {
            return true;
        }

        Arrays.sort(numbers, 0, count);
        for (int i = 1; i < count; i++)
        {
            if (numbers[i - 1] == numbers[i])
            {
                return false;
            }
        }

        return true;
    }

    /** Bytes of the value. */
    long length()
    {
        return IntsetLayout.sizeOf(Intset.blobLength(width, count));
    }

    /** Write the value, once they are in order. */
    void write(final long value)
    {
        final long first = Intset.begin(value, width, count);
        for (int i = 0; i < count; i++)
        {
            Intset.put(first, width, i, numbers[i]);
        }
    }
}
