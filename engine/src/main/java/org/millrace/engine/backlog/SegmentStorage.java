package org.millrace.engine.backlog;

/**
 * Gives equal memory segments for the backlog ring: mapped files in a node, plain memory in the simulator. May be
 * called from more than one thread.
 */
public interface SegmentStorage extends AutoCloseable
{
    /** Smallest and largest segment that {@link #segmentLengthFor} proposes. */
    int SEGMENT_LENGTH_MIN = 64 << 10;
    int SEGMENT_LENGTH_MAX = 16 << 20;

    /** A new segment of the storage's segment length, preallocated and touched; null if none can be had (logged). */
    Segment allocate();

    /** Bytes of each segment, a power of two. */
    int segmentLength();

    /**
     * Remember which history the ring holds, beside the ring itself: at every change of ids and once a second.
     * Storage that does not outlive the process ignores it.
     */
    default void describe(
        final String replid, final String replid2, final long secondOffset, final long firstOffset)
    {
    }

    @Override
    void close();

    /** A quarter of the configured history as a power of two: the ring then holds at most half more than that. */
    static int segmentLengthFor(final long historyBytes)
    {
        final long quarter = Math.max(SEGMENT_LENGTH_MIN, Math.min(SEGMENT_LENGTH_MAX, historyBytes / 4));
        return (int)Long.highestOneBit(quarter);
    }
}
