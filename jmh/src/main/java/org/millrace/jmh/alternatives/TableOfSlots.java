package org.millrace.jmh.alternatives;

import org.millrace.engine.memory.Memory;

/** No buckets: slots of eight bytes, half a reference and half hash, one after another until a free one. */
final class TableOfSlots extends IndexTable
{
    private static final int SLOT_LENGTH = 8;
    private static final long HASH_MASK = 0xFFFF_FFFFL;

    private final long slots;

    TableOfSlots(final int entryCount)
    {
        super(entryCount, slotsFor(entryCount) * SLOT_LENGTH);
        slots = slotsFor(entryCount);
    }

    @Override
    void insert(final long hash, final int ref)
    {
        long slot = home(hash);
        while (0 != Memory.getLong(slot))
        {
            slot = next(slot);
        }

        Memory.putLong(slot, hash << 32 | ref);
    }

    @Override
    long find(final long hash, final long low, final long high)
    {
        final long lowHash = hash & HASH_MASK;
        long slot = home(hash);
        for (long word = Memory.getLong(slot); 0 != word; word = Memory.getLong(slot))
        {
            if (lowHash == word >>> 32 && hasKey(address((int)word), low, high))
            {
                return address((int)word);
            }

            slot = next(slot);
        }

        return 0;
    }

    private long home(final long hash)
    {
        return table + scale(hash, slots) * SLOT_LENGTH;
    }

    private long next(final long slot)
    {
        final long next = slot + SLOT_LENGTH;
        return table + slots * SLOT_LENGTH == next ? table : next;
    }

    private static long slotsFor(final int entryCount)
    {
        return (long)(entryCount / FULLNESS) + 1;
    }
}
