package org.millrace.engine.snapshot;

import java.util.concurrent.atomic.AtomicLong;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/**
 * The direct memory of images. The snapshotter takes slices; any thread gives them back; what is not needed again
 * soon is freed. Its count of bytes is what INFO shows and what tests expect to be zero in the end.
 */
final class SlicePool
{
    private static final int FREE_MAX = 8;

    private final int sliceLength;
    private final ManyToOneConcurrentArrayQueue<ImageSlice> free = new ManyToOneConcurrentArrayQueue<>(FREE_MAX);
    private final AtomicLong bytes = new AtomicLong();

    SlicePool(final int sliceLength)
    {
        this.sliceLength = sliceLength;
    }

    int sliceLength()
    {
        return sliceLength;
    }

    /** Snapshotter: a slice, or null if the JVM has no direct memory left. */
    ImageSlice take()
    {
        ImageSlice slice = free.poll();
        if (null == slice)
        {
            slice = allocate();
        }

        if (null != slice)
        {
            slice.open();
        }

        return slice;
    }

    private ImageSlice allocate()
    {
        try
        {
            final ImageSlice slice = new ImageSlice(this, sliceLength);
            bytes.addAndGet(sliceLength);
            return slice;
        }
        catch (final OutOfMemoryError ex)
        {
            // The limit on direct memory (-XX:MaxDirectMemorySize) is a setting, not the end of the heap.
            return null;
        }
    }

    /** Any thread: nobody looks at this slice any more. */
    void recycle(final ImageSlice slice)
    {
        if (!free.offer(slice))
        {
            release(slice);
        }
    }

    /** Snapshotter, when it has nothing to write. @return work count. */
    int trim()
    {
        int count = 0;
        ImageSlice slice = free.poll();
        while (null != slice)
        {
            release(slice);
            count++;
            slice = free.poll();
        }

        return count;
    }

    private void release(final ImageSlice slice)
    {
        slice.free();
        bytes.addAndGet(-sliceLength);
    }

    /** Direct memory held, whether in use or not; any thread. */
    long bytes()
    {
        return bytes.get();
    }
}
