package org.millrace.engine.backlog;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.millrace.engine.memory.Memory;

/**
 * Segments in plain off-heap memory: for simulators and tests, and where there can be no files. The number of live
 * segments can be limited, which is how a full disk looks. Freed memory is given back at once.
 */
public final class MemorySegmentStorage implements SegmentStorage
{
    private final int segmentLength;
    private final Set<MemorySegment> live = new HashSet<>();
    private int limit = Integer.MAX_VALUE;

    public MemorySegmentStorage(final int segmentLength)
    {
        this.segmentLength = segmentLength;
    }

    @Override
    public synchronized Segment allocate()
    {
        if (live.size() >= limit)
        {
            return null;
        }

        final MemorySegment segment = new MemorySegment(ByteBuffer.allocateDirect(segmentLength));
        live.add(segment);
        return segment;
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
        return live.size();
    }

    /** Frees whatever has not been released. */
    @Override
    public synchronized void close()
    {
        live.forEach((segment) -> Memory.free(segment.memory));
        live.clear();
    }

    private synchronized void released(final MemorySegment segment)
    {
        if (live.remove(segment))
        {
            Memory.free(segment.memory);
        }
    }

    /** One direct buffer. */
    private final class MemorySegment implements Segment
    {
        private final ByteBuffer memory;
        private final long address;

        MemorySegment(final ByteBuffer memory)
        {
            this.memory = memory;
            this.address = Memory.address(memory);
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
            released(this);
        }
    }
}
