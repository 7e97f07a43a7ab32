package org.millrace.engine.memory;

import java.util.Arrays;
import org.millrace.engine.base.Check;
import org.millrace.engine.base.Layout;
import org.millrace.engine.guard.GuardedHeap;

/**
 * The regions of one {@link OffHeap}: which region numbers are taken, where each begins, and which of its 64 KiB
 * slabs are free. Writer thread only, but for {@link #ADDRESS_LENGTH the address table}, which any thread reads: a
 * row is written before any reference into its region is published.
 */
@Layout(value = "A word for each region, so that an address is one addition to the scaled reference; the writer " +
    "stores it before it gives out a reference into the region", length = RegionTable.ADDRESS_LENGTH)
final class RegionTable
{
    static final int REGION_SHIFT = 24;
    static final long REGION_LENGTH = 1L << REGION_SHIFT;
    static final int REGION_SLABS = (int)(REGION_LENGTH / SizeClasses.SLAB_LENGTH);

    /** Bytes of a row of the address table. */
    static final int ADDRESS_LENGTH = 8;

    @Layout.Field(bytes = Long.BYTES, value = "address that region 0 would have if this region's number were " +
        "counted from there")
    static final int ADDRESS_OFFSET = 0;

    /**
     * Readable bytes behind every region. A reader that has been expelled may find garbage where a key was, and read
     * on for the length of the key it looks for.
     */
    static final int TAIL_LENGTH = 64 * 1024;

    /** A huge page: where the system gives them, all of a region gets them. What is skipped is never touched. */
    private static final long ALIGNMENT = 2L << 20;

    private static final int WORDS = REGION_SLABS / Long.SIZE;

    private final int limit;
    private final long addressTable;
    private final RegionRelease regionRelease;
    private final GuardedHeap guard;
    private final long[] freeSlabs;
    private final short[] longestRun;
    private final long[] reservedAddress;
    private final boolean[] taken;
    private final boolean[] isSlabbed;
    private int end;
    private int firstWithRoom;
    private int freeCount;

    /** @param limit number of region numbers. */
    RegionTable(final int limit, final RegionRelease regionRelease, final GuardedHeap guard)
    {
        this.guard = guard;
        this.limit = limit;
        this.regionRelease = regionRelease;
        addressTable = Memory.reserve((long)limit * ADDRESS_LENGTH);
        freeSlabs = new long[limit * WORDS];
        longestRun = new short[limit];
        reservedAddress = new long[limit];
        taken = new boolean[limit];
        isSlabbed = new boolean[limit];
    }

    long addressTable()
    {
        return addressTable;
    }

    /** First of {@code count} consecutive region numbers that nobody uses, or -1. */
    int findNumbers(final int count)
    {
        int run = 0;
        for (int region = 0; region < limit; region++)
        {
            run = taken[region] ? 0 : run + 1;
            if (run == count)
            {
                return region - count + 1;
            }
        }

        return -1;
    }

    /** Take {@code length} bytes from the operating system for these region numbers; false if it has none. */
    boolean reserve(final int first, final int count, final long length)
    {
        final long reserved;
        try
        {
            reserved = Memory.reserve(length + ALIGNMENT + TAIL_LENGTH);
        }
        catch (final OutOfMemoryError ignore)
        {
            return false;
        }

        final long aligned = reserved + ALIGNMENT - 1 & -ALIGNMENT;
        reservedAddress[first] = reserved;
        if (Memory.CHECKED)
        {
            guard.region(reserved, aligned, length);
        }

        for (int i = 0; i < count; i++)
        {
            taken[first + i] = true;
            // What is stored is where region 0 would begin if this region's number were counted from there, so that
            // an address is one addition to the scaled reference.
            Memory.putLong(addressTable + (long)(first + i) * ADDRESS_LENGTH,
                aligned - ((long)first << REGION_SHIFT));
        }

        end = Math.max(end, first + count);
        return true;
    }

    /** Address of a region's first byte. */
    long start(final int region)
    {
        return Memory.getLong(addressTable + (long)region * ADDRESS_LENGTH) + ((long)region << REGION_SHIFT);
    }

    /** Address of a slab's first byte. */
    long slabStart(final int number)
    {
        return start(number / REGION_SLABS) + (long)(number % REGION_SLABS) * SizeClasses.SLAB_LENGTH;
    }

    /** Give the memory of these region numbers back to the operating system. */
    void release(final int first, final int count)
    {
        unmap(first);
        for (int i = 0; i < count; i++)
        {
            taken[first + i] = false;
            isSlabbed[first + i] = false;
        }
    }

    /** Number of the first of {@code count} free slabs in a row, now taken, or -1 if no region has as many. */
    int takeSlabs(final int count)
    {
        for (int region = firstWithRoom; region < end; region++)
        {
            if (longestRun[region] >= count)
            {
                final int slab = findRun(region, count);
                if (slab >= 0)
                {
                    mark(region, slab, count, false);
                    freeCount -= count;
                    return region * REGION_SLABS + slab;
                }

                longestRun[region] = (short)(count - 1);
            }

            if (region == firstWithRoom && 0 == longestRun[region])
            {
                firstWithRoom++;
            }
        }

        return -1;
    }

    /** The first slabs of a region that was just reserved, {@code count} from {@code number} on, are free. */
    void open(final int number, final int count)
    {
        isSlabbed[number / REGION_SLABS] = true;
        giveSlabs(number, count);
    }

    /** These slabs are free from now on. */
    void giveSlabs(final int number, final int count)
    {
        final int region = number / REGION_SLABS;
        mark(region, number % REGION_SLABS, count, true);
        freeCount += count;
        longestRun[region] = REGION_SLABS;
        firstWithRoom = Math.min(firstWithRoom, region);
    }

    /** Regions from the first to here have or had a number. */
    int end()
    {
        return end;
    }

    /** True if the slab is one of a region of slabs: the others are parts of blocks that have regions of their own. */
    boolean isInSlabs(final int number)
    {
        return isSlabbed[number / REGION_SLABS];
    }

    /** Unmap the last region without a block; false if there is none. Never the first region. */
    boolean releaseFree()
    {
        int region = end - 1;
        while (region > 0 && !(isSlabbed[region] && isFree(region)))
        {
            region--;
        }

        if (region <= 0)
        {
            return false;
        }

        Arrays.fill(freeSlabs, region * WORDS, (region + 1) * WORDS, 0);
        freeCount -= REGION_SLABS;
        longestRun[region] = 0;
        release(region, 1);
        return true;
    }

    private boolean isFree(final int region)
    {
        for (int word = region * WORDS; word < (region + 1) * WORDS; word++)
        {
            if (-1L != freeSlabs[word])
            {
                return false;
            }
        }

        return true;
    }

    /** Slabs that nobody has. */
    int freeSlabs()
    {
        return freeCount;
    }

    void close()
    {
        for (int region = 0; region < end; region++)
        {
            if (0 != reservedAddress[region])
            {
                unmap(region);
            }
        }

        Memory.release(addressTable);
    }

    private void unmap(final int region)
    {
        regionRelease.release(reservedAddress[region]);
        reservedAddress[region] = 0;
    }

    private int findRun(final int region, final int count)
    {
        int run = 0;
        for (int slab = 0; slab < REGION_SLABS; slab++)
        {
            final long word = freeSlabs[region * WORDS + slab / Long.SIZE];
            if (0 == word)
            {
                run = 0;
                slab |= Long.SIZE - 1;
                continue;
            }

            run = 0 != (word & 1L << slab) ? run + 1 : 0;
            if (run == count)
            {
                return slab - count + 1;
            }
        }

        return -1;
    }

    private void mark(final int region, final int first, final int count, final boolean free)
    {
        for (int slab = first; slab < first + count; slab++)
        {
            final int word = region * WORDS + slab / Long.SIZE;
            final long bit = 1L << slab;
            Check.that((0 != (freeSlabs[word] & bit)) != free, "slab taken or given twice: region, slab", region, slab);
            freeSlabs[word] ^= bit;
        }
    }
}
