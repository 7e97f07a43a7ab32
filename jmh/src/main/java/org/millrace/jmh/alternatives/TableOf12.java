package org.millrace.jmh.alternatives;

import org.millrace.engine.memory.Memory;

/** The winner: a cache line of 4 control bytes, twelve fingerprints of a byte, twelve references of 32 bits. */
final class TableOf12 extends IndexTable
{
    private static final int SLOTS = 12;
    private static final int LINE_LENGTH = 64;
    private static final long LOW_BITS = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;
    private static final long CONTROL_LANES = 0xFFFF_FFFFL;

    private final long buckets;

    TableOf12(final int entryCount)
    {
        super(entryCount, bucketsFor(entryCount) * LINE_LENGTH);
        buckets = bucketsFor(entryCount);
    }

    @Override
    void insert(final long hash, final int ref)
    {
        for (long bucket = home(hash);; bucket = next(bucket))
        {
            for (int slot = 0; slot < SLOTS; slot++)
            {
                if (0 == Memory.getInt(bucket + 16 + 4L * slot))
                {
                    Memory.putByte(bucket + 4 + slot, (byte)hash);
                    Memory.putInt(bucket + 16 + 4L * slot, ref);
                    return;
                }
            }

            Memory.putInt(bucket, 1);
        }
    }

    @Override
    long find(final long hash, final long low, final long high)
    {
        final long lanes = (hash & 0xFF) * LOW_BITS;
        for (long bucket = home(hash);; bucket = next(bucket))
        {
            final long first = Memory.getLong(bucket) ^ lanes | CONTROL_LANES;
            final long second = Memory.getLong(bucket + 8) ^ lanes;
            final long firstHits = first - LOW_BITS & ~first & HIGH_BITS;
            long hits = firstHits >>> 39 | second - LOW_BITS & ~second & HIGH_BITS;
            while (0 != hits)
            {
                final int bit = Long.numberOfTrailingZeros(hits);
                final int ref = Memory.getInt(bucket + 16 + 4L * ((bit >>> 3) + (bit & 4)));
                if (0 != ref && hasKey(address(ref), low, high))
                {
                    return address(ref);
                }

                hits &= hits - 1;
            }

            if (0 == Memory.getInt(bucket))
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
