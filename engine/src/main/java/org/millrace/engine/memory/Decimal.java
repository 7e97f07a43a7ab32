package org.millrace.engine.memory;

import org.millrace.engine.base.Check;

/** Canonical decimal numbers in raw memory: what Redis takes as an integer, and how it prints one. */
public final class Decimal
{
    /** Most characters of a 64-bit number: sign and 19 digits. */
    public static final int LENGTH_MAX = 20;

    private static final long[] POWERS = powers();
    private static final short[] PAIRS = pairs();

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
        if (Memory.CHECKED)
        {
            Check.that(isCanonical(address, length), "no canonical number: address, length", address, length);
        }

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

        final long magnitude = Math.abs(value);
        // Bits times log10(2), rounded down: the digits, or one less.
        final int digits = (64 - Long.numberOfLeadingZeros(magnitude | 1)) * 1233 >>> 12;
        return digits + (magnitude >= POWERS[digits] ? 1 : 0) + (value < 0 ? 1 : 0) + (0 == magnitude ? 1 : 0);
    }

    /** Writes the number at {@code address}; returns the characters written. */
    public static int format(final long address, final long value)
    {
        final int length = length(value);
        // Negative remainders throughout: Long.MIN_VALUE has no positive counterpart.
        long rest = value > 0 ? -value : value;
        int at = length;
        while (rest <= -100)
        {
            final long next = rest / 100;
            at -= 2;
            Memory.putShort(address + at, PAIRS[(int)(next * 100 - rest)]);
            rest = next;
        }

        if (rest <= -10)
        {
            Memory.putShort(address + at - 2, PAIRS[(int)-rest]);
        }
        else
        {
            Memory.putByte(address + at - 1, (byte)('0' - rest));
        }

        if (value < 0)
        {
            Memory.putByte(address, (byte)'-');
        }

        return length;
    }

    private static long[] powers()
    {
        final long[] powers = new long[19];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }

    /** The characters of 00 to 99, tens in the low byte. */
    private static short[] pairs()
    {
        final short[] pairs = new short[100];
        for (int i = 0; i < pairs.length; i++)
        {
            pairs[i] = (short)('0' + i / 10 | '0' + i % 10 << 8);
        }

        return pairs;
    }
}
