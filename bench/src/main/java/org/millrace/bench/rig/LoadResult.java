package org.millrace.bench.rig;

import org.HdrHistogram.Histogram;

/**
 * What one run of a load measured.
 *
 * @param requestCount requests answered.
 * @param errorCount   error replies among them.
 * @param elapsedNs    from the first request to the last reply.
 * @param latencyNs    latency of the requests in nanoseconds.
 */
public record LoadResult(long requestCount, long errorCount, long elapsedNs, Histogram latencyNs)
{
    /** Longest latency that is told apart from longer ones. */
    static final long LATENCY_NS_MAX = 600_000_000_000L;
    private static final int DIGITS = 3;

    /** Requests a second. */
    public double perSecond()
    {
        return requestCount * 1e9 / elapsedNs;
    }

    static Histogram newHistogram()
    {
        return new Histogram(LATENCY_NS_MAX, DIGITS);
    }
}
