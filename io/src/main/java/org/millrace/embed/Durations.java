package org.millrace.embed;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Durations as a program may give them, the longest for "as long as it takes" included. */
final class Durations
{
    /** A hundred years; sums and differences of a few of them still fit into a long. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Durations()
    {
    }

    /** In nanoseconds, at most a hundred years. */
    static long toNs(final Duration duration)
    {
        return duration.compareTo(LONGEST) < 0 ? duration.toNanos() : LONGEST.toNanos();
    }

    /** In milliseconds, at most a hundred years. */
    static long toMs(final Duration duration)
    {
        return TimeUnit.NANOSECONDS.toMillis(toNs(duration));
    }
}
