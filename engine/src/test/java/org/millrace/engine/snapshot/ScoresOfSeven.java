package org.millrace.engine.snapshot;

import java.math.BigDecimal;
import java.math.MathContext;
import org.millrace.engine.memory.Memory;

/** Scores as the digests of Redis 7.0 and before have them: as C's {@code %.17g} prints them. Stateless. */
public final class ScoresOfSeven
{
    private static final int DIGITS = 17;

    /** Below this exponent digits follow a point, and a power of ten follows them. */
    private static final int PLAIN_EXPONENT_MIN = -4;

    private static final MathContext ROUNDING = new MathContext(DIGITS);

    private ScoresOfSeven()
    {
    }

    /** What DEBUG DIGEST answers there. */
    public static Digest digest()
    {
        return new Digest(ScoresOfSeven::write);
    }

    /** @return characters written. */
    static int write(final long target, final double value)
    {
        final String text = text(value);
        for (int i = 0; i < text.length(); i++)
        {
            Memory.putByte(target + i, (byte)text.charAt(i));
        }

        return text.length();
    }

    static String text(final double value)
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
