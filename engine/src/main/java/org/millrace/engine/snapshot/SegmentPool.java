package org.millrace.engine.snapshot;

import java.util.concurrent.atomic.AtomicLong;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * The direct memory of images. The snapshotter takes segments; any thread gives them back; what is not needed again
 * soon is freed. Its count of bytes is what INFO shows and what tests expect to be zero in the end.
 */
final class SegmentPool
{
    private static final int FREE_MAX = 8;

    private final int segmentLength;
    private final ManyToOneConcurrentArrayQueue<ImageSegment> free = new ManyToOneConcurrentArrayQueue<>(FREE_MAX);
    private final AtomicLong bytes = new AtomicLong();

    SegmentPool(final int segmentLength)
    {
        this.segmentLength = segmentLength;
    }

    int segmentLength()
    {
        return segmentLength;
    }

    /** Snapshotter: a segment, or null if the JVM has no direct memory left. */
    ImageSegment take()
    {
        ImageSegment segment = free.poll();
        if (null == segment)
        {
            segment = allocate();
        }

        if (null != segment)
        {
            segment.open();
        }

        return segment;
    }

    private ImageSegment allocate()
    {
        try
        {
            final ImageSegment segment = new ImageSegment(this, segmentLength);
            bytes.addAndGet(segmentLength);
            return segment;
        }
        catch (final OutOfMemoryError ex)
        {
            // The limit on direct memory (-XX:MaxDirectMemorySize) is a setting, not the end of the heap.
            return null;
        }
    }

    /** Any thread: nobody looks at this segment any more. */
    void recycle(final ImageSegment segment)
    {
        if (!free.offer(segment))
        {
            release(segment);
        }
    }

    /** Snapshotter, when it has nothing to write. @return work count. */
    int trim()
    {
        int count = 0;
        ImageSegment segment = free.poll();
        while (null != segment)
        {
            release(segment);
            count++;
            segment = free.poll();
        }

        return count;
    }

    private void release(final ImageSegment segment)
    {
        segment.free();
        bytes.addAndGet(-segmentLength);
    }

    /** Direct memory held, whether in use or not; any thread. */
    long bytes()
    {
        return bytes.get();
    }
}
