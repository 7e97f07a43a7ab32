package org.millrace.engine.backlog;

import java.nio.ByteBuffer;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.millrace.engine.base.ParkingAgent;

/**
 * Keeps segments ready so that the writer neither creates files, nor touches fresh pages, nor unmaps. The writer calls
 * {@link #allocate} and {@code release}; another thread runs {@link #doWork}. When no segment is ready the writer makes
 * one itself: it never waits.
 * <p>
 * Nothing is prepared before the first segment is asked for, or {@link #warmUp} is called.
 */
public final class PreparedSegments implements SegmentStorage, ParkingAgent
{
    private final SegmentStorage storage;
    private final int target;
    private final OneToOneConcurrentArrayQueue<Segment> ready;
    private final OneToOneConcurrentArrayQueue<Segment> discarded = new OneToOneConcurrentArrayQueue<>(256);
    private Runnable onWork = () ->
    {
    };
    private volatile boolean isWanted;
    private volatile boolean isExhausted;

    /** @param target segments to keep ready. */
    public PreparedSegments(final SegmentStorage storage, final int target)
    {
        this.storage = storage;
        this.target = target;
        this.ready = new OneToOneConcurrentArrayQueue<>(Math.max(2, target));
    }

    /** Before start: to wake the thread of this agent; called whenever a segment is asked for or given back. */
    public void onWork(final Runnable listener)
    {
        onWork = listener;
    }

    /** Begin to prepare: a first replica is to be expected. Any thread. */
    public void warmUp()
    {
        isWanted = true;
        onWork.run();
    }

    @Override
    public Segment allocate()
    {
        isWanted = true;
        // A failure is not for ever: files may have been deleted since.
        isExhausted = false;
        final Segment prepared = ready.poll();
        onWork.run();
        if (null != prepared)
        {
            return prepared;
        }

        final Segment fresh = storage.allocate();
        return null == fresh ? null : new DeferredSegment(fresh);
    }

    @Override
    public int segmentLength()
    {
        return storage.segmentLength();
    }

    @Override
    public void describe(
        final String replid, final String replid2, final long secondOffset, final long firstOffset)
    {
        storage.describe(replid, replid2, secondOffset, firstOffset);
    }

    /** At most one file is made or removed a call: each may take a millisecond. */
    @Override
    public int doWork()
    {
        final Segment old = discarded.poll();
        if (null != old)
        {
            old.release();
            return 1;
        }

        if (!isWanted || isExhausted || ready.size() >= target)
        {
            return 0;
        }

        final Segment fresh = storage.allocate();
        if (null == fresh)
        {
            isExhausted = true;
            return 0;
        }

        ready.offer(new DeferredSegment(fresh));
        return 1;
    }

    @Override
    public String roleName()
    {
        return "segments";
    }

    /** The last call, when the other thread has stopped: releases what is ready and what was given back. */
    @Override
    public void close()
    {
        for (Segment segment = discarded.poll(); null != segment; segment = discarded.poll())
        {
            segment.release();
        }

        for (Segment segment = ready.poll(); null != segment; segment = ready.poll())
        {
            ((DeferredSegment)segment).segment.release();
        }

        storage.close();
    }

    /** Hands its release over to the other thread. */
    private final class DeferredSegment implements Segment
    {
        private final Segment segment;

        DeferredSegment(final Segment segment)
        {
            this.segment = segment;
        }

        @Override
        public long address()
        {
            return segment.address();
        }

        @Override
        public ByteBuffer buffer()
        {
            return segment.buffer();
        }

        @Override
        public void release()
        {
            if (!discarded.offer(segment))
            {
                segment.release();
            }

            onWork.run();
        }
    }
}
