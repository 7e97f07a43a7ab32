package org.millrace.engine.commands;

import org.millrace.engine.memory.Memory;

/** Integers of 1 to 64 bits at any bit, highest bit first, and their arithmetic. Stateless. */
final class Bitfield
{
    enum Overflow
    {
        WRAP,
        SAT,
        FAIL
    }

    /** All modes, in an array that nobody changes. */
    static final Overflow[] OVERFLOWS = Overflow.values();

    private Bitfield()
    {
    }

    /** Bytes that a field touches: at most 9. */
    static int byteCount(final long offset, final int width)
    {
        return (int)(offset & 7) + width + 7 >>> 3;
    }

    /** Value of the field that begins at bit {@code shift} (0 to 7) of the byte at {@code address}. */
    static long get(final long address, final int shift, final int width, final boolean isSigned)
    {
        final int bytes = byteCount(shift, width);
        final int whole = Math.min(8, bytes);
        long bits = 0;
        for (int i = 0; i < whole; i++)
        {
            bits = bits << 8 | Memory.getUnsignedByte(address + i);
        }

        // Bits of the last byte that follow the field.
        final int after = bytes * 8 - shift - width;
        bits = bytes > 8 ? bits << 8 - after | Memory.getUnsignedByte(address + 8) >>> after : bits >>> after;
        return isSigned ? bits << 64 - width >> 64 - width : bits << 64 - width >>> 64 - width;
    }

    /** Write the low {@code width} bits of a value; the bits around it stay. */
    static void set(final long address, final int shift, final int width, final long value)
    {
        int left = width;
        int from = shift;
        for (long at = address; left > 0; at++)
        {
            final int bits = Math.min(8 - from, left);
            final int low = 8 - from - bits;
            final int mask = (1 << bits) - 1;
            left -= bits;
            final int part = (int)(value >>> left) & mask;
            Memory.putByte(at, (byte)(Memory.getByte(at) & ~(mask << low) | part << low));
            from = 0;
        }
    }

    /** 1 if value + increment is above what the field can hold, -1 if below, 0 if it fits. */
    static int overflows(final long value, final long increment, final int width, final boolean isSigned)
    {
        return isSigned ? overflowsSigned(value, increment, width) : overflowsUnsigned(value, increment, width);
    }

    /** Value + increment, wrapped or saturated where it does not fit. */
    static long add(
        final long value, final long increment, final int width, final boolean isSigned, final Overflow overflow)
    {
        final int direction = overflows(value, increment, width, isSigned);
        if (0 == direction)
        {
            return value + increment;
        }

        if (Overflow.SAT == overflow)
        {
            return direction > 0 ? max(width, isSigned) : isSigned ? -max(width, true) - 1 : 0;
        }

        final long sum = value + increment;
        return isSigned ? sum << 64 - width >> 64 - width : sum & max(width, false);
    }

    private static long max(final int width, final boolean isSigned)
    {
        return -1L >>> 64 - width >>> (isSigned ? 1 : 0);
    }

    private static int overflowsUnsigned(final long value, final long increment, final int width)
    {
        final long max = max(width, false);
        // A negative value is a number above 2^63, given to SET.
        if (value < 0 || value > max || increment > 0 && increment > max - value)
        {
            return 1;
        }

        return increment < 0 && increment < -value ? -1 : 0;
    }

    private static int overflowsSigned(final long value, final long increment, final int width)
    {
        final long max = max(width, true);
        final long min = -max - 1;
        if (value > max || increment > 0 && value > max - increment)
        {
            return 1;
        }

        return value < min || increment < 0 && value < min - increment ? -1 : 0;
    }
}
