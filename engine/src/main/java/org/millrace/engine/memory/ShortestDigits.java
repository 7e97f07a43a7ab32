package org.millrace.engine.memory;

import java.math.BigInteger;

/**
 * The decimal digits of a double: few, and enough to tell it from every other double, by Loitsch's method with 64-bit
 * numbers ("Grisu2"). One double in some thousand gets a digit more than the fewest; it is the same one, and the same
 * digit, for all who use this method with powers of ten eight apart, as Redis does. Stateless; any thread.
 */
final class ShortestDigits
{
    private static final int FRACTION_BITS = 52;
    private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;
    private static final long HIDDEN_BIT = 1L << FRACTION_BITS;
    private static final int EXPONENT_BIAS = 1023 + FRACTION_BITS;

    /** Powers of ten, {@link #POWER_STEP} apart, each as 64 bits and a power of two. */
    private static final int POWER_FIRST = -348;
    private static final int POWER_STEP = 8;
    private static final int POWER_COUNT = 87;

    /** A number is scaled to a power of two between these. */
    private static final int SCALED_MIN = -60;
    private static final int SCALED_MAX = -32;

    private static final long[] POWER_BITS = new long[POWER_COUNT];
    private static final short[] POWER_EXPONENTS = new short[POWER_COUNT];

    /** Decimal places of the integer part of a scaled number. */
    private static final int INTEGER_PLACES = 10;

    static
    {
        for (int i = 0; i < POWER_COUNT; i++)
        {
            setPower(i, POWER_FIRST + i * POWER_STEP);
        }
    }

    private ShortestDigits()
    {
    }

    /** The power of ten to 64 bits, rounded to the nearest. */
    private static void setPower(final int index, final int power)
    {
        final BigInteger magnitude = BigInteger.TEN.pow(Math.abs(power));
        final int length = magnitude.bitLength();
        // Two bits more than are kept, so that half a unit is seen.
        final BigInteger scaled = power < 0
            ? BigInteger.ONE.shiftLeft(length + Long.SIZE + 1).divide(magnitude)
            : magnitude.shiftLeft(Long.SIZE + 2);
        final int shift = scaled.bitLength() - Long.SIZE;
        POWER_BITS[index] = scaled.add(BigInteger.ONE.shiftLeft(shift - 1)).shiftRight(shift).longValue();
        POWER_EXPONENTS[index] = (short)(shift - (power < 0 ? length + Long.SIZE + 1 : Long.SIZE + 2));
    }

    /**
     * Write the digits of a finite number above 0, 17 at most, at {@code address}.
     *
     * @return their count in the low byte; above it the power of ten that the number they form is to be multiplied with.
     */
    static int write(final long address, final double value)
    {
        final long bits = Double.doubleToRawLongBits(value);
        final int biased = (int)(bits >>> FRACTION_BITS);
        final long significand = bits & FRACTION_MASK | (0 == biased ? 0 : HIDDEN_BIT);
        final int exponent = Math.max(biased, 1) - EXPONENT_BIAS;

        // The number and the middles between it and its neighbours, with one exponent.
        final long doubled = (significand << 1) + 1;
        final int shift = Long.numberOfLeadingZeros(doubled);
        final long above = doubled << shift;
        final int scale = exponent - 1 - shift;
        final long number = significand << shift + 1;
        final long below = HIDDEN_BIT == significand
            ? (significand << 2) - 1 << shift - 1
            : (significand << 1) - 1 << shift;

        final int index = powerOf(scale);
        final long power = POWER_BITS[index];
        final long high = multiply(above, power) - 1;
        return digits(address, high, high - (multiply(below, power) + 1), high - multiply(number, power),
            -(scale + POWER_EXPONENTS[index] + Long.SIZE), -(POWER_FIRST + index * POWER_STEP));
    }

    /** Index of the power that scales what has this exponent. */
    private static int powerOf(final int exponent)
    {
        final int guess = (int)(-(exponent + POWER_COUNT) * 0.30102999566398114);
        int index = (guess - POWER_FIRST) / POWER_STEP;
        while (exponent + POWER_EXPONENTS[index] + Long.SIZE < SCALED_MIN)
        {
            index++;
        }

        while (exponent + POWER_EXPONENTS[index] + Long.SIZE > SCALED_MAX)
        {
            index--;
        }

        return index;
    }

    /** The upper 64 bits of a product of unsigned numbers, rounded. */
    private static long multiply(final long a, final long b)
    {
        final long high = Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
        return high + (a * b >>> 63);
    }

    /**
     * @param high upper end of the numbers that are read as the same double, of {@code bits} bits behind the point.
     * @param width of them all.
     * @param distance of the double from the upper end.
     */
    private static int digits(
        final long address, final long high, final long width, final long distance, final int bits, final int power)
    {
        final long mask = (1L << bits) - 1;
        int count = 0;
        long integer = high >>> bits;
        long fraction = high & mask;
        long unit = 1_000_000_000;
        for (int places = INTEGER_PLACES - 1; places >= 0; places--)
        {
            final int digit = (int)(integer / unit);
            integer -= digit * unit;
            if (digit > 0 || count > 0)
            {
                Memory.putByte(address + count++, (byte)('0' + digit));
            }

            final long rest = (integer << bits) + fraction;
            if (Long.compareUnsigned(rest, width) <= 0)
            {
                approach(address + count - 1, width, rest, unit << bits, distance);
                return result(count, power + places);
            }

            unit /= 10;
        }

        return fractionDigits(address, count, fraction, width, distance, bits, power);
    }

    private static int fractionDigits(
        final long address,
        final int integerCount,
        final long integerRest,
        final long integerWidth,
        final long integerDistance,
        final int bits,
        final int integerPower)
    {
        final long mask = (1L << bits) - 1;
        int count = integerCount;
        int power = integerPower;
        long rest = integerRest;
        long width = integerWidth;
        long distance = integerDistance;
        do
        {
            rest *= 10;
            width *= 10;
            distance *= 10;
            power--;
            final int digit = (int)(rest >>> bits);
            rest &= mask;
            if (digit > 0 || count > 0)
            {
                Memory.putByte(address + count++, (byte)('0' + digit));
            }
        }
        while (Long.compareUnsigned(rest, width) >= 0);

        approach(address + count - 1, width, rest, mask + 1, distance);
        return result(count, power);
    }

    /** Lower the last digit as long as that brings the digits nearer to the double and keeps them within the width. */
    private static void approach(
        final long last, final long width, final long digitsRest, final long unit, final long distance)
    {
        long rest = digitsRest;
        while (Long.compareUnsigned(rest, distance) < 0 && Long.compareUnsigned(width - rest, unit) >= 0 &&
            (Long.compareUnsigned(rest + unit, distance) < 0 ||
                Long.compareUnsigned(distance - rest, rest + unit - distance) > 0))
        {
            Memory.putByte(last, (byte)(Memory.getByte(last) - 1));
            rest += unit;
        }
    }

    private static int result(final int count, final int power)
    {
        return power << Byte.SIZE | count;
    }
}
