package org.millrace.engine.guard;

import java.lang.ref.WeakReference;

/** Memory that was taken from the system in one piece, or a buffer's. Immutable but for the region in it. */
final class Block
{
    final long start;

    /** First address behind it. */
    final long end;

    /** What it is, for messages. */
    final String kind;

    /** The buffer that keeps it alive, null if it is released by hand. */
    private final WeakReference<Object> keeper;

    /** How an allocator has divided it; null if it is one block. */
    private volatile Region region;

    Block(final long start, final long length, final String kind, final Object keeper)
    {
        this.start = start;
        this.kind = kind;
        this.keeper = null == keeper ? null : new WeakReference<>(keeper);
        end = start + length;
    }

    Region region()
    {
        return region;
    }

    void region(final Region value)
    {
        region = value;
    }

    boolean contains(final long address)
    {
        return address >= start && address < end;
    }

    /** Whether the range lies within it and is alive; {@code address} does. */
    boolean isLive(final long address, final long length)
    {
        final Region divided = region;
        return null == divided
            ? length >= 0 && length <= end - address && !isCollected()
            : divided.isLive(address, length);
    }

    boolean overlaps(final long otherStart, final long otherEnd)
    {
        return start < otherEnd && otherStart < end;
    }

    /** A buffer's memory goes when the buffer does. */
    boolean isCollected()
    {
        return null != keeper && keeper.refersTo(null);
    }

    boolean isBuffer()
    {
        return null != keeper;
    }
}
