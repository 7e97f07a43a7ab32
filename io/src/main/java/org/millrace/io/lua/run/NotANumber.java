package org.millrace.io.lua.run;

/**
 * Results that are no numbers, with the sign that an x86 processor gives them, since it is printed: {@code -nan} for 0/0.
 * The sign that a JVM leaves depends on who computes it, the interpreter or compiled code.
 */
public final class NotANumber
{
    private static final long SIGN = Long.MIN_VALUE;
    private static final double MADE = Double.longBitsToDouble(0xFFF8000000000000L);

    private NotANumber()
    {
    }

    /** The result of an operation on these, which is no number: the first operand that is none, else a new one. */
    static double of(final double left, final double right)
    {
        if (left != left)
        {
            return left;
        }

        return right != right ? right : MADE;
    }

    /** What a function makes of an argument for which it is not defined. */
    public static double of(final double argument)
    {
        return of(argument, 0);
    }

    static double negate(final double value)
    {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(value) ^ SIGN);
    }
}
