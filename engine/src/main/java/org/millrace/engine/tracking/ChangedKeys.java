package org.millrace.engine.tracking;

import java.util.Arrays;
import org.millrace.engine.base.Layout;
import org.millrace.engine.base.PartialSort;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.tree.TextOrder;

/**
 * Keys that have changed in a turn, each once, with who has changed it last. Once they are in order, those that begin alike
 * stand side by side. Kept for the next turn: nothing is allocated but while a turn changes more than any before. Writer
 * thread.
 * <pre>
 *   0         8          16         20
 *   +---------+----------+----------+-----------+---------+
 *   | by whom | number   | length   | key bytes | to 8 B  |
 *   +---------+----------+----------+-----------+---------+
 * </pre>
 */
@Layout(value = "A key that has changed in a turn, for those who listen to prefixes; writer", length = ChangedKeys.HEAD_LENGTH, then = {
    "bytes of the key", "padding to 8 bytes"})
public final class ChangedKeys implements PartialSort.Sequence, AutoCloseable
{
    /** Nobody's command has changed it: it has expired, say. */
    public static final long NOBODY = -1;

    @Layout.Field(bytes = Long.BYTES, value = "id of the session that has changed it last; -1 for none")
    private static final int BY_OFFSET = 0;
    @Layout.Field(bytes = Long.BYTES, value = "number of its last change")
    private static final int NUMBER_OFFSET = 8;
    @Layout.Field(bytes = Integer.BYTES, value = "bytes of the key")
    private static final int LENGTH_OFFSET = 16;
    static final int HEAD_LENGTH = 20;

    private static final int CAPACITY_MIN = 64;

    /** What a large turn may leave behind. */
    private static final int CAPACITY_KEPT = 1024;

    private final ScratchBuffer bytes = new ScratchBuffer();
    private final PartialSort sort = new PartialSort();
    private final long seed;

    /** Where the records begin, in the order in which they came, then in that of bytes. */
    private long[] offsets = new long[CAPACITY_MIN];

    /** By hash, the next free place if that is taken: number of a record, from 1 on. Twice as many as records. */
    private int[] places = new int[2 * CAPACITY_MIN];
    private int count;

    /** @param seed a secret, as that of the table of all keys. */
    public ChangedKeys(final long seed)
    {
        this.seed = seed;
    }

    public int count()
    {
        return count;
    }

    /** Of all of them. */
    public long bytes()
    {
        return bytes.length();
    }

    /**
     * A key has changed. Not once they are in order.
     *
     * @param by id of the session that has changed it, or {@link #NOBODY}.
     * @param number of the change.
     */
    public void add(final long keyAddress, final int keyLength, final long by, final long number)
    {
        final int mask = places.length - 1;
        int place = (int)Hashing.hash(seed, keyAddress, keyLength) & mask;
        while (0 != places[place] && !is(places[place] - 1, keyAddress, keyLength))
        {
            place = place + 1 & mask;
        }

        if (0 == places[place])
        {
            append(keyAddress, keyLength);
            places[place] = count;
        }

        final long record = record(places[place] - 1);
        Memory.putLong(record + BY_OFFSET, by);
        Memory.putLong(record + NUMBER_OFFSET, number);
        if (count == offsets.length)
        {
            grow();
        }
    }

    private void append(final long keyAddress, final int keyLength)
    {
        offsets[count++] = bytes.length();
        final long record = bytes.claim(HEAD_LENGTH + keyLength + 7L & -8L);
        Memory.putInt(record + LENGTH_OFFSET, keyLength);
        Memory.copy(keyAddress, record + HEAD_LENGTH, keyLength);
    }

    private void grow()
    {
        offsets = Arrays.copyOf(offsets, 2 * count);
        places = new int[4 * count];
        final int mask = places.length - 1;
        for (int i = 0; i < count; i++)
        {
            int place = (int)Hashing.hash(seed, address(i), length(i)) & mask;
            while (0 != places[place])
            {
                place = place + 1 & mask;
            }

            places[place] = i + 1;
        }
    }

    private boolean is(final int index, final long keyAddress, final int keyLength)
    {
        return length(index) == keyLength && Memory.equal(address(index), keyAddress, keyLength);
    }

    private long record(final int index)
    {
        return bytes.address() + offsets[index];
    }

    /** Address of the key. */
    public long address(final int index)
    {
        return record(index) + HEAD_LENGTH;
    }

    public int length(final int index)
    {
        return Memory.getInt(record(index) + LENGTH_OFFSET);
    }

    /** Id of the session that has changed it last. */
    public long by(final int index)
    {
        return Memory.getLong(record(index) + BY_OFFSET);
    }

    /** Number of its last change. */
    public long number(final int index)
    {
        return Memory.getLong(record(index) + NUMBER_OFFSET);
    }

    /** Put them in the order of bytes: nothing is added any more until {@link #clear}. */
    public void sort()
    {
        sort.sort(this, count, 0, count - 1);
    }

    @Override
    public int compare(final int one, final int other)
    {
        return TextOrder.compare(address(one), length(one), address(other), length(other));
    }

    @Override
    public void swap(final int one, final int other)
    {
        final long kept = offsets[one];
        offsets[one] = offsets[other];
        offsets[other] = kept;
    }

    /** Once they are in order: the first that this one may begin; those that it begins stand from there on. */
    public int first(final Prefix prefix)
    {
        int from = 0;
        int to = count;
        while (from < to)
        {
            final int middle = from + to >>> 1;
            if (TextOrder.compare(address(middle), length(middle), prefix.address(), prefix.length()) < 0)
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }

    public boolean isBegunBy(final int index, final Prefix prefix)
    {
        return prefix.begins(address(index), length(index));
    }

    /** A turn ends. */
    public void clear()
    {
        count = 0;
        bytes.clear();
        if (offsets.length > CAPACITY_KEPT)
        {
            offsets = new long[CAPACITY_MIN];
            places = new int[2 * CAPACITY_MIN];
        }
        else
        {
            Arrays.fill(places, 0);
        }
    }

    @Override
    public void close()
    {
        bytes.close();
    }
}
