package org.millrace.engine.backlog;

/** Gives equal memory segments for the backlog ring: mapped files in a node, plain memory in the simulator. */
public interface SegmentStorage extends AutoCloseable
{
    /** A new segment of the storage's segment length, preallocated and touched; null if none can be had (logged). */
    Segment allocate();

    /** Bytes of each segment, a power of two. */
    int segmentLength();

    @Override
    void close();
}
