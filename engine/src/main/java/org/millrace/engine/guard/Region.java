package org.millrace.engine.guard;

/** Memory that an allocator divides into slabs: who it is, and which slab is where. */
final class Region
{
    private static final int SLAB_SHIFT = 16;

    final GuardedHeap heap;
    private final long start;
    private final Slab[] slabs;

    Region(final GuardedHeap heap, final long start, final long length)
    {
        this.heap = heap;
        this.start = start;
        slabs = new Slab[(int)(length >>> SLAB_SHIFT)];
    }

    /** The slab that the address is in, null if there is none. */
    Slab slab(final long address)
    {
        final long index = address - start >> SLAB_SHIFT;
        return index < 0 || index >= slabs.length ? null : slabs[(int)index];
    }

    /** This slab is at the address, so many bytes long. */
    void slab(final long address, final long length, final Slab slab)
    {
        final int first = (int)(address - start >> SLAB_SHIFT);
        final int count = (int)(length >>> SLAB_SHIFT);
        for (int i = first; i < first + count; i++)
        {
            slabs[i] = slab;
        }
    }

    boolean isLive(final long address, final long length)
    {
        final Slab slab = slab(address);
        return null != slab && slab.isLive(address, length);
    }
}
