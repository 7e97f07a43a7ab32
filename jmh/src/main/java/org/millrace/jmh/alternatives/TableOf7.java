package org.millrace.jmh.alternatives;

import org.millrace.engine.memory.Memory;

/** A cache line of a control word and seven words, each a reference of 48 bits below a fingerprint of 16. */
final class TableOf7 extends IndexTable
{
    private static final int SLOTS = 7;
    private static final int LINE_LENGTH = 64;
    private static final int FINGERPRINT_SHIFT = 48;
    private static final long FINGERPRINT_MASK = 0xFFFF;

    private final long buckets;

    TableOf7(final int entryCount)
    {
        super(entryCount, bucketsFor(entryCount) * LINE_LENGTH);
        buckets = bucketsFor(entryCount);
    }

    @Override
    void insert(final long hash, final int ref)
    {
        for (long bucket = home(hash);; bucket = next(bucket))
        {
            for (int slot = 1; slot <= SLOTS; slot++)
            {
                if (0 == Memory.getLong(bucket + 8L * slot))
                {
                    Memory.putLong(bucket + 8L * slot, (hash & FINGERPRINT_MASK) << FINGERPRINT_SHIFT | ref);
                    return;
                }
            }

            Memory.putLong(bucket, 1);
        }
    }

    @Override
    long find(final long hash, final long low, final long high)
    {
        final long fingerprint = hash & FINGERPRINT_MASK;
        for (long bucket = home(hash);; bucket = next(bucket))
        {
            for (int slot = 1; slot <= SLOTS; slot++)
            {
                final long word = Memory.getLong(bucket + 8L * slot);
                if (fingerprint == word >>> FINGERPRINT_SHIFT && 0 != word && hasKey(address((int)word), low, high))
                {
                    return address((int)word);
                }
            }

            if (0 == Memory.getLong(bucket))
            {
                return 0;
            }
        }
    }

    private long home(final long hash)
    {
        return table + scale(hash, buckets) * LINE_LENGTH;
    }

    private long next(final long bucket)
    {
        final long next = bucket + LINE_LENGTH;
        return table + buckets * LINE_LENGTH == next ? table : next;
    }

    private static long bucketsFor(final int entryCount)
    {
        return (long)(entryCount / (SLOTS * FULLNESS)) + 1;
    }
}
