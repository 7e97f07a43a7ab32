package org.millrace.bench.main;

import java.util.Locale;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

import org.millrace.kit.compare.DatasetComparison;

/**
 * Prints how far a comparison is, at most once in a while, so that a short one prints nothing.
 */
final class ProgressLine implements DatasetComparison.Progress
{
    private final PrintStream stream;
    private final long intervalNs;
    private long nextNs;

    ProgressLine(final PrintStream stream, final long intervalMs)
    {
        this.stream = stream;
        intervalNs = TimeUnit.MILLISECONDS.toNanos(intervalMs);
        nextNs = System.nanoTime() + intervalNs;
    }

    /** {@inheritDoc} */
    @Override
    public void update(
        final int database,
        final long comparedCount,
        final long expectedCount,
        final long differentCount)
    {
        final long nowNs = System.nanoTime();
        if (nowNs - nextNs >= 0)
        {
            stream.printf(
                Locale.ROOT, "db%d: %,d of about %,d keys compared, %,d different%n",
                database,
                comparedCount,
                expectedCount,
                differentCount);
            nextNs = nowNs + intervalNs;
        }
    }
}
