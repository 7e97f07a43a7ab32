package org.millrace.engine.backlog;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.millrace.engine.Lincheck;

/** Segments that are made ready and taken away by another thread: each has one user at a time. */
class PreparedSegmentsLincheckTest
{
    @Test
    void shouldGiveEachSegmentToOneUserInEveryInterleaving()
    {
        Lincheck.modelChecking(2, Count.class).check(Segments.class);
    }

    /** The segments under test. */
    public static class Segments
    {
        private final PreparedSegments segments = new PreparedSegments(new CountingStorage(), 2);
        private final ArrayDeque<Segment> used = new ArrayDeque<>();

        @Operation(nonParallelGroup = "writer")
        public boolean allocate()
        {
            final Segment segment = segments.allocate();
            boolean isNew = segment.address() > 0;
            for (final Segment other : used)
            {
                isNew &= other.address() != segment.address();
            }

            used.add(segment);
            return isNew;
        }

        @Operation(nonParallelGroup = "writer")
        public boolean release()
        {
            final Segment oldest = used.poll();
            if (null != oldest)
            {
                oldest.release();
            }

            return null != oldest;
        }

        @Operation(nonParallelGroup = "other")
        public void doWork()
        {
            segments.doWork();
        }
    }

    /** Segments without memory; one that was released is known by its address. */
    private static final class CountingStorage implements SegmentStorage
    {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public Segment allocate()
        {
            return new CountedSegment(count.incrementAndGet());
        }

        @Override
        public int segmentLength()
        {
            return 64;
        }

        @Override
        public void close()
        {
        }
    }

    /** One of them. */
    private static final class CountedSegment implements Segment
    {
        private long address;

        CountedSegment(final long address)
        {
            this.address = address;
        }

        @Override
        public long address()
        {
            return address;
        }

        @Override
        public ByteBuffer buffer()
        {
            throw new IllegalStateException("no memory here");
        }

        @Override
        public void release()
        {
            address = 0;
        }
    }

    /** What they are to be like. */
    public static class Count
    {
        private int used;

        public boolean allocate()
        {
            used++;
            return true;
        }

        public boolean release()
        {
            if (0 == used)
            {
                return false;
            }

            used--;
            return true;
        }

        public void doWork()
        {
        }
    }
}
