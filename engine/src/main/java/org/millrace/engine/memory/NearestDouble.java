package org.millrace.engine.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.math.BigInteger;

/**
 * Reads a decimal number in raw memory as the double that is nearest to it, as C's strtod does, without garbage.
 * Stateless; any thread.
 *
 * <p>Up to 19 digits go into an integer w, so that the text says w times 10^q. If both are small one exact operation
 * gives the answer. Else w is multiplied with 128 bits of 5^q: the upper bits of the product are those of the answer, by
 * the method of Eisel and Lemire. Only longer texts whose rest could matter go through the JDK's own parser.
 */
public final class NearestDouble
{
    /** Most digits that surely fit into a long. */
    private static final int DIGITS_MAX = 19;

    /** Below this all integers are doubles, and up to 10^22 all powers of ten. */
    private static final long EXACT_MAX = 1L << 53;
    private static final int EXACT_POWER_MAX = 22;
    private static final double[] POWERS_OF_TEN = powersOfTen();

    private static final int MANTISSA_BITS = 52;
    private static final long HIDDEN_BIT = 1L << MANTISSA_BITS;
    private static final int EXPONENT_BIAS = 1023;
    private static final int EXPONENT_INFINITE = 0x7FF;

    /** Powers of ten below which every w gives 0, and above which it gives infinity. */
    private static final int POWER_MIN = -342;
    private static final int POWER_MAX = 308;

    /** Powers of ten with which w times 10^q can lie exactly in the middle of two doubles. */
    private static final int TIE_POWER_MIN = -4;
    private static final int TIE_POWER_MAX = 23;

    /** No exponent that is written matters beyond this. */
    private static final long WRITTEN_EXPONENT_MAX = 4_000_000_000L;

    /** A class of its own: the table is made when the first number needs it. */
    private static final class PowersOfFive
    {
        /** 5^q, its first 128 bits: upper half, lower half. */
        private static final long[] BITS = bits();

        private static long[] bits()
        {
            final long[] bits = new long[2 * (POWER_MAX - POWER_MIN + 1)];
            for (int q = POWER_MIN; q <= POWER_MAX; q++)
            {
                final BigInteger power = BigInteger.valueOf(5).pow(Math.abs(q));
                final BigInteger first128 = q < 0 ? reciprocal(power) : shifted(power);
                bits[2 * (q - POWER_MIN)] = first128.shiftRight(Long.SIZE).longValue();
                bits[2 * (q - POWER_MIN) + 1] = first128.longValue();
            }

            return bits;
        }

        private static BigInteger shifted(final BigInteger value)
        {
            return value.shiftLeft(2 * Long.SIZE).shiftRight(value.bitLength());
        }

        private static BigInteger reciprocal(final BigInteger value)
        {
            final BigInteger quotient = BigInteger.ONE.shiftLeft(value.bitLength() + 2 * Long.SIZE - 1).divide(value);
            // The method wants them rounded up as long as they fit into 64 bits, and cut off beyond that.
            return value.bitLength() < Long.SIZE ? quotient.add(BigInteger.ONE) : quotient;
        }
    }

    private NearestDouble()
    {
    }

    /**
     * The number that the whole text is: digits with or without sign, point and exponent, or {@code inf} or
     * {@code infinity} in any case. NaN if it is none of these; that a text says NaN makes no difference.
     */
    public static double parse(final long address, final long length)
    {
        final long end = address + length;
        final boolean isSigned = 0 < length && ('-' == Memory.getByte(address) || '+' == Memory.getByte(address));
        final boolean isNegative = isSigned && '-' == Memory.getByte(address);
        final long start = isSigned ? address + 1 : address;
        final double magnitude = isInfinity(start, end) ? Double.POSITIVE_INFINITY : magnitude(start, end);
        return isNegative ? -magnitude : magnitude;
    }

    private static boolean isInfinity(final long start, final long end)
    {
        final String word = 3 == end - start ? "inf" : "infinity";
        if (word.length() != end - start)
        {
            return false;
        }

        for (int i = 0; i < word.length(); i++)
        {
            if ((Memory.getByte(start + i) | 0x20) != word.charAt(i))
            {
                return false;
            }
        }

        return true;
    }

    private static double magnitude(final long start, final long end)
    {
        long w = 0;
        int digits = 0;
        int taken = 0;
        int power = 0;
        boolean isPast = false;
        boolean isCut = false;
        long at = start;
        for (; at < end; at++)
        {
            final int digit = Memory.getByte(at) - '0';
            if ('.' - '0' == digit && !isPast)
            {
                isPast = true;
                continue;
            }

            if (digit < 0 || digit > 9)
            {
                break;
            }

            digits++;
            if (taken < DIGITS_MAX)
            {
                w = w * 10 + digit;
                taken += 0 != w ? 1 : 0;
                power -= isPast ? 1 : 0;
            }
            else
            {
                isCut |= 0 != digit;
                power += isPast ? 0 : 1;
            }
        }

        final long exponent = exponent(at, end);
        if (0 == digits || Long.MIN_VALUE == exponent)
        {
            return Double.NaN;
        }

        return nearest(w, power + exponent, isCut, start, end);
    }

    /** What stands behind the digits; {@link Long#MIN_VALUE} if that is no exponent. */
    private static long exponent(final long start, final long end)
    {
        if (start == end)
        {
            return 0;
        }

        long at = start + 1;
        if ('e' != (Memory.getByte(start) | 0x20) || at == end)
        {
            return Long.MIN_VALUE;
        }

        final boolean isNegative = '-' == Memory.getByte(at);
        if (isNegative || '+' == Memory.getByte(at))
        {
            at++;
        }

        if (at == end)
        {
            return Long.MIN_VALUE;
        }

        long value = 0;
        for (; at < end; at++)
        {
            final int digit = Memory.getByte(at) - '0';
            if (digit < 0 || digit > 9)
            {
                return Long.MIN_VALUE;
            }

            value = Math.min(WRITTEN_EXPONENT_MAX, value * 10 + digit);
        }

        return isNegative ? -value : value;
    }

    /** The double nearest to w times ten to the power. */
    private static double nearest(
        final long w, final long power, final boolean isCut, final long start, final long end)
    {
        if (0 == w)
        {
            return 0;
        }

        if (!isCut && Math.abs(power) <= EXACT_POWER_MAX && 0 < w && w <= EXACT_MAX)
        {
            return power < 0 ? w / POWERS_OF_TEN[(int)-power] : w * POWERS_OF_TEN[(int)power];
        }

        final double value = product(w, power);
        // The digits that were cut off make up less than one of the last that was not.
        return !isCut || value == product(w + 1, power) ? value : slow(start, end);
    }

    private static double slow(final long start, final long end)
    {
        final byte[] text = new byte[(int)(end - start)];
        Memory.copy(start, text, 0, text.length);
        return Double.parseDouble(new String(text, ISO_8859_1));
    }

    private static double product(final long w, final long power)
    {
        if (power < POWER_MIN)
        {
            return 0;
        }

        if (power > POWER_MAX)
        {
            return Double.POSITIVE_INFINITY;
        }

        final int q = (int)power;
        final int zeros = Long.numberOfLeadingZeros(w);
        final long normal = w << zeros;
        final long five = PowersOfFive.BITS[2 * (q - POWER_MIN)];
        long low = normal * five;
        long high = multiplyHigh(normal, five);
        // The bits below those of the answer are all ones: what the lower half of 5^q adds may carry into it.
        if (0x1FF == (high & 0x1FF))
        {
            final long added = multiplyHigh(normal, PowersOfFive.BITS[2 * (q - POWER_MIN) + 1]);
            low += added;
            high += Long.compareUnsigned(low, added) < 0 ? 1 : 0;
        }

        final int upper = (int)(high >>> 63);
        final int shift = upper + Long.SIZE - MANTISSA_BITS - 3;
        // Bits of 10^q are those of 5^q and q more: log2(10) times q, rounded down.
        final int exponent = (217_706 * q >> 16) + Long.SIZE - 1 + upper - zeros + EXPONENT_BIAS;
        long mantissa = high >>> shift;
        if (exponent <= 0)
        {
            return subnormal(mantissa, exponent);
        }

        final boolean isTie = Long.compareUnsigned(low, 1) <= 0 && TIE_POWER_MIN <= q && q <= TIE_POWER_MAX &&
            1 == (mantissa & 3) && mantissa << shift == high;
        mantissa = (isTie ? mantissa & ~1 : mantissa + (mantissa & 1)) >>> 1;
        return normal(mantissa, exponent);
    }

    /** @param mantissa with the hidden bit, and perhaps one more by rounding up. */
    private static double normal(final long mantissa, final int exponent)
    {
        final boolean isOver = mantissa >= HIDDEN_BIT << 1;
        final long biased = isOver ? exponent + 1 : exponent;
        return biased >= EXPONENT_INFINITE
            ? Double.POSITIVE_INFINITY
            : Double.longBitsToDouble(biased << MANTISSA_BITS | (isOver ? 0 : mantissa & ~HIDDEN_BIT));
    }

    private static double subnormal(final long mantissa, final int exponent)
    {
        if (1 - exponent >= Long.SIZE)
        {
            return 0;
        }

        final long shifted = mantissa >>> 1 - exponent;
        // If rounding reaches the hidden bit, that is the lowest exponent there is.
        return Double.longBitsToDouble(shifted + (shifted & 1) >>> 1);
    }

    private static long multiplyHigh(final long a, final long b)
    {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }

    private static double[] powersOfTen()
    {
        final double[] powers = new double[EXACT_POWER_MAX + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++)
        {
            powers[i] = powers[i - 1] * 10;
        }

        return powers;
    }
}
