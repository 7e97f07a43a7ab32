package org.millrace.engine.datatype;

import org.millrace.engine.memory.OffHeap;

/** Reads a string value, contiguous or chunked. Stateless; any thread that keeps the entry alive. */
public final class StringValue
{
    private StringValue()
    {
    }

    public static long length(final long entry)
    {
        throw new IllegalStateException("skeleton");
    }

    public static int byteAt(final OffHeap memory, final long entry, final long offset)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Copy {@code length} bytes from {@code offset}; the range must lie within the value. */
    public static void copy(
        final OffHeap memory, final long entry, final long offset, final long length, final long target)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Address of the byte at {@code offset}, or 0 if it lies in a chunk that is all zero; {@link #runLength} bytes
     * follow it contiguously. For loops over large values without copies.
     */
    public static long runAddress(final OffHeap memory, final long entry, final long offset)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Contiguous bytes from {@code offset} on (also of a zero chunk), to the end of the value at most. */
    public static long runLength(final OffHeap memory, final long entry, final long offset)
    {
        throw new IllegalStateException("skeleton");
    }
}
