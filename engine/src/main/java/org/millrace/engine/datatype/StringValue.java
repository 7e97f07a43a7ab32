package org.millrace.engine.datatype;

import org.millrace.engine.base.Check;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.value.StringLayout;

/** Reads the string of an entry that holds one. Stateless; any thread that keeps the entry alive. */
public final class StringValue
{
    private StringValue()
    {
    }

    public static long length(final long entry)
    {
        return StringLayout.length(Entry.value(entry));
    }

    /** True if it does not lie in one piece: there is no {@link #content} then. */
    public static boolean isLarge(final long entry)
    {
        return StringLayout.isLargeLength(length(entry));
    }

    /** True if the encoding is raw whatever the content. */
    public static boolean isRaw(final long entry)
    {
        return StringLayout.isRaw(Entry.value(entry));
    }

    /** Address of the first byte, of a string that is not large. */
    public static long content(final long entry)
    {
        return StringLayout.content(Entry.value(entry));
    }

    /** True if it is a canonical 64-bit integer. */
    public static boolean isInteger(final long entry)
    {
        final long length = length(entry);
        return length <= Decimal.LENGTH_MAX && Decimal.isCanonical(content(entry), length);
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
        final long value = Entry.value(entry);
        Check.that(0 <= offset && 0 <= length && length <= StringLayout.length(value) - offset,
            "range beyond the string: offset, length", offset, length);
        long done = 0;
        while (done < length)
        {
            final long at = offset + done;
            final long run = Math.min(length - done, StringLayout.runLength(value, at));
            final long address = StringLayout.runAddress(memory, value, at);
            if (0 == address)
            {
                Memory.set(target + done, run, (byte)0);
            }
            else
            {
                Memory.copy(address, target + done, run);
            }

            done += run;
        }
    }

    /**
     * Address of the byte at {@code offset}, or 0 if it lies in a piece that is all zero; {@link #runLength} bytes
     * follow it contiguously. For loops over large values without copies.
     */
    public static long runAddress(final OffHeap memory, final long entry, final long offset)
    {
        return StringLayout.runAddress(memory, Entry.value(entry), offset);
    }

    /** Contiguous bytes from {@code offset} on (also of a piece of zeros), to the end of the value at most. */
    public static long runLength(final OffHeap memory, final long entry, final long offset)
    {
        return StringLayout.runLength(Entry.value(entry), offset);
    }
}
