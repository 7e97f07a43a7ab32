package org.millrace.engine.backlog;

import java.nio.ByteBuffer;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.Lincheck;
import org.millrace.engine.memory.KeepsMemory;

/** The ring is a queue of bytes with one writer and one reader, whatever it rolls, grows, reuses and releases. */
@KeepsMemory
class BacklogLincheckTest
{
    private static final int SEGMENT_LENGTH = 16;
    private static final int PERIOD = 100;

    @AfterEach
    void giveMemoryBack()
    {
        Ring.closeFormer();
    }

    @Test
    void shouldBeAQueueUnderStress()
    {
        Lincheck.stress(2, Queue.class).check(Ring.class);
    }

    @Test
    void shouldBeAQueueInEveryInterleaving()
    {
        Lincheck.modelChecking(2, Queue.class).check(Ring.class);
    }

    /** The ring under test, with no history but what the reader needs. */
    @Param(name = "length", gen = IntGen.class, conf = "1:40")
    public static class Ring
    {
        /** Gives its memory back when the next one is made: a run has no end at which to do it. */
        private static Ring former;

        private final BacklogRing ring = new BacklogRing(new MemorySegmentStorage(SEGMENT_LENGTH), 1, 1);
        private final BacklogReader reader;

        public Ring()
        {
            closeFormer();
            former = this;
            ring.open();
            reader = ring.openReader(1);
        }

        static void closeFormer()
        {
            if (null != former)
            {
                former.reader.close();
                former.ring.close();
                former = null;
            }
        }

        @Operation(nonParallelGroup = "writer")
        public void append(@Param(name = "length") final int length)
        {
            final byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++)
            {
                bytes[i] = (byte)((ring.writeOffset() + i) % PERIOD);
            }

            ring.put(bytes);
            ring.publish();
        }

        @Operation(nonParallelGroup = "writer")
        public void trim()
        {
            ring.trim();
        }

        /** Up to the end of a segment. @return how many bytes there were, -1 if they were not the right ones. */
        @Operation(nonParallelGroup = "reader")
        public int read(@Param(name = "length") final int lengthMax)
        {
            final ByteBuffer view = reader.next(lengthMax);
            if (null == view)
            {
                return 0;
            }

            final int length = view.remaining();
            for (int i = 0; i < length; i++)
            {
                if (view.get(view.position() + i) != (byte)((reader.nextOffset() + i) % PERIOD))
                {
                    return -1;
                }
            }

            reader.advance(length);
            return length;
        }

        @Operation(nonParallelGroup = "reader")
        public long pending()
        {
            return reader.pending();
        }
    }

    /** What the ring is to be like. */
    public static class Queue
    {
        private int end = 1;
        private int next = 1;

        public void append(final int length)
        {
            end += length;
        }

        public void trim()
        {
        }

        public int read(final int lengthMax)
        {
            final int length = Math.min(Math.min(end - next, lengthMax), SEGMENT_LENGTH - next % SEGMENT_LENGTH);
            next += length;
            return length;
        }

        public long pending()
        {
            return end - next;
        }
    }
}
