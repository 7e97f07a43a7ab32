package org.millrace.engine.commands;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/** Coordinates and distances as Redis prints them. Stateless; any thread. */
final class GeoText
{
    /** Most bytes that a method here writes. */
    static final int LENGTH_MAX = 48;

    /** Digits behind the point of a coordinate. */
    private static final int COORDINATE_DIGITS = 17;
    private static final long COORDINATE_SCALE = 100_000_000_000_000_000L;

    /** Digits behind the point of a distance. */
    private static final int DISTANCE_DIGITS = 4;
    private static final long DISTANCE_SCALE = 10_000;

    private static final long FRACTION_MASK = (1L << 52) - 1;

    /** Power of two that the mantissa, as a whole number, is multiplied with, less the exponent's field. */
    private static final int EXPONENT_BIAS = 1023 + 52;

    private GeoText()
    {
    }

    /** Four digits behind the point. @return the bytes written at {@code address}. */
    static int distance(final long address, final double distance)
    {
        final long scaled = (long)Math.rint(distance * DISTANCE_SCALE);
        int length = Decimal.format(address, scaled / DISTANCE_SCALE);
        Memory.putByte(address + length++, (byte)'.');
        digits(address + length, scaled % DISTANCE_SCALE, DISTANCE_DIGITS);
        return length + DISTANCE_DIGITS;
    }

    /**
     * The exact value rounded half to even to 17 digits behind the point, without zeros at the end.
     *
     * @param coordinate whose whole part has less than 53 bits.
     * @return the bytes written at {@code address}.
     */
    static int coordinate(final long address, final double coordinate)
    {
        final long bits = Double.doubleToRawLongBits(coordinate);
        final int exponent = (int)(bits >>> 52) & 0x7FF;
        final long mantissa = 0 == exponent ? 0 : bits & FRACTION_MASK | FRACTION_MASK + 1;
        final int shift = EXPONENT_BIAS - exponent;
        final long whole = shift < 64 ? mantissa >>> shift : 0;
        final long fraction = fraction(shift < 64 ? mantissa - (whole << shift) : mantissa, shift);
        final long carry = fraction / COORDINATE_SCALE;
        return text(address, coordinate < 0, whole + carry, fraction - carry * COORDINATE_SCALE);
    }

    private static int text(final long address, final boolean isNegative, final long whole, final long fraction)
    {
        int length = 0;
        if (isNegative && 0 != (whole | fraction))
        {
            Memory.putByte(address + length++, (byte)'-');
        }

        length += Decimal.format(address + length, whole);
        if (0 == fraction)
        {
            return length;
        }

        Memory.putByte(address + length++, (byte)'.');
        digits(address + length, fraction, COORDINATE_DIGITS);
        length += COORDINATE_DIGITS;
        while ('0' == Memory.getByte(address + length - 1))
        {
            length--;
        }

        return length;
    }

    /** {@code numerator / 2^shift}, below 1, in units of the last digit; may be rounded up to a whole. */
    private static long fraction(final long numerator, final int shift)
    {
        // Of 110 bits the lower ones are left out.
        final long high = Math.multiplyHigh(numerator, COORDINATE_SCALE);
        final long low = numerator * COORDINATE_SCALE;
        if (shift < 64)
        {
            return rounded(high << 64 - shift | low >>> shift, low << 64 - shift, 0);
        }

        final int more = shift - 64;
        return more >= 63
            ? 0
            : 0 == more
                ? rounded(high, low, 0)
                : rounded(high >>> more, high << 64 - more | low >>> more, low << 64 - more);
    }

    /** @param left bits left out, from the highest on; {@code leftMore} those behind them. */
    private static long rounded(final long number, final long left, final long leftMore)
    {
        final boolean isHalf = Long.MIN_VALUE == left && 0 == leftMore;
        return number + (isHalf ? number & 1 : left >>> 63);
    }

    private static void digits(final long address, final long number, final int count)
    {
        long rest = number;
        for (int i = count - 1; i >= 0; i--)
        {
            Memory.putByte(address + i, (byte)('0' + rest % 10));
            rest /= 10;
        }
    }
}
