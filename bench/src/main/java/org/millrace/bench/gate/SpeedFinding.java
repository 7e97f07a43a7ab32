package org.millrace.bench.gate;

import java.util.Locale;

/**
 * A change of speed and how sure it is. All but p are logarithms of ratios: greater than 0 is slower.
 *
 * @param change   median.
 * @param interval of the median, 95 %.
 * @param p        of Wilcoxon's signed-rank test.
 * @param floor    the noise: how far two processes of one build may seem to be apart.
 * @param limit    what a change must exceed to count.
 * @param count    ratios that it rests on.
 * @param verdict  conclusion.
 */
record SpeedFinding(
    double change,
    Interval interval,
    double p,
    double floor,
    double limit,
    int count,
    Verdict verdict)
{
    /** The change as text: {@code +3.1 % (+1.0 to +5.2)}. */
    String changeText()
    {
        return String.format(
            Locale.ROOT,
            "%+.1f %% (%+.1f to %+.1f)",
            percent(change),
            percent(interval.low()),
            percent(interval.high()));
    }

    /** The same numbers, which the machine was too disturbed to trust. */
    SpeedFinding disturbed()
    {
        return new SpeedFinding(change, interval, p, floor, limit, count, Verdict.TOO_NOISY);
    }

    /** What a logarithm of a ratio means in percent. */
    static double percent(final double logRatio)
    {
        return 100 * Math.expm1(logRatio);
    }
}
