package org.millrace.engine.replication.replica;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How long to wait before the next attempt. A lost link is tried again at once, a refused one after a second. A full
 * resync costs the primary a snapshot and this node its data, so when those fail again and again the delay doubles,
 * with jitter so that the replicas of one primary do not come back together. Writer thread.
 */
final class RetryDelay
{
    /** Delay after a failure that is no resync: the beat of Redis's replicationCron. */
    static final long BEAT_NS = TimeUnit.SECONDS.toNanos(1);

    /** Longest delay before jitter. */
    static final long DELAY_MAX_NS = TimeUnit.SECONDS.toNanos(64);

    /** After streaming this long a resync counts as having succeeded. */
    static final long STABLE_NS = TimeUnit.SECONDS.toNanos(60);

    /** Delay after the second stream in a row that broke off young; doubles up to the beat. */
    private static final long SHORT_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(50);

    /** First and longest delay after a snapshot that holds what this node does not, before jitter. */
    static final long UNHELD_NS = TimeUnit.SECONDS.toNanos(10);
    static final long UNHELD_MAX_NS = TimeUnit.MINUTES.toNanos(10);

    /** Full resyncs whose stream breaks off young that cost no delay: a primary may be restarted twice. */
    private static final int FREE_YOUNG = 2;

    private final LongSupplier random;
    private int failures;
    private int unheld;
    private int shortStreams;
    private int youngFulls;
    private boolean isFull;

    RetryDelay(final LongSupplier random)
    {
        this.random = random;
    }

    /** Full resyncs that have failed in a row. */
    int failures()
    {
        return failures;
    }

    void reset()
    {
        failures = 0;
        unheld = 0;
        shortStreams = 0;
        youngFulls = 0;
    }

    /** A stream begins behind a snapshot. */
    void onFullResync()
    {
        isFull = true;
        unheld = 0;
    }

    /** A stream goes on. */
    void onPartialResync()
    {
        isFull = false;
        youngFulls = 0;
    }

    /**
     * An established stream has broken off: try again at once, since the backlog moves on. But a primary that throws
     * us out each time is not to be hammered with requests for partial resyncs, and one whose full resyncs lead to
     * nothing, again and again, is not to take a snapshot a second.
     *
     * @return ns to wait.
     */
    long onLostStream(final long durationNs)
    {
        youngFulls = isFull && durationNs < STABLE_NS ? youngFulls + 1 : 0;
        if (youngFulls > FREE_YOUNG)
        {
            return spread(doubled(BEAT_NS, youngFulls - FREE_YOUNG - 1, DELAY_MAX_NS));
        }

        if (durationNs >= BEAT_NS)
        {
            shortStreams = 0;
            return 0;
        }

        shortStreams++;
        return 1 == shortStreams ? 0 : Math.min(BEAT_NS, SHORT_DELAY_NS << Math.min(shortStreams - 2, 10));
    }

    /**
     * A full resync has failed, or what it led to.
     *
     * @param canRepeat true if it may well succeed at once the next time, as after a cut connection.
     * @return ns to wait.
     */
    long onFailedResync(final boolean canRepeat)
    {
        failures++;
        if (canRepeat && 1 == failures)
        {
            return 0;
        }

        return spread(doubled(BEAT_NS, failures - (canRepeat ? 2 : 1), DELAY_MAX_NS));
    }

    /**
     * A snapshot held what this node does not, and the next one will, unless somebody sees to the primary's data.
     *
     * @return ns to wait.
     */
    long onUnheldResync()
    {
        failures++;
        unheld++;
        return spread(doubled(UNHELD_NS, unheld - 1, UNHELD_MAX_NS));
    }

    private static long doubled(final long firstNs, final int times, final long maxNs)
    {
        return Math.min(maxNs, firstNs << Math.min(times, 24));
    }

    /** Between three quarters and five quarters of it. */
    private long spread(final long delayNs)
    {
        return delayNs * 3 / 4 + (random.getAsLong() >>> 1) % (delayNs / 2);
    }
}
