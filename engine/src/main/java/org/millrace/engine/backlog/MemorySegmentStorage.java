package org.millrace.engine.backlog;

import java.nio.ByteBuffer;
import org.agrona.BufferUtil;

/**
 * Segments in plain off-heap memory: for simulators, tests and embedders that want no files. The number of live
 * segments can be limited, which is how a full disk looks. Freed memory is given back at once.
 */
public final class MemorySegmentStorage implements SegmentStorage
{
    private final int segmentLength;
    private int limit = Integer.MAX_VALUE;
    private int live;

    public MemorySegmentStorage(final int segmentLength)
    {
        this.segmentLength = segmentLength;
    }

    @Override
    public synchronized Segment allocate()
    {
        if (live >= limit)
        {
            return null;
        }

        live++;
        return new MemorySegment(ByteBuffer.allocateDirect(segmentLength));
    }

    @Override
    public int segmentLength()
    {
        return segmentLength;
    }

    /** From now on no more than so many segments at a time. */
    public synchronized void limit(final int segments)
    {
        limit = segments;
    }

    /** Segments that have not been released. */
    public synchronized int live()
    {
        return live;
    }

    @Override
    public void close()
    {
    }

    private synchronized void released(final ByteBuffer memory)
    {
        BufferUtil.free(memory);
        live--;
    }

    /** One direct buffer. */
    private final class MemorySegment implements Segment
    {
        private final ByteBuffer memory;
        private final long address;

        MemorySegment(final ByteBuffer memory)
        {
            this.memory = memory;
            this.address = BufferUtil.address(memory);
        }

        @Override
        public long address()
        {
            return address;
        }

        @Override
        public ByteBuffer buffer()
        {
            return memory.duplicate();
        }

        @Override
        public void release()
        {
            released(memory);
        }
    }
}
