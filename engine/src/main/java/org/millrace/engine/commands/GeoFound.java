package org.millrace.engine.commands;

import org.millrace.engine.base.PartialSort;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.memory.ScratchBuffer;

/**
 * What a search has found: addresses of elements with their distances, in an order. Off-heap, and no more than what the
 * node's data might still grow by. Writer thread; used again and again.
 * <pre>
 *   +--------------------+--------------------+
 *   | address of element | meters from center |   one of those found, 16 bytes
 *   +--------------------+--------------------+
 * </pre>
 */
final class GeoFound implements PartialSort.Sequence, AutoCloseable
{
    private static final int METERS_AT = Long.BYTES;
    private static final int RECORD_LENGTH = METERS_AT + Double.BYTES;

    /** So much is taken without a look at what the data may still grow by. */
    private static final long UNASKED_BYTES = 1 << 20;

    /** More cannot be numbered. */
    private static final long BYTES_MAX = (long)Integer.MAX_VALUE * RECORD_LENGTH;

    private final PartialSort partial = new PartialSort();
    private ScratchBuffer records = new ScratchBuffer();

    /** Where those that are sorted go, in turn with the other. */
    private ScratchBuffer spare = new ScratchBuffer();
    private OffHeap memory;
    private boolean isDescending;

    /** Begin with none. @param dataMemory whose limit holds for what is found as well. */
    void begin(final OffHeap dataMemory)
    {
        memory = dataMemory;
        clear();
    }

    void clear()
    {
        records.clear();
        spare.clear();
    }

    /** @param meters from the center. @return false if there is no memory for it. */
    boolean add(final long element, final double meters)
    {
        final long length = records.length() + RECORD_LENGTH;
        if (length > records.capacity() && !(length <= BYTES_MAX && hasRoom(2 * length)))
        {
            return false;
        }

        final long at = records.claim(RECORD_LENGTH);
        Memory.putLong(at, element);
        Memory.putLong(at + METERS_AT, Double.doubleToRawLongBits(meters));
        return true;
    }

    /** Little is always to be had: who asks about a node that is full is answered. */
    private boolean hasRoom(final long bytes)
    {
        return bytes <= UNASKED_BYTES || memory.hasRoom(bytes);
    }

    int count()
    {
        return (int)(records.length() / RECORD_LENGTH);
    }

    private long record(final int index)
    {
        return records.address() + (long)index * RECORD_LENGTH;
    }

    long element(final int index)
    {
        return Memory.getLong(record(index));
    }

    /** Meters from the center. */
    double distance(final int index)
    {
        return Double.longBitsToDouble(Memory.getLong(record(index) + METERS_AT));
    }

    /**
     * By distance. If all are wanted, of equal ones that comes first which was found first; else those come first that
     * do so in Redis.
     *
     * @param wanted how many of the first ones are wanted, 1 at least.
     * @return false if there is no memory for that.
     */
    boolean sort(final boolean descending, final int wanted)
    {
        isDescending = descending;
        if (wanted < count())
        {
            partial.sort(this, count(), 0, wanted - 1);
            return true;
        }

        if (!hasRoom(records.length()))
        {
            return false;
        }

        sortAll();
        return true;
    }

    private void sortAll()
    {
        final int count = count();
        spare.clear();
        spare.claim(records.length());
        for (int width = 1; width < count; width *= 2)
        {
            for (int from = 0; from < count; from += 2 * width)
            {
                merge(from, Math.min(from + width, count), Math.min(from + 2 * width, count));
            }

            final ScratchBuffer sorted = spare;
            spare = records;
            records = sorted;
        }
    }

    /** Merge two parts that are in order and neighbours into the same place of the spare records. */
    private void merge(final int from, final int middle, final int end)
    {
        long to = spare.address() + (long)from * RECORD_LENGTH;
        int left = from;
        int right = middle;
        while (left < middle || right < end)
        {
            final boolean isLeft = right >= end || left < middle && compare(left, right) <= 0;
            final long record = record(isLeft ? left++ : right++);
            Memory.putLong(to, Memory.getLong(record));
            Memory.putLong(to + METERS_AT, Memory.getLong(record + METERS_AT));
            to += RECORD_LENGTH;
        }
    }

    @Override
    public int compare(final int one, final int other)
    {
        final double a = distance(one);
        final double b = distance(other);
        return a == b ? 0 : a > b == isDescending ? -1 : 1;
    }

    @Override
    public void swap(final int one, final int other)
    {
        final long a = record(one);
        final long b = record(other);
        final long element = Memory.getLong(a);
        final long meters = Memory.getLong(a + METERS_AT);
        Memory.putLong(a, Memory.getLong(b));
        Memory.putLong(a + METERS_AT, Memory.getLong(b + METERS_AT));
        Memory.putLong(b, element);
        Memory.putLong(b + METERS_AT, meters);
    }

    @Override
    public void close()
    {
        records.close();
        spare.close();
    }
}
