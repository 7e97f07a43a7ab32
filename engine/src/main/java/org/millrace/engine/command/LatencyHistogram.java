package org.millrace.engine.command;

/**
 * How often a command took how long: counts in buckets whose width grows with the value, at most 1/128 of it. Up to
 * 255 ns each nanosecond has a bucket; from there every doubling has 128. These are the bounds that Redis shows, so
 * figures of both compare. Counting is one increment; 24 KiB. Writer thread.
 */
public final class LatencyHistogram
{
    /** Redis counts what takes longer as this. */
    static final long NS_MAX = 1_000_000_000L;

    private static final int HALF_BITS = 7;
    private static final int HALF = 1 << HALF_BITS;
    private static final int LAST_EXACT = 2 * HALF - 1;

    /** The first step of the cumulative picture, ns; each further one is twice as far. */
    private static final long FIRST_STEP_NS = 1024;

    private final long[] counts = new long[indexOf(NS_MAX) + 1];

    /** Count one call, or several that took the same time. */
    void record(final long durationNs, final long calls)
    {
        counts[indexOf(Math.max(1, Math.min(NS_MAX, durationNs)))] += calls;
    }

    private static int indexOf(final long value)
    {
        final int shift = Long.SIZE - HALF_BITS - 1 - Long.numberOfLeadingZeros(value | LAST_EXACT);
        return (shift << HALF_BITS) + (int)(value >> shift);
    }

    /** The largest value that is counted in the same bucket. */
    private static long highestOf(final int index)
    {
        final int shift = Math.max(0, (index >> HALF_BITS) - 1);
        return ((long)(index - (shift << HALF_BITS)) + 1 << shift) - 1;
    }

    /** Calls counted. */
    public long total()
    {
        long total = 0;
        for (final long count : counts)
        {
            total += count;
        }

        return total;
    }

    /** The time within which {@code percent} of the calls were done, ns: the upper end of its bucket; 0 if none. */
    public long percentileNs(final double percent)
    {
        final long wanted = Math.max(1, (long)(percent / 100 * total() + 0.5));
        long seen = 0;
        for (int i = 0; i < counts.length; i++)
        {
            seen += counts[i];
            if (seen >= wanted)
            {
                return percent > 0 ? highestOf(i) : highestOf(i - 1) + 1;
            }
        }

        return 0;
    }

    /** Gets the steps of {@link #cumulative}. */
    @FunctionalInterface
    public interface StepConsumer
    {
        /** So many calls took at most about so many microseconds. */
        void accept(long micros, long calls);
    }

    /** The picture that LATENCY HISTOGRAM gives: steps that double, those left out in which nothing was counted. */
    public void cumulative(final StepConsumer consumer)
    {
        final long total = total();
        long seen = 0;
        long told = 0;
        int next = 0;
        for (long step = FIRST_STEP_NS; seen < total; step *= 2)
        {
            final int last = indexOf(step);
            for (; next <= last && next < counts.length; next++)
            {
                seen += counts[next];
            }

            if (seen > told)
            {
                consumer.accept(highestOf(last) / 1000, seen);
                told = seen;
            }
        }
    }
}
