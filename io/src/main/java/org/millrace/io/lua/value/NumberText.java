package org.millrace.io.lua.value;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Doubles as C's printf writes them: digits are those of the exact value, rounded half to even. */
public final class NumberText
{
    /** Digits of {@code tostring} and of concatenation. */
    public static final int PRECISION = 14;

    /** Whole numbers below this have at most 14 digits and a sign, and go without an exponent. */
    private static final double PLAIN_MAX = 1e14;

    /** Below this exponent {@code %g} writes an exponent. */
    private static final int PLAIN_EXPONENT_MIN = -4;

    private static final LuaString[] SMALL = new LuaString[1024];

    static
    {
        for (int i = 0; i < SMALL.length; i++)
        {
            SMALL[i] = LuaString.of(Integer.toString(i));
        }
    }

    private NumberText()
    {
    }

    /** As {@code tostring} writes it: {@code %.14g}. */
    public static LuaString of(final double number)
    {
        final int small = (int)number;
        if (small == number && small >= 0 && small < SMALL.length && !isNegative(number))
        {
            return SMALL[small];
        }

        return LuaString.of(text(number));
    }

    /** As {@link #of}, as chars. */
    public static String text(final double number)
    {
        final long whole = (long)number;
        if (whole == number && Math.abs(number) < PLAIN_MAX && (0 != whole || !isNegative(number)))
        {
            return Long.toString(whole);
        }

        return general(number, PRECISION);
    }

    /** {@code %.<precision>g}. */
    public static String general(final double number, final int precision)
    {
        return general(number, precision, false);
    }

    /** {@code %g}, with trailing zeros kept if so wanted ({@code #}). */
    public static String general(final double number, final int precision, final boolean keepsZeros)
    {
        if (!Double.isFinite(number))
        {
            return special(number);
        }

        final int digits = Math.max(1, precision);
        if (0 == number)
        {
            return (isNegative(number) ? "-0" : "0") + (keepsZeros ? "." + "0".repeat(digits - 1) : "");
        }

        final BigDecimal rounded = new BigDecimal(Math.abs(number))
            .round(new MathContext(digits, RoundingMode.HALF_EVEN));
        final int exponent = rounded.precision() - rounded.scale() - 1;
        final String sign = number < 0 ? "-" : "";
        if (exponent >= PLAIN_EXPONENT_MIN && exponent < digits)
        {
            final String text = rounded.setScale(Math.max(0, digits - 1 - exponent), RoundingMode.HALF_EVEN)
                .toPlainString();
            return sign + (keepsZeros ? withPoint(text) : withoutZeros(text));
        }

        final String mantissa = mantissa(rounded, digits - 1);
        return sign + (keepsZeros ? withPoint(mantissa) : withoutZeros(mantissa)) + exponentText(exponent);
    }

    /** {@code %.<precision>e}. */
    public static String scientific(final double number, final int precision, final boolean keepsPoint)
    {
        if (!Double.isFinite(number))
        {
            return special(number);
        }

        final BigDecimal rounded = new BigDecimal(Math.abs(number))
            .round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        final int exponent = 0 == number ? 0 : rounded.precision() - rounded.scale() - 1;
        final String mantissa = mantissa(rounded, precision);
        return (isNegative(number) ? "-" : "") + (keepsPoint ? withPoint(mantissa) : mantissa) + exponentText(exponent);
    }

    /** {@code %.<precision>f}. */
    public static String fixed(final double number, final int precision, final boolean keepsPoint)
    {
        if (!Double.isFinite(number))
        {
            return special(number);
        }

        final String text = new BigDecimal(Math.abs(number)).setScale(precision, RoundingMode.HALF_EVEN)
            .toPlainString();
        return (isNegative(number) ? "-" : "") + (keepsPoint ? withPoint(text) : text);
    }

    /** Infinite, or no number: its sign is written too, as the C library does. */
    private static String special(final double number)
    {
        final String word = Double.isNaN(number) ? "nan" : "inf";
        return isNegative(number) ? "-" + word : word;
    }

    public static boolean isNegative(final double number)
    {
        return Double.doubleToRawLongBits(number) < 0;
    }

    private static String mantissa(final BigDecimal value, final int places)
    {
        final String unscaled = value.unscaledValue().toString();
        final StringBuilder digits = new StringBuilder(unscaled);
        while (digits.length() < places + 1)
        {
            digits.append('0');
        }

        digits.setLength(places + 1);
        return 0 == places ? digits.toString() : digits.insert(1, '.').toString();
    }

    private static String exponentText(final int exponent)
    {
        final int magnitude = Math.abs(exponent);
        return (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") + magnitude;
    }

    private static String withPoint(final String text)
    {
        return text.indexOf('.') < 0 ? text + "." : text;
    }

    private static String withoutZeros(final String text)
    {
        if (text.indexOf('.') < 0)
        {
            return text;
        }

        int end = text.length();
        while ('0' == text.charAt(end - 1))
        {
            end--;
        }

        return text.substring(0, '.' == text.charAt(end - 1) ? end - 1 : end);
    }
}
