package org.millrace.bench.gate;

/**
 * When a change of speed counts. A pure decision.
 * <p>
 * The noise floor is the reach of the 95 % interval of A/A, two processes of one build compared like everything else
 * in the same run. A change counts only if its median is further from 0 than twice that floor and than a least size
 * that nobody wants to be woken for, if its own interval is clear of 0, and if p is below 0.01. The same speed is not
 * the absence of such a finding: the interval, and the median with the floor on top, must also be clear of the change
 * that must not go unseen. In between the answer is that nobody can tell.
 *
 * @param least  smallest change that counts, as the logarithm of a ratio.
 * @param detect change that must not go unseen, as the logarithm of a ratio; while the interval
 *               reaches it, the answer is {@link Verdict#TOO_NOISY} and not "same".
 */
record SpeedRule(double least, double detect)
{
    private static final double P_MAX = 0.01;
    private static final int COUNT_MIN = 8;

    /**
     * The rule for CPU time an operation: what the processor did, little disturbed by others.
     *
     * @param detectPercent slowdown that must not go unseen, in percent.
     */
    static SpeedRule ofCpu(final double detectPercent)
    {
        return new SpeedRule(Math.log1p(0.03), Math.log1p(detectPercent / 100));
    }

    /**
     * The rule for elapsed time an operation, which sees waiting but also everything else that runs on the machine. It
     * never calls a run too noisy: that is what CPU time is for.
     */
    static SpeedRule ofWall()
    {
        return new SpeedRule(Math.log1p(0.10), Double.POSITIVE_INFINITY);
    }

    /**
     * Decides.
     *
     * @param change    candidate against control.
     * @param same      one build against itself.
     * @param expected  what the change is compared with: 0, or the committed ratio to another server.
     * @param tolerance how uncertain that is, added to the floor.
     */
    SpeedFinding judge(
        final LogRatios change,
        final LogRatios same,
        final double expected,
        final double tolerance)
    {
        final double median = change.median() - expected;
        final Interval raw = change.interval();
        final Interval interval = new Interval(raw.low() - expected, raw.high() - expected);
        final double p = minus(change, expected).wilcoxonP();
        final double floor = same.interval().reach() + tolerance;
        final double limit = limit(floor);
        final int count = Math.min(change.count(), same.count());
        return new SpeedFinding(median, interval, p, floor, limit, count, verdict(median, interval, p, floor, count));
    }

    private double limit(final double floor)
    {
        return Math.max(least, 2 * floor);
    }

    private Verdict verdict(
        final double median,
        final Interval interval,
        final double p,
        final double floor,
        final int count)
    {
        final double limit = limit(floor);
        if (count < COUNT_MIN)
        {
            return Verdict.TOO_NOISY;
        }

        if (p < P_MAX && median > limit && interval.low() > 0)
        {
            return Verdict.SLOWER;
        }

        // The interval knows how blocks vary, the floor also how processes do.
        if (Math.max(interval.high(), median + floor) >= detect)
        {
            // Not shown to be there, nor shown not to be.
            return Verdict.TOO_NOISY;
        }

        return p < P_MAX && median < -limit && interval.high() < 0 ? Verdict.FASTER : Verdict.SAME;
    }

    private static LogRatios minus(final LogRatios ratios, final double expected)
    {
        final LogRatios moved = new LogRatios();
        moved.beginRound();
        for (final double value : ratios.values())
        {
            moved.add(value - expected);
        }

        return moved;
    }
}
