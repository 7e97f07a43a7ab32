package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Chunks;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Reads a string value, contiguous or chunked. Stateless; any thread that keeps the entry alive. */
public final class StringValue
{
    private StringValue()
    {
    }

    public static long length(final long entry)
    {
        return Entry.valueLength(entry);
    }

    public static int byteAt(final OffHeap memory, final long entry, final long offset)
    {
        final long address = runAddress(memory, entry, offset);
        return 0 == address ? 0 : Memory.getUnsignedByte(address);
    }

    /** Copy {@code length} bytes from {@code offset}; the range must lie within the value. */
    public static void copy(
        final OffHeap memory, final long entry, final long offset, final long length, final long target)
    {
        if (!Entry.isChunked(entry))
        {
            Memory.copy(Entry.valueAddress(entry) + offset, target, length);
            return;
        }

        final long tables = Entry.tablesAddress(entry);
        long done = 0;
        while (done < length)
        {
            final long at = offset + done;
            final int inChunk = (int)at & Chunks.CHUNK_LENGTH - 1;
            final long run = Math.min(length - done, Chunks.CHUNK_LENGTH - inChunk);
            final int ref = Chunks.chunkRefAt(memory, tables, (int)(at >>> Chunks.CHUNK_SHIFT));
            if (OffHeap.NULL_REF == ref)
            {
                Memory.set(target + done, run, (byte)0);
            }
            else
            {
                Memory.copy(memory.address(ref) + inChunk, target + done, run);
            }

            done += run;
        }
    }

    /**
     * Address of the byte at {@code offset}, or 0 if it lies in a chunk that is all zero; {@link #runLength} bytes
     * follow it contiguously. For loops over large values without copies.
     */
    public static long runAddress(final OffHeap memory, final long entry, final long offset)
    {
        if (!Entry.isChunked(entry))
        {
            return Entry.valueAddress(entry) + offset;
        }

        final int ref = Chunks.chunkRef(memory, entry, (int)(offset >>> Chunks.CHUNK_SHIFT));
        return OffHeap.NULL_REF == ref ? 0 : memory.address(ref) + (offset & Chunks.CHUNK_LENGTH - 1);
    }

    /** Contiguous bytes from {@code offset} on (also of a zero chunk), to the end of the value at most. */
    public static long runLength(final OffHeap memory, final long entry, final long offset)
    {
        final long rest = Entry.valueLength(entry) - offset;
        return Entry.isChunked(entry)
            ? Math.min(rest, Chunks.CHUNK_LENGTH - (offset & Chunks.CHUNK_LENGTH - 1))
            : rest;
    }
}
