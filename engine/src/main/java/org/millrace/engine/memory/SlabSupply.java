package org.millrace.engine.memory;

import org.millrace.engine.guard.GuardedHeap;

/**
 * Slabs of {@link OffHeap}: takes regions from the operating system, as far as the limit lets it, gives out slabs of them
 * in runs, and gives back what is free. Keeps the descriptors of all slabs. Writer thread.
 */
final class SlabSupply implements AutoCloseable
{
    static final int SLAB_SHIFT = 16;

    private final RegionTable regions;
    private final long slabTable;
    private final long maxBytes;

    /** Null unless memory is checked. */
    private final GuardedHeap guard;
    private long limit;
    private long reservedBytes;
    private long touchedBytes;

    /** @param maxBytes of all regions. */
    SlabSupply(final int regionLimit, final long maxBytes, final RegionRelease release, final GuardedHeap guard)
    {
        this.maxBytes = maxBytes;
        this.guard = guard;
        limit = maxBytes;
        regions = new RegionTable(regionLimit, release, guard);
        slabTable = Memory.reserve((long)regionLimit * RegionTable.REGION_SLABS * SlabDescriptor.LENGTH);
    }

    /** As {@link RegionTable#addressTable}. */
    long addressTable()
    {
        return regions.addressTable();
    }

    /** Address of the first slab's descriptor; the others follow it. */
    long slabTable()
    {
        return slabTable;
    }

    /** Address of a slab's descriptor. */
    private long slab(final int number)
    {
        return slabTable + (long)number * SlabDescriptor.LENGTH;
    }

    /** Number behind that of the last slab. */
    int end()
    {
        return regions.end() * RegionTable.REGION_SLABS;
    }

    /** As {@link RegionTable#isInSlabs}. */
    boolean isInSlabs(final int number)
    {
        return regions.isInSlabs(number);
    }

    // Bytes

    long maxBytes()
    {
        return maxBytes;
    }

    /** Taken from the operating system. */
    long reservedBytes()
    {
        return reservedBytes;
    }

    /** Of slabs that were given out. */
    long heldBytes()
    {
        return reservedBytes - freeBytes();
    }

    /** Of slabs that were not. */
    long freeBytes()
    {
        return (long)regions.freeSlabs() << SLAB_SHIFT;
    }

    /** That have been given out at some time, and not been given back to the operating system. */
    long touchedBytes()
    {
        return Math.min(reservedBytes, Math.max(touchedBytes, heldBytes()));
    }

    /** That can still be had within the limit. */
    long leftBytes()
    {
        return limit - reservedBytes + freeBytes();
    }

    /** Take no more than this from now on, at most {@link #maxBytes}. */
    void limit(final long bytes)
    {
        limit = Math.min(bytes, maxBytes);
    }

    // Slabs

    /** Number of the first of {@code count} slabs in a row, or 0. */
    int take(final int count)
    {
        int number = regions.takeSlabs(count);
        if (number < 0)
        {
            if (!reserveRegion(count))
            {
                return 0;
            }

            number = regions.takeSlabs(count);
        }

        touchedBytes = Math.max(touchedBytes, heldBytes());
        for (int i = 0; i < count; i++)
        {
            SlabDescriptor.distance(slab(number + i), i);
        }

        return number;
    }

    /** Give back the run that begins with a slab. */
    void give(final int number)
    {
        final int slabs = markFree(number);
        regions.giveSlabs(number, slabs);
    }

    /** @return slabs of the run. */
    private int markFree(final int number)
    {
        final long slab = slab(number);
        final int slabs = SlabDescriptor.runLength(slab);
        SlabDescriptor.markFree(slab);
        if (Memory.CHECKED)
        {
            guard.slabGiven(regions.slabStart(number), (long)slabs << SLAB_SHIFT);
        }

        return slabs;
    }

    private boolean reserveRegion(final int slabsNeeded)
    {
        final int region = regions.findNumbers(1);
        // Where the limit leaves less than a region, the rest of it is never touched.
        final long length = Math.min(RegionTable.REGION_LENGTH, limit - reservedBytes & -SizeClasses.SLAB_LENGTH);
        // Slab 0 is never given away: reference 0 means none.
        final int skip = 0 == region ? 1 : 0;
        final int slabs = (int)(length >>> SLAB_SHIFT) - skip;
        if (region < 0 || slabs < slabsNeeded || !regions.reserve(region, 1, RegionTable.REGION_LENGTH))
        {
            return false;
        }

        reservedBytes += length;
        final int first = region * RegionTable.REGION_SLABS;
        Memory.set(slab(first), (long)RegionTable.REGION_SLABS * SlabDescriptor.LENGTH, (byte)0);
        regions.open(first + skip, slabs);
        return true;
    }

    /** Give a region back to the operating system if there is one to spare. */
    boolean releaseFreeRegion()
    {
        final boolean isReleased = regions.releaseFree();
        if (isReleased)
        {
            reservedBytes -= RegionTable.REGION_LENGTH;
            touchedBytes -= RegionTable.REGION_LENGTH;
        }

        return isReleased;
    }

    // More slabs than a region has

    /** Number of the first slab of a block of its own with so many slabs, or 0. */
    int takeHuge(final long slabs)
    {
        final long length = slabs << SLAB_SHIFT;
        final int count = regionCount(slabs);
        int region = regions.findNumbers(count);
        if (0 == region && !reserveRegion(1))
        {
            return 0;
        }

        region = 0 == region ? regions.findNumbers(count) : region;
        if (region <= 0 || length > limit - reservedBytes || !regions.reserve(region, count, length))
        {
            return 0;
        }

        reservedBytes += length;
        final int number = region * RegionTable.REGION_SLABS;
        Memory.set(slab(number), SlabDescriptor.LENGTH, (byte)0);
        return number;
    }

    /** Give such a block back to the operating system. */
    void giveHuge(final int number)
    {
        final int slabs = markFree(number);
        regions.release(number / RegionTable.REGION_SLABS, regionCount(slabs));
        reservedBytes -= (long)slabs << SLAB_SHIFT;
        touchedBytes -= (long)slabs << SLAB_SHIFT;
    }

    private static int regionCount(final long slabs)
    {
        return (int)((slabs + RegionTable.REGION_SLABS - 1) / RegionTable.REGION_SLABS);
    }

    @Override
    public void close()
    {
        regions.close();
        Memory.release(slabTable);
    }
}
