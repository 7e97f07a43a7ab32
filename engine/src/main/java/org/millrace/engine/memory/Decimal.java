package org.millrace.engine.memory;

/** Canonical decimal numbers in raw memory: what Redis takes as an integer, and how it prints one. */
public final class Decimal
{
    /** Most characters of a 64-bit number: sign and 19 digits. */
    public static final int LENGTH_MAX = 20;

    private Decimal()
    {
    }

    /**
     * True if the bytes are the canonical form of a 64-bit signed integer: no plus, no leading zeros, no "-0", no
     * spaces. Then {@link #parse} gives its value.
     */
    public static boolean isCanonical(final long address, final long length)
    {
        if (length < 1 || length > LENGTH_MAX)
        {
            return false;
        }

        final boolean negative = '-' == Memory.getByte(address);
        final int start = negative ? 1 : 0;
        final int digits = (int)length - start;
        if (digits < 1 || digits > 19)
        {
            return false;
        }

        if ('0' == Memory.getByte(address + start))
        {
            return 1 == length;
        }

        long value = 0;
        for (int i = start; i < length; i++)
        {
            final int digit = Memory.getByte(address + i) - '0';
            if (digit < 0 || digit > 9)
            {
                return false;
            }

            value = value * 10 + digit;
        }

        // 19 digits overflow at most once past 2^63, so the sign tells; Long.MIN_VALUE alone is right when negative.
        return value >= 0 || negative && Long.MIN_VALUE == value;
    }

    /** Value of a canonical number. */
    public static long parse(final long address, final long length)
    {
        final boolean negative = '-' == Memory.getByte(address);
        long value = 0;
        for (int i = negative ? 1 : 0; i < length; i++)
        {
            value = value * 10 + (Memory.getByte(address + i) - '0');
        }

        return negative ? -value : value;
    }

    /** Characters that {@link #format} writes. */
    public static int length(final long value)
    {
        if (Long.MIN_VALUE == value)
        {
            return LENGTH_MAX;
        }

        long rest = Math.abs(value);
        int length = value < 0 ? 2 : 1;
        while (rest >= 10)
        {
            rest /= 10;
            length++;
        }

        return length;
    }

    /** Writes the number at {@code address}; returns the characters written. */
    public static int format(final long address, final long value)
    {
        final int length = length(value);
        // Negative remainders throughout: Long.MIN_VALUE has no positive counterpart.
        long rest = value > 0 ? -value : value;
        for (int i = length - 1, first = value < 0 ? 1 : 0; i >= first; i--)
        {
            Memory.putByte(address + i, (byte)('0' - rest % 10));
            rest /= 10;
        }

        if (value < 0)
        {
            Memory.putByte(address, (byte)'-');
        }

        return length;
    }
}
