package org.millrace.engine.memory;

import java.math.BigDecimal;
import java.math.MathContext;

/** A double as C's {@code %.17g} prints it. Makes garbage where it is no whole number. Stateless. */
public final class PrintedDouble
{
    private static final int DIGITS = 17;

    /** Below this exponent digits follow a point, and a power of ten follows them. */
    private static final int PLAIN_EXPONENT_MIN = -4;

    /** Whole numbers below this have no more than 17 digits. */
    private static final double WHOLE_MAX = 1e17;

    private static final MathContext ROUNDING = new MathContext(DIGITS);

    private PrintedDouble()
    {
    }

    /** Writes the number at {@code target}, where {@link DoubleText#LENGTH_MAX} bytes are free. @return the bytes written. */
    public static int write(final long target, final double value)
    {
        if (0 != value && Math.abs(value) < WHOLE_MAX && (long)value == value)
        {
            return Decimal.format(target, (long)value);
        }

        final String text = text(value);
        for (int i = 0; i < text.length(); i++)
        {
            Memory.putByte(target + i, (byte)text.charAt(i));
        }

        return text.length();
    }

    private static String text(final double value)
    {
        if (0 == value)
        {
            return 1 / value < 0 ? "-0" : "0";
        }

        if (Double.isInfinite(value))
        {
            return value > 0 ? "inf" : "-inf";
        }

        final BigDecimal rounded = new BigDecimal(value).round(ROUNDING).stripTrailingZeros();
        final int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= PLAIN_EXPONENT_MIN && exponent < DIGITS)
        {
            return rounded.toPlainString();
        }

        final String digits = rounded.unscaledValue().abs().toString();
        final int magnitude = Math.abs(exponent);
        return (value < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") +
            (exponent < 0 ? "e-" : "e+") + (magnitude < 10 ? "0" : "") + magnitude;
    }
}
