package org.millrace.engine.datatype;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.value.IntsetLayout;

/**
 * What is done with the integers of an intset where they lie: found, put between others, taken out. Integers are ordered,
 * all of one width; that grows with the first that needs more and, as in Redis, never shrinks. Stateless.
 *
 * <p>{@code value} is the address of the first byte behind the key. {@code insert} and {@code remove} change a value in
 * its place; {@code writeInserted} and {@code writeRemoved} make another.
 */
final class Intset
{
    /** Longest blob: what lies in one piece is copied in one. Sets with more are trees, whatever the options say. */
    static final int BLOB_MAX = 32 * 1024;

    private Intset()
    {
    }

    /** Bytes that an integer takes: 2, 4 or 8. */
    static int widthOf(final long number)
    {
        if (number == (short)number)
        {
            return Short.BYTES;
        }

        return number == (int)number ? Integer.BYTES : Long.BYTES;
    }

    static long blobLength(final int width, final long count)
    {
        return IntsetLayout.HEADER_LENGTH + width * count;
    }

    /** True if an intset of so many integers is allowed to be one. */
    static boolean isAllowed(final int width, final long count, final long entriesMax)
    {
        return count <= entriesMax && blobLength(width, count) <= BLOB_MAX;
    }

    /** Index of an integer; -1 - i if it is not there and belongs at index i. */
    static long find(final long value, final long number)
    {
        final long first = IntsetLayout.blob(value) + IntsetLayout.HEADER_LENGTH;
        final int width = IntsetLayout.width(value);
        long low = 0;
        long high = IntsetLayout.count(value) - 1;
        while (low <= high)
        {
            final long middle = low + high >>> 1;
            final long there = get(first, width, middle);
            if (there == number)
            {
                return middle;
            }

            if (there < number)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return -1 - low;
    }

    /** Begin a value in memory of {@link IntsetLayout#sizeOf}. @return address of its first integer. */
    static long begin(final long value, final int width, final long count)
    {
        final long blob = IntsetLayout.init(value, blobLength(width, count));
        Memory.putInt(blob, width);
        Memory.putInt(blob + Integer.BYTES, (int)count);
        return blob + IntsetLayout.HEADER_LENGTH;
    }

    /** Write a value with one more integer, at {@code index} of the new one. @param width of the new one. */
    static void writeInserted(
        final long from, final long index, final long number, final int width, final long to)
    {
        final long count = IntsetLayout.count(from);
        final long first = begin(to, width, count + 1);
        copy(from, 0, index, first, width);
        put(first, width, index, number);
        copy(from, index, count - index, first + (index + 1) * width, width);
    }

    /** Write a value without the integer at {@code index}. */
    static void writeRemoved(final long from, final long index, final long to)
    {
        final long count = IntsetLayout.count(from);
        final int width = IntsetLayout.width(from);
        final long first = begin(to, width, count - 1);
        copy(from, 0, index, first, width);
        copy(from, index + 1, count - index - 1, first + index * width, width);
    }

    /** Put an integer of the value's width at {@code index}; there is room behind the value for it. */
    static void insert(final long value, final long index, final long number)
    {
        final int width = IntsetLayout.width(value);
        final long count = IntsetLayout.count(value);
        moveBlob(value, blobLength(width, count), blobLength(width, count + 1));
        final long at = begin(value, width, count + 1) + index * width;
        Memory.copy(at, at + width, (count - index) * width);
        put(at, width, 0, number);
    }

    /** Take out the integer at {@code index}. */
    static void remove(final long value, final long index)
    {
        final int width = IntsetLayout.width(value);
        final long count = IntsetLayout.count(value);
        moveBlob(value, blobLength(width, count), blobLength(width, count - 1));
        final long at = begin(value, width, count - 1) + index * width;
        Memory.copy(at + width, at, (count - index - 1) * width);
    }

    /** Behind a length of another number of bytes, if the new one has another. */
    private static void moveBlob(final long value, final long oldLength, final long newLength)
    {
        final long from = IntsetLayout.blob(value);
        final long to = value + RdbLength.sizeOf(newLength);
        if (from != to)
        {
            Memory.copy(from, to, oldLength);
        }
    }

    /** Write an integer among others of this width. @param first address of the one at index 0. */
    static void put(final long first, final int width, final long index, final long number)
    {
        final long at = first + index * width;
        switch (width)
        {
            case Short.BYTES -> Memory.putShort(at, (short)number);
            case Integer.BYTES -> Memory.putInt(at, (int)number);
            default -> Memory.putLong(at, number);
        }
    }

    private static long get(final long first, final int width, final long index)
    {
        final long at = first + index * width;
        return switch (width)
        {
            case Short.BYTES -> Memory.getShort(at);
            case Integer.BYTES -> Memory.getInt(at);
            default -> Memory.getLong(at);
        };
    }

    /** Copy some integers into the place of integers that are as wide or wider. */
    private static void copy(final long from, final long index, final long count, final long to, final int width)
    {
        final int oldWidth = IntsetLayout.width(from);
        final long first = IntsetLayout.blob(from) + IntsetLayout.HEADER_LENGTH;
        if (oldWidth == width)
        {
            Memory.copyDisjoint(first + index * width, to, count * width);
            return;
        }

        for (long i = 0; i < count; i++)
        {
            put(to, width, i, get(first, oldWidth, index + i));
        }
    }
}
