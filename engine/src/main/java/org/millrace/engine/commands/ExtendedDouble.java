package org.millrace.engine.commands;

import java.math.BigInteger;

/**
 * A floating-point number with a mantissa of 64 bits and the range of the x87 format: what Redis computes INCRBYFLOAT
 * with. Exact where that format is exact and rounded half to even as it rounds, so that the texts are the same.
 * Immutable; any thread.
 */
final class ExtendedDouble
{
    static final ExtendedDouble ZERO = new ExtendedDouble(BigInteger.ZERO, 0, true);

    private static final ExtendedDouble INFINITE = new ExtendedDouble(BigInteger.ZERO, 0, false);

    private static final int MANTISSA_BITS = 64;
    private static final int EXPONENT_MAX = 16384 - MANTISSA_BITS;
    private static final int EXPONENT_MIN = -16445;
    private static final int FRACTION_DIGITS = 17;
    private static final BigInteger FRACTION_SCALE = BigInteger.TEN.pow(FRACTION_DIGITS);

    /** Decimal exponents past which every number overflows, or underflows to zero. */
    private static final int DECIMAL_MAX = 4934;
    private static final int DECIMAL_MIN = -4970;

    private final BigInteger mantissa;
    private final int exponent;
    private final boolean isFinite;

    private ExtendedDouble(final BigInteger mantissa, final int exponent, final boolean isFinite)
    {
        this.mantissa = mantissa;
        this.exponent = exponent;
        this.isFinite = isFinite;
    }

    /** The number that C's strtold reads from the whole text; null if it is none, is NaN or is out of range. */
    static ExtendedDouble parse(final String text)
    {
        final int signLength = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
        final String magnitude = text.substring(signLength).toLowerCase(java.util.Locale.ROOT);
        if ("inf".equals(magnitude) || "infinity".equals(magnitude))
        {
            return INFINITE;
        }

        final ExtendedDouble value = magnitude.startsWith("0x")
            ? parseDigits(magnitude.substring(2), 16, 'p')
            : parseDigits(magnitude, 10, 'e');
        return null == value || '-' != text.charAt(0)
            ? value
            : new ExtendedDouble(value.mantissa.negate(), value.exponent, true);
    }

    boolean isFinite()
    {
        return isFinite;
    }

    ExtendedDouble plus(final ExtendedDouble other)
    {
        if (!isFinite || !other.isFinite)
        {
            return INFINITE;
        }

        final int common = Math.min(exponent, other.exponent);
        final BigInteger sum = mantissa.shiftLeft(exponent - common)
            .add(other.mantissa.shiftLeft(other.exponent - common));
        return round(sum, BigInteger.ONE, common);
    }

    /** A thousand times a finite number, rounded up; the nearest long where there is none. */
    long thousandfold()
    {
        final BigInteger product = mantissa.multiply(BigInteger.valueOf(1000));
        final BigInteger result = exponent >= 0
            ? product.shiftLeft(exponent)
            : product.negate().shiftRight(-exponent).negate();
        if (result.bitLength() < Long.SIZE)
        {
            return result.longValue();
        }

        return result.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** Up to 17 digits after the point, no trailing zeros, no exponent. */
    @Override
    public String toString()
    {
        final BigInteger magnitude = mantissa.abs();
        final BigInteger scaled = exponent >= 0
            ? magnitude.shiftLeft(exponent).multiply(FRACTION_SCALE)
            : divide(magnitude.multiply(FRACTION_SCALE), BigInteger.ONE.shiftLeft(-exponent));
        final BigInteger[] parts = scaled.divideAndRemainder(FRACTION_SCALE);
        final StringBuilder text = new StringBuilder();
        if (mantissa.signum() < 0 && scaled.signum() != 0)
        {
            text.append('-');
        }

        text.append(parts[0]);
        if (parts[1].signum() != 0)
        {
            final String fraction = parts[1].toString();
            text.append('.').append("0".repeat(FRACTION_DIGITS - fraction.length())).append(fraction);
            while ('0' == text.charAt(text.length() - 1))
            {
                text.setLength(text.length() - 1);
            }
        }

        return text.toString();
    }

    private static ExtendedDouble parseDigits(final String text, final int radix, final char exponentMark)
    {
        final int mark = text.indexOf(exponentMark);
        final String number = mark < 0 ? text : text.substring(0, mark);
        final int point = number.indexOf('.');
        final String digits = point < 0 ? number : number.substring(0, point) + number.substring(point + 1);
        if (digits.isEmpty() || !areDigits(digits, radix))
        {
            return null;
        }

        long power = 0;
        if (mark >= 0)
        {
            final String exponentText = text.substring(mark + 1);
            final int signLength = exponentText.startsWith("-") || exponentText.startsWith("+") ? 1 : 0;
            if (exponentText.length() == signLength || !areDigits(exponentText.substring(signLength), 10))
            {
                return null;
            }

            power = clampedExponent(exponentText, signLength);
        }

        final int fractionDigits = point < 0 ? 0 : number.length() - point - 1;
        return 10 == radix
            ? decimal(new BigInteger(digits), power - fractionDigits, digits)
            : binary(new BigInteger(digits, 16), power - 4L * fractionDigits);
    }

    private static long clampedExponent(final String text, final int signLength)
    {
        final String digits = text.substring(signLength).replaceFirst("^0+(?=.)", "");
        final long magnitude = digits.length() > 9 ? 1_000_000_000L : Long.parseLong(digits);
        return text.startsWith("-") ? -magnitude : magnitude;
    }

    private static boolean areDigits(final String text, final int radix)
    {
        for (int i = 0; i < text.length(); i++)
        {
            // Character.digit also knows digits of other scripts.
            if (text.charAt(i) > 'f' || Character.digit(text.charAt(i), radix) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static ExtendedDouble decimal(final BigInteger digits, final long power, final String text)
    {
        if (0 == digits.signum())
        {
            return ZERO;
        }

        final long magnitude = text.replaceFirst("^0+", "").length() + power;
        if (magnitude > DECIMAL_MAX || magnitude < DECIMAL_MIN)
        {
            return null;
        }

        final BigInteger scale = BigInteger.TEN.pow((int)Math.abs(power));
        return inRange(
            power >= 0 ? round(digits.multiply(scale), BigInteger.ONE, 0) : round(digits, scale, 0));
    }

    private static ExtendedDouble binary(final BigInteger digits, final long power)
    {
        if (0 == digits.signum())
        {
            return ZERO;
        }

        final long magnitude = digits.bitLength() + power;
        return magnitude > 16384 || magnitude < EXPONENT_MIN - 1
            ? null
            : inRange(round(digits, BigInteger.ONE, (int)power));
    }

    /** Null for what does not come from the text "inf" but is too large, and for what is not zero but too small. */
    private static ExtendedDouble inRange(final ExtendedDouble value)
    {
        return value.isFinite && 0 != value.mantissa.signum() ? value : null;
    }

    /** Nearest number to numerator / denominator * 2^power. */
    private static ExtendedDouble round(final BigInteger numerator, final BigInteger denominator, final int power)
    {
        if (0 == numerator.signum())
        {
            return ZERO;
        }

        // The quotient gets 64 or 65 bits; dividing once more by the right power of two makes it 64.
        int shift = MANTISSA_BITS - (numerator.bitLength() - denominator.bitLength());
        BigInteger quotient = shifted(numerator, shift).abs().divide(shifted(denominator, -shift));
        if (quotient.bitLength() > MANTISSA_BITS)
        {
            shift--;
        }

        shift = Math.min(shift, power - EXPONENT_MIN);
        quotient = divide(shifted(numerator, shift).abs(), shifted(denominator, -shift));
        if (quotient.bitLength() > MANTISSA_BITS)
        {
            quotient = quotient.shiftRight(1);
            shift--;
        }

        final int exponent = power - shift;
        return exponent > EXPONENT_MAX
            ? INFINITE
            : new ExtendedDouble(numerator.signum() < 0 ? quotient.negate() : quotient, exponent, true);
    }

    private static BigInteger shifted(final BigInteger value, final int left)
    {
        return left > 0 ? value.shiftLeft(left) : value;
    }

    /** Quotient of positive numbers, rounded half to even. */
    private static BigInteger divide(final BigInteger numerator, final BigInteger denominator)
    {
        final BigInteger[] parts = numerator.divideAndRemainder(denominator);
        final int half = parts[1].shiftLeft(1).compareTo(denominator);
        return half > 0 || 0 == half && parts[0].testBit(0) ? parts[0].add(BigInteger.ONE) : parts[0];
    }
}
