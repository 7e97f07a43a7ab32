package org.millrace.bench.report;

import java.util.Locale;
import java.util.function.DoubleBinaryOperator;

/**
 * What a measure is to reach: a bound for the value itself, for its ratio to the first peer's, or none. Immutable.
 */
public final class Goal
{
    /** For measures that stand for themselves. */
    public static final Goal NONE = new Goal("", (value, ratio) -> Double.NaN);

    private static final double REACHED = 1;
    private static final double MISSED = 0;

    private final String text;
    private final DoubleBinaryOperator verdict;

    private Goal(final String text, final DoubleBinaryOperator verdict)
    {
        this.text = text;
        this.verdict = verdict;
    }

    /** At least this many times the peer's value. */
    public static Goal ratioAtLeast(final double bound)
    {
        return new Goal("at least " + number(bound) + " x peer", (value, ratio) -> judge(ratio, ratio >= bound));
    }

    /** At most this many times the peer's value. */
    public static Goal ratioAtMost(final double bound)
    {
        return new Goal("at most " + number(bound) + " x peer", (value, ratio) -> judge(ratio, ratio <= bound));
    }

    /** At least this value. */
    public static Goal atLeast(final double bound, final String unit)
    {
        return new Goal("at least " + number(bound) + " " + unit, (value, ratio) -> judge(value, value >= bound));
    }

    /** At most this value. */
    public static Goal atMost(final double bound, final String unit)
    {
        return new Goal("at most " + number(bound) + " " + unit, (value, ratio) -> judge(value, value <= bound));
    }

    /** What is to be reached, in words; empty for none. */
    String text()
    {
        return text;
    }

    /** "reached", "missed", or "-" if that cannot be said. */
    String verdict(final double value, final double ratio)
    {
        final double judged = verdict.applyAsDouble(value, ratio);
        return REACHED == judged ? "reached" : MISSED == judged ? "missed" : "-";
    }

    private static double judge(final double measured, final boolean isReached)
    {
        return Double.isNaN(measured) ? Double.NaN : isReached ? REACHED : MISSED;
    }

    private static String number(final double value)
    {
        return String.format(Locale.ROOT, "%,.3f", value).replaceAll("0+$", "").replaceAll("\\.$", "");
    }
}
