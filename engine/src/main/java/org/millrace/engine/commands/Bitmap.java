package org.millrace.engine.commands;

import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Counting and finding bits in a string value, run by run, eight bytes at a time. Stateless. */
final class Bitmap
{
    static final long NOT_FOUND = -1;

    private Bitmap()
    {
    }

    /** Ones from bit {@code start} to bit {@code end}, both included and within the value. */
    static long count(final OffHeap memory, final long entry, final long start, final long end)
    {
        final long firstByte = start >>> 3;
        final long lastByte = end >>> 3;
        long ones = 0;
        for (long at = firstByte; at <= lastByte;)
        {
            final long run = Math.min(StringValue.runLength(memory, entry, at), lastByte + 1 - at);
            final long address = StringValue.runAddress(memory, entry, at);
            ones += 0 == address ? 0 : ones(address, run);
            at += run;
        }

        final int before = StringValue.byteAt(memory, entry, firstByte) & 0xFF & ~(0xFF >>> (int)(start & 7));
        final int after = StringValue.byteAt(memory, entry, lastByte) & 0xFF >>> (int)(end & 7) + 1;
        return ones - Integer.bitCount(before) - Integer.bitCount(after);
    }

    /** First bit with this value from {@code start} to {@code end}, both within the value, or {@link #NOT_FOUND}. */
    static long first(final OffHeap memory, final long entry, final long start, final long end, final int bit)
    {
        final long lastByte = end >>> 3;
        // Where zeros are wanted bytes are inverted, so that the search is always for a one.
        final int flip = 1 == bit ? 0 : 0xFF;
        int mask = 0xFF >>> (int)(start & 7);
        for (long at = start >>> 3; at <= lastByte;)
        {
            final long run = Math.min(StringValue.runLength(memory, entry, at), lastByte + 1 - at);
            final long address = StringValue.runAddress(memory, entry, at);
            final long found = firstInRun(address, run, flip, mask);
            if (found < run << 3)
            {
                final long position = (at << 3) + found;
                return position <= end ? position : NOT_FOUND;
            }

            mask = 0xFF;
            at += run;
        }

        return NOT_FOUND;
    }

    private static long ones(final long address, final long length)
    {
        long ones = 0;
        long i = 0;
        for (final long end = length - 7; i < end; i += 8)
        {
            ones += Long.bitCount(Memory.getLong(address + i));
        }

        for (; i < length; i++)
        {
            ones += Integer.bitCount(Memory.getUnsignedByte(address + i));
        }

        return ones;
    }

    /** Bits before the first one after flipping, the first byte masked; {@code length * 8} if there is none. */
    private static long firstInRun(final long address, final long length, final int flip, final int firstMask)
    {
        if (0 == address)
        {
            return 0 == flip ? length << 3 : Integer.numberOfLeadingZeros(firstMask) - 24;
        }

        final int first = (Memory.getUnsignedByte(address) ^ flip) & firstMask;
        if (0 != first)
        {
            return Integer.numberOfLeadingZeros(first) - 24;
        }

        final long wordFlip = 0 == flip ? 0 : -1;
        long i = 1;
        for (final long end = length - 7; i < end; i += 8)
        {
            final long word = Long.reverseBytes(Memory.getLong(address + i)) ^ wordFlip;
            if (0 != word)
            {
                return (i << 3) + Long.numberOfLeadingZeros(word);
            }
        }

        for (; i < length; i++)
        {
            final int value = Memory.getUnsignedByte(address + i) ^ flip;
            if (0 != value)
            {
                return (i << 3) + Integer.numberOfLeadingZeros(value) - 24;
            }
        }

        return length << 3;
    }
}
