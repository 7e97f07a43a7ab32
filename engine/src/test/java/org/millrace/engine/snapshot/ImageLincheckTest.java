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
    private static final int SLICE_LENGTH = 16;
    private static final int SLICES_IN_MEMORY = 1;

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

    /** The image under test: whole slices, each filled with its number. */
    public static class Spool
    {
        private static final SlicePool POOL = new SlicePool(SLICE_LENGTH);

        /** Gives its memory back when the next one is made: a run has no end at which to do it. */
        private static Spool former;

        private final Image image = new Image(
            new SnapshotHeader("0".repeat(40), 0, 0, 0, 0, 9, false), POOL, SLICES_IN_MEMORY, true);
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
                final ImageSlice slice = image.slice(oldest);
                slice.acquire();
                image.file().append(slice.view(), slice.releaser());
                image.oldestIsFiled(oldest);
            }

            Memory.set(image.addSlice().address(), SLICE_LENGTH, (byte)count);
            count++;
            image.publish((long)count * SLICE_LENGTH, count);
        }

        /** @return number of the slice read, -1 if there was none, -2 if it held something else. */
        @Operation(nonParallelGroup = "reader")
        public int read()
        {
            final int index = (int)(cursor.position() / SLICE_LENGTH);
            final ByteBuffer view = cursor.next(SLICE_LENGTH);
            if (null == view)
            {
                return -1;
            }

            boolean isRight = SLICE_LENGTH == view.remaining();
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
