package org.millrace.io.runtime;

/** How long the segments of the backlog ring are: a few of them make the history that is kept. */
final class SegmentLengths
{
    private static final long LEAST = 64 * 1024;
    private static final long MOST = 16 << 20;
    private static final int SEGMENTS = 4;

    private SegmentLengths()
    {
    }

    /** A power of two: about a quarter of repl-backlog-size, between 64 KiB and 16 MiB. */
    static int of(final long historyBytes)
    {
        final long quarter = Math.max(LEAST, Math.min(MOST, historyBytes / SEGMENTS));
        return (int)Long.highestOneBit(quarter);
    }
}
