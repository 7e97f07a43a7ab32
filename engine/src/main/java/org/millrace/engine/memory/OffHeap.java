package org.millrace.engine.memory;

/**
 * All off-heap memory of one data set: blocks in size classes, addressed by 32-bit references in granules.
 * Owned by the writer thread; any thread may translate a reference to an address, since regions are never unmapped
 * while the node is open.
 */
public final class OffHeap implements AutoCloseable
{
    /** No block; what {@link #allocate} returns when memory or references have run out. */
    public static final int NULL_REF = 0;

    /** @param maxBytes limit on the bytes of all regions; 0 for no limit but that of the references. */
    public OffHeap(final long maxBytes)
    {
        throw new IllegalStateException("skeleton");
    }

    /** A block of at least {@code length} bytes, content undefined, 8-byte aligned; or {@link #NULL_REF}. */
    public int allocate(final long length, final MemoryTag tag)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Give a block back at once. The caller knows that no reader can hold it; else use {@link Epochs#retire}. */
    public void free(final int ref, final MemoryTag tag)
    {
        throw new IllegalStateException("skeleton");
    }

    public long address(final int ref)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Usable bytes of the block, at least what was asked for. */
    public long capacity(final int ref)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Bytes in use by blocks with this tag, size class rounding included. */
    public long usedBytes(final MemoryTag tag)
    {
        throw new IllegalStateException("skeleton");
    }

    public long usedBytes()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Bytes taken from the operating system. */
    public long reservedBytes()
    {
        throw new IllegalStateException("skeleton");
    }

    @Override
    public void close()
    {
        throw new IllegalStateException("skeleton");
    }
}
