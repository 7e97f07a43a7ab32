package org.millrace.engine.memory;

import java.util.Arrays;

/**
 * The slot lengths that blocks are rounded up to. Immutable.
 * <ul>
 * <li>to 256 B: every multiple of the granule, so that small entries lose next to nothing;</li>
 * <li>to 512 B: every multiple of 16, for small collections, which lie in one entry;</li>
 * <li>to 8 KiB: 64 KiB divided by a whole number, at most 12.5 % apart;</li>
 * <li>to 51 KiB: 256 KiB divided by a whole number: four slabs in a row, since the divisors of one are too far
 * apart. 32 KiB, the length of a chunk, is among them, and so is the next one, for an entry whose value just stays
 * contiguous;</li>
 * <li>4 KiB and a cache line, for what takes 4 KiB behind a header: pages of streams, the longest compact values.</li>
 * </ul>
 * Lengths of 2 KiB and more are multiples of a cache line, and slabs begin on one, so their slots do too.
 */
final class SizeClasses
{
    static final int SLAB_LENGTH = 64 * 1024;
    static final int WIDE_SLABS = 4;

    private static final int FINE_LENGTH_MAX = 256;
    private static final int MEDIUM_LENGTH_MAX = 512;
    private static final int MEDIUM_STEP = 16;
    private static final int LINE_ALIGNED_LENGTH_MIN = 2048;
    private static final int CACHE_LINE_LENGTH = 64;

    /** A page of a stream, 4 KiB, and the header of its node: 63 of them fill four slabs. */
    private static final int PAGE_LENGTH = 4096 + CACHE_LINE_LENGTH;

    /** Every number of slots from here on down has its class: one less is at most 12.5 % longer. */
    private static final int DENSE_COUNT = 16;
    private static final int NARROW_COUNT_MIN = 8;
    private static final int WIDE_COUNT_MIN = 5;

    private final int granuleShift;
    private final int lengthMax;
    private final int[] slotLength;
    private final int[] slotCount;
    private final int[] slabCount;
    private final byte[] classOfGranules;
    private int count;

    SizeClasses(final int granuleShift)
    {
        this.granuleShift = granuleShift;
        slotLength = new int[128];
        slotCount = new int[128];
        slabCount = new int[128];

        for (int length = 8; length <= FINE_LENGTH_MAX; length += 1 << granuleShift)
        {
            add(length, 1);
        }

        for (int length = FINE_LENGTH_MAX + MEDIUM_STEP; length <= MEDIUM_LENGTH_MAX; length += MEDIUM_STEP)
        {
            add(length, 1);
        }

        addDivisors(SLAB_LENGTH / MEDIUM_LENGTH_MAX, DENSE_COUNT, 1);
        add(PAGE_LENGTH, WIDE_SLABS);
        addDivisors(DENSE_COUNT, NARROW_COUNT_MIN, 1);
        addDivisors(WIDE_SLABS * NARROW_COUNT_MIN, WIDE_COUNT_MIN, WIDE_SLABS);

        lengthMax = slotLength[count - 1];
        classOfGranules = new byte[(lengthMax >> granuleShift) + 1];
        int from = 0;
        for (int sizeClass = 0; sizeClass < count; sizeClass++)
        {
            final int to = (slotLength[sizeClass] >> granuleShift) + 1;
            Arrays.fill(classOfGranules, from, to, (byte)sizeClass);
            from = to;
        }
    }

    int count()
    {
        return count;
    }

    /** Longest block that has a class. */
    int lengthMax()
    {
        return lengthMax;
    }

    int classOf(final int length)
    {
        return classOfGranules[(length + (1 << granuleShift) - 1) >> granuleShift];
    }

    int slotLength(final int sizeClass)
    {
        return slotLength[sizeClass];
    }

    /** Slots in a slab of this class. */
    int slotCount(final int sizeClass)
    {
        return slotCount[sizeClass];
    }

    /** How many 64 KiB slabs in a row make one slab of this class. */
    int slabCount(final int sizeClass)
    {
        return slabCount[sizeClass];
    }

    private void addDivisors(final int afterCount, final int lastCount, final int slabs)
    {
        int divisor = afterCount;
        while (divisor > lastCount)
        {
            divisor = divisor > DENSE_COUNT ? Math.max(DENSE_COUNT, (divisor * 8 + 8) / 9) : divisor - 1;
            final int length = SLAB_LENGTH * slabs / divisor;
            final int alignment = length >= LINE_ALIGNED_LENGTH_MIN ? CACHE_LINE_LENGTH : 8;
            add(length & -alignment, slabs);
        }
    }

    private void add(final int length, final int slabs)
    {
        slotLength[count] = length;
        slotCount[count] = SLAB_LENGTH * slabs / length;
        slabCount[count] = slabs;
        count++;
    }
}
