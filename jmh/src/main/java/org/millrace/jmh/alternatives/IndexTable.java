package org.millrace.jmh.alternatives;

import org.millrace.engine.memory.Memory;
import org.millrace.jmh.KeySequence;

/**
 * A hash index of fixed size over entries that stand in a row, key first, then value: as little as is needed to
 * compare the layouts of tables. A full bucket overflows into the next one. Filled to 0.69 of its slots, as a growing
 * index is on average.
 */
abstract class IndexTable implements AutoCloseable
{
    static final double FULLNESS = 0.69;

    private static final int ALIGNMENT = 64;
    private static final int ENTRY_LENGTH = 88;

    final long table;

    private final long reserved;
    private final long entries;

    /** @param length bytes of the table. */
    IndexTable(final int entryCount, final long length)
    {
        entries = Memory.reserve((long)(entryCount + 1) * ENTRY_LENGTH);
        reserved = Memory.reserve(length + ALIGNMENT);
        table = reserved + ALIGNMENT - 1 & -ALIGNMENT;
        Memory.set(table, length, (byte)0);
    }

    /** Put the keys 0 to count - 1, with their stamps as values. */
    final void fill(final KeySequence keys, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            keys.at(i);
            // Reference 0 is none.
            final int ref = i + 1;
            keys.write(address(ref));
            Memory.putLong(address(ref) + KeySequence.KEY_LENGTH, keys.stamp());
            insert(hash(keys), ref);
        }
    }

    /** First eight bytes of the value of the present key, or -1. */
    final long get(final KeySequence keys)
    {
        final long entry = find(hash(keys), keys.low(), keys.high());
        return 0 == entry ? -1 : Memory.getLong(entry + KeySequence.KEY_LENGTH);
    }

    abstract void insert(long hash, int ref);

    /** Address of the entry, or 0. */
    abstract long find(long hash, long low, long high);

    @Override
    public final void close()
    {
        Memory.release(reserved);
        Memory.release(entries);
    }

    final long address(final int ref)
    {
        return entries + (long)ref * ENTRY_LENGTH;
    }

    static boolean hasKey(final long entry, final long low, final long high)
    {
        return low == Memory.getLong(entry) && high == Memory.getLong(entry + 8);
    }

    static long scale(final long hash, final long range)
    {
        return (hash >>> 32) * range >>> 32;
    }

    private static long hash(final KeySequence keys)
    {
        final long mixed = (keys.low() ^ keys.high() >>> 29) * 0xBF58_476D_1CE4_E5B9L;
        return (mixed ^ mixed >>> 32) * 0x94D0_49BB_1331_11EBL;
    }
}
