package org.millrace.engine.snapshot;

import java.nio.ByteBuffer;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.Lincheck;
import org.millrace.engine.memory.Memory;

/** An image is a queue of bytes with one writer and readers that each see all of it, from memory or from the file. */
class ImageLincheckTest
{
    private static final int SEGMENT_LENGTH = 16;
    private static final int SEGMENTS_IN_MEMORY = 1;

    @AfterEach
    void giveMemoryBack()
    {
        Spool.closeFormer();
    }

    @Test
    void shouldBeAQueueUnderStress()
    {
        Lincheck.stress(2, Queue.class).check(Spool.class);
    }

    @Test
    void shouldBeAQueueInEveryInterleaving()
    {
        Lincheck.modelChecking(2, Queue.class).check(Spool.class);
    }

    /** The image under test: whole segments, each filled with its number. */
    public static class Spool
    {
        private static final SegmentPool POOL = new SegmentPool(SEGMENT_LENGTH);

        /** Gives its memory back when the next one is made: a run has no end at which to do it. */
        private static Spool former;

        private final Image image = new Image(
            new SnapshotHeader("0".repeat(40), 0, 0, 0, 0, 9, false), POOL, SEGMENTS_IN_MEMORY, true);
        private final ImageCursor cursor;
        private int count;

        public Spool()
        {
            closeFormer();
            former = this;
            image.file(new MemorySpoolStorage().create());
            cursor = image.openCursor();
        }

        static void closeFormer()
        {
            if (null != former)
            {
                former.cursor.close();
                former.image.letGo();
                former = null;
            }
        }

        @Operation(nonParallelGroup = "snapshotter")
        public void write()
        {
            if (!image.hasRoom())
            {
                final int oldest = image.firstInMemory();
                final ImageSegment segment = image.segment(oldest);
                segment.acquire();
                image.file().append(segment.view(), segment.releaser());
                image.oldestIsFiled(oldest);
            }

            Memory.set(image.addSegment().address(), SEGMENT_LENGTH, (byte)count);
            count++;
            image.publish((long)count * SEGMENT_LENGTH, count);
        }

        /** @return number of the segment read, -1 if there was none, -2 if it held something else. */
        @Operation(nonParallelGroup = "reader")
        public int read()
        {
            final int index = (int)(cursor.position() / SEGMENT_LENGTH);
            final ByteBuffer view = cursor.next(SEGMENT_LENGTH);
            if (null == view)
            {
                return -1;
            }

            boolean isRight = SEGMENT_LENGTH == view.remaining();
            for (int i = view.position(); i < view.limit(); i++)
            {
                isRight &= index == view.get(i);
            }

            cursor.advance(view.remaining());
            return isRight ? index : -2;
        }
    }

    /** What the image is to be like. */
    public static class Queue
    {
        private int written;
        private int read;

        public void write()
        {
            written++;
        }

        public int read()
        {
            return read < written ? read++ : -1;
        }
    }
}
