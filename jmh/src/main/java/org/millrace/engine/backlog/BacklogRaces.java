package org.millrace.engine.backlog;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.nio.ByteBuffer;
import org.millrace.engine.memory.Memory;
import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The ring: the writer appends, publishes, rolls, grows and releases; a reader on another thread follows. Every byte
 * says its offset, so a reader that sees memory before it was written, or after it was used again, finds out.
 */
public final class BacklogRaces
{
    private static final int SEGMENT_LENGTH = 64;
    private static final int PIECE = 48;

    /** The most that is appended in one state. */
    private static final int LENGTH_MAX = 16 * SEGMENT_LENGTH;

    /** Bytes of a long stream that starts anywhere: byte {@code n} is {@code n} modulo this. */
    private static final int PERIOD = 251;

    private static final int WRONG = -9;
    private static final long PATTERN = Memory.reserve(PERIOD + LENGTH_MAX);

    static
    {
        for (int i = 0; i < PERIOD + LENGTH_MAX; i++)
        {
            Memory.putByte(PATTERN + i, (byte)(i % PERIOD));
        }
    }

    private BacklogRaces()
    {
    }

    /** Segments that stay mapped when released, so that a reader that comes too late finds other bytes, no crash. */
    static final class PooledStorage implements SegmentStorage
    {
        private static final Pool<Segment> SEGMENTS = new Pool<>(
            2 + LENGTH_MAX / SEGMENT_LENGTH, () -> new MemorySegmentStorage(SEGMENT_LENGTH).allocate());

        private int live;

        @Override
        public synchronized Segment allocate()
        {
            live++;
            final Segment segment = SEGMENTS.take();
            return new Segment()
            {
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
                    Memory.set(segment.address(), SEGMENT_LENGTH, (byte)WRONG);
                    SEGMENTS.give(segment);
                    released();
                }
            };
        }

        private synchronized void released()
        {
            live--;
        }

        synchronized int live()
        {
            return live;
        }

        @Override
        public int segmentLength()
        {
            return SEGMENT_LENGTH;
        }

        @Override
        public void close()
        {
        }
    }

    /** A ring with one reader at its first byte. */
    public abstract static class OneReader
    {
        final PooledStorage storage = new PooledStorage();
        final BacklogRing ring;
        final BacklogReader reader;
        private final long firstOffset;

        OneReader(final long firstOffset, final long historyBytes)
        {
            this.firstOffset = firstOffset;
            ring = new BacklogRing(storage, firstOffset, historyBytes);
            ring.open();
            reader = ring.openReader(firstOffset);
        }

        /** Writer: append and publish in pieces. */
        final void append(final int length)
        {
            for (int done = 0; done < length; done += PIECE)
            {
                ring.put(PATTERN + ring.writeOffset() % PERIOD, Math.min(PIECE, length - done));
                ring.publish();
            }
        }

        /** Reader: look at what is there, say so often. @return bytes passed, or {@link #WRONG}. */
        final int follow(final int looks)
        {
            for (int i = 0; i < looks; i++)
            {
                final ByteBuffer view = reader.next(PIECE);
                if (null != view)
                {
                    final long offset = reader.nextOffset();
                    final int length = view.remaining();
                    for (int at = 0; at < length; at++)
                    {
                        if (view.get(view.position() + at) != (byte)((offset + at) % PERIOD))
                        {
                            return WRONG;
                        }
                    }

                    reader.advance(length);
                }
            }

            return (int)(reader.nextOffset() - firstOffset);
        }

        /** Arbiter: what had not come in time is there now. @return 1 if all went well. */
        final int end(final int result, final int length)
        {
            final boolean isRight = WRONG != result && length == follow(2 * LENGTH_MAX / PIECE);
            reader.close();
            ring.close();
            return isRight && 0 == storage.live() ? 1 : WRONG;
        }
    }

    /** Within one segment: published bytes are there, others are not seen. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every byte seen was the right one, and in the end all were.")
    @State
    public static class Append extends OneReader
    {
        public Append()
        {
            super(1, LENGTH_MAX);
        }

        @Actor
        public void write()
        {
            append(SEGMENT_LENGTH - 1);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = follow(4);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = end(r.r1, SEGMENT_LENGTH - 1);
        }
    }

    /** The reader lags, so segments are added and the table grows, twice the length it began with. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every byte seen was the right one, and in the end all were.")
    @State
    public static class Grow extends OneReader
    {
        public Grow()
        {
            super(1000, LENGTH_MAX);
        }

        @Actor
        public void write()
        {
            append(LENGTH_MAX);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = follow(12);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = end(r.r1, LENGTH_MAX);
        }
    }

    /** No history is kept: what the reader has passed is written over, what it has not is not. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every byte seen was the right one, and in the end all were.")
    @State
    public static class Recycle extends OneReader
    {
        public Recycle()
        {
            super(1, 1);
        }

        @Actor
        public void write()
        {
            append(LENGTH_MAX);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = follow(40);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = end(r.r1, LENGTH_MAX);
        }
    }

    /** No history is kept: segments below the reader are released by trimming while it goes on. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every byte seen was the right one, and in the end all were.")
    @State
    public static class Trim extends OneReader
    {
        public Trim()
        {
            super(1, 1);
            append(LENGTH_MAX);
        }

        @Actor
        public void write()
        {
            ring.trim();
            ring.trim();
            ring.trim();
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = follow(24);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = end(r.r1, LENGTH_MAX);
        }
    }

    /** A ring is given up while its reader reads on and closes: it goes once, and not before. */
    @JCStressTest
    @Outcome(id = {"0", "1"}, expect = ACCEPTABLE, desc = "The reader was seen closed, or was not yet.")
    @State
    public static class GiveUp
    {
        private final PooledStorage storage = new PooledStorage();
        private final ReplicationStream stream = new ReplicationStream(new ReplicationHistory("0".repeat(40)), 1);
        private final BacklogReader reader;
        private boolean isWrong;

        public GiveUp()
        {
            stream.activate(storage);
            reader = stream.openReader(1);
            stream.ping();
        }

        @Actor
        public void write(final I_Result r)
        {
            stream.deactivate();
            stream.doWork();
            r.r1 = 0 == stream.heldBytes() ? 1 : 0;
        }

        @Actor
        public void read()
        {
            final ByteBuffer view = reader.next(PIECE);
            isWrong = null == view || '*' != view.get(view.position());
            reader.close();
        }

        @Arbiter
        public void end(final I_Result r)
        {
            stream.close();
            r.r1 = isWrong || 0 != storage.live() ? WRONG : r.r1;
        }
    }

    /** Who sees the offset of the stream also finds it in the ring, and never sees it go back. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Both looks came before the unit.")
    @Outcome(id = "0, 14", expect = ACCEPTABLE, desc = "The unit came between the looks.")
    @Outcome(id = "14, 14", expect = ACCEPTABLE, desc = "Both looks came after the unit.")
    @State
    public static class EndOffset
    {
        private final PooledStorage storage = new PooledStorage();
        private final ReplicationStream stream = new ReplicationStream(new ReplicationHistory("0".repeat(40)), 1);
        private final BacklogReader reader;

        public EndOffset()
        {
            stream.activate(storage);
            reader = stream.openReader(1);
        }

        @Actor
        public void write()
        {
            stream.ping();
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = (int)stream.endOffset();
            r.r2 = (int)reader.pending();
        }

        @Arbiter
        public void end(final II_Result r)
        {
            reader.close();
            stream.close();
        }
    }

    /** Segments made ready by one thread and used by another: each has one owner, all come back. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "No segment was handed out twice, none is left.")
    @State
    public static class Prepare
    {
        private static final int READY = 2;

        private final PooledStorage storage = new PooledStorage();
        private final PreparedSegments segments = new PreparedSegments(storage, READY);

        public Prepare()
        {
            segments.warmUp();
        }

        @Actor
        public void write(final I_Result r)
        {
            final Segment first = segments.allocate();
            Memory.putByte(first.address(), (byte)1);
            final Segment second = segments.allocate();
            Memory.putByte(second.address(), (byte)2);
            r.r1 = 1 == Memory.getByte(first.address()) && 2 == Memory.getByte(second.address()) ? 1 : WRONG;
            first.release();
            final Segment third = segments.allocate();
            Memory.putByte(third.address(), (byte)3);
            r.r1 = 2 == Memory.getByte(second.address()) ? r.r1 : WRONG;
            second.release();
            third.release();
        }

        @Actor
        public void prepare()
        {
            for (int i = 0; i < 6; i++)
            {
                segments.doWork();
            }
        }

        @Arbiter
        public void end(final I_Result r)
        {
            segments.close();
            r.r1 = 0 == storage.live() ? r.r1 : WRONG;
        }
    }
}
