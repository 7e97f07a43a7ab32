package org.millrace.engine.snapshot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import java.nio.ByteBuffer;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;
import org.millrace.engine.memory.Memory;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The spool: the snapshotter adds slices, files them or drops them, and cursors on other threads read along. Every
 * byte says its position, so a cursor that looks at a slice which serves another purpose by now finds out.
 */
public final class ImageRaces
{
    private static final int SLICE_LENGTH = 64;
    private static final int SLICES = 6;
    private static final int SLICES_IN_MEMORY = 2;
    private static final int LENGTH = SLICES * SLICE_LENGTH;
    private static final int VIEW = 40;
    private static final int PERIOD = 251;
    private static final int WRONG = -9;
    private static final SnapshotHeader HEADER = new SnapshotHeader("0".repeat(40), 0, 0, 0, 0, 9, false);

    private ImageRaces()
    {
    }

    /** A spool file on the heap, as long as an image. What is appended waits for another thread, or is there at once. */
    static final class HeapFile implements SpoolFile
    {
        private final byte[] content = new byte[LENGTH];
        private final OneToOneConcurrentArrayQueue<Runnable> tasks = new OneToOneConcurrentArrayQueue<>(2 * SLICES);
        private final boolean isDeferred;
        private volatile int length;

        HeapFile(final boolean isDeferred)
        {
            this.isDeferred = isDeferred;
        }

        @Override
        public boolean append(final ByteBuffer source, final Runnable written)
        {
            final Runnable task = () ->
            {
                final int count = source.remaining();
                source.get(content, length, count);
                length = length + count;
                written.run();
            };
            if (isDeferred)
            {
                tasks.add(task);
            }
            else
            {
                task.run();
            }

            return true;
        }

        /** The other thread. */
        void write()
        {
            final Runnable task = tasks.poll();
            if (null != task)
            {
                task.run();
            }
        }

        @Override
        public long length()
        {
            return length;
        }

        @Override
        public int read(final long position, final ByteBuffer target)
        {
            final int count = target.remaining();
            target.put(content, (int)position, count);
            return count;
        }

        @Override
        public String failure()
        {
            return null;
        }

        /** Nothing to free. */
        @Override
        public boolean isReleased()
        {
            return true;
        }

        @Override
        public void close()
        {
        }

        boolean isWritten()
        {
            return tasks.isEmpty();
        }
    }

    /** One image with one cursor at its beginning. */
    public abstract static class OneCursor
    {
        final SlicePool pool;
        final Image image;
        final HeapFile file;
        final ImageCursor cursor;
        private int placeCount;

        OneCursor(final boolean isServingLateJoiners, final SlicePool pool)
        {
            this(isServingLateJoiners, pool, SLICES_IN_MEMORY, false);
        }

        OneCursor(
            final boolean isServingLateJoiners,
            final SlicePool pool,
            final int slicesInMemory,
            final boolean isDeferred)
        {
            this.pool = pool;
            image = new Image(HEADER, pool, slicesInMemory, isServingLateJoiners);
            file = new HeapFile(isDeferred);
            image.file(file);
            cursor = image.openCursor();
        }

        /** Snapshotter: the next slice, and its bytes are published. */
        final void addSlice(final int index)
        {
            final ImageSlice slice = image.addSlice();
            for (int i = 0; i < SLICE_LENGTH; i++)
            {
                Memory.putByte(slice.address() + i, (byte)((index * SLICE_LENGTH + i) % PERIOD));
            }

            image.publish((index + 1L) * SLICE_LENGTH, index + 1);
        }

        /** Snapshotter: room for one more. */
        final void makeRoom()
        {
            if (!image.hasRoom() && !image.dropOldestIfPassed())
            {
                submit(image.firstInMemory());
                image.oldestIsFiled(placeCount++);
            }
        }

        /** Snapshotter: a slice is to be written to the file. */
        final void submit(final int index)
        {
            final ImageSlice slice = image.slice(index);
            slice.acquire();
            file.append(slice.view(), slice.releaser());
        }

        /** Reader: so many looks. @return the position, or {@link #WRONG}. */
        static int follow(final ImageCursor cursor, final int looks)
        {
            for (int i = 0; i < looks; i++)
            {
                final ByteBuffer view = cursor.next(VIEW);
                if (null != view)
                {
                    final int length = view.remaining();
                    for (int at = 0; at < length; at++)
                    {
                        if (view.get(view.position() + at) != (byte)((cursor.position() + at) % PERIOD))
                        {
                            return WRONG;
                        }
                    }

                    cursor.advance(length);
                }
            }

            return (int)cursor.position();
        }

        /** Arbiter: reads what is left. @return 1 if all went well. */
        final int finish(final int result, final int length)
        {
            final boolean isRight = WRONG != result && length == follow(cursor, 3 * SLICES);
            cursor.close();
            image.letGo();
            return isRight ? 1 : WRONG;
        }
    }

    /** A slow cursor: slices go to the file under its eyes and their memory is used again. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every byte seen was the right one, and in the end all were.")
    @State
    public static class File extends OneCursor
    {
        private static final SlicePool POOL = new SlicePool(SLICE_LENGTH);

        public File()
        {
            super(true, POOL);
        }

        @Actor
        public void write()
        {
            for (int i = 0; i < SLICES; i++)
            {
                makeRoom();
                addSlice(i);
            }

            image.complete();
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = follow(cursor, 2 * SLICES);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = finish(r.r1, LENGTH);
        }
    }

    /** Another thread writes the file, the snapshotter lets go of what has arrived there; the cursor reads it later. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every byte is there, in memory or in the file.")
    @State
    public static class FileBehind extends OneCursor
    {
        private static final SlicePool POOL = new SlicePool(SLICE_LENGTH);

        public FileBehind()
        {
            super(true, POOL, SLICES, true);
        }

        @Actor
        public void write()
        {
            for (int i = 0; i < SLICES; i++)
            {
                addSlice(i);
                submit(i);
                letGoOfFiled();
            }
        }

        @Actor
        public void file()
        {
            for (int i = 0; i < 4 * SLICES; i++)
            {
                file.write();
            }
        }

        @Arbiter
        public void end(final I_Result r)
        {
            letGoOfFiled();
            r.r1 = finish(0, LENGTH);
            while (!file.isWritten())
            {
                file.write();
            }
        }

        private void letGoOfFiled()
        {
            final int filed = (int)(file.length() / SLICE_LENGTH);
            while (image.firstInMemory() < filed)
            {
                image.oldestIsFiled(image.firstInMemory());
            }
        }
    }

    /** Without late joiners: what the cursor has passed is dropped, what it has not is filed. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every byte seen was the right one, and in the end all were.")
    @State
    public static class DropPassed extends OneCursor
    {
        private static final SlicePool POOL = new SlicePool(SLICE_LENGTH);

        public DropPassed()
        {
            super(false, POOL);
        }

        @Actor
        public void write()
        {
            for (int i = 0; i < SLICES; i++)
            {
                makeRoom();
                addSlice(i);
            }

            image.complete();
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = follow(cursor, 4 * SLICES);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = finish(r.r1, LENGTH);
        }
    }

    /** One more reader comes while the first slice, which the others have passed, is about to be dropped. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "It came in time: the slice stayed, and was read.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "It came too late, and was told so.")
    @State
    public static class Join extends OneCursor
    {
        private static final SlicePool POOL = new SlicePool(SLICE_LENGTH);

        private ImageCursor joined;

        public Join()
        {
            super(false, POOL);
            synchronized (POOL)
            {
                addSlice(0);
            }

            follow(cursor, 2);
        }

        @Actor
        public void join()
        {
            joined = image.isJoinable() ? image.tryOpenCursor() : null;
        }

        @Actor
        public void drop(final II_Result r)
        {
            r.r2 = image.dropOldestIfPassed() ? 1 : 0;
        }

        @Arbiter
        public void end(final II_Result r)
        {
            if (null != joined)
            {
                r.r1 = SLICE_LENGTH == follow(joined, 2) ? 1 : WRONG;
                joined.close();
            }

            cursor.close();
            image.letGo();
        }
    }

    /** The last two who hold an image let go of it: memory and file go once. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "All memory is given back.")
    @State
    public static class LetGo extends OneCursor
    {
        public LetGo()
        {
            super(true, new SlicePool(SLICE_LENGTH));
            addSlice(0);
            addSlice(1);
        }

        @Actor
        public void write()
        {
            image.letGo();
        }

        @Actor
        public void read()
        {
            follow(cursor, 1);
            cursor.close();
        }

        @Arbiter
        public void end(final I_Result r)
        {
            pool.trim();
            r.r1 = (int)pool.bytes();
        }
    }

    /** An image goes while the file's thread is at one of its slices. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "All memory is given back.")
    @State
    public static class LetGoBehindFile extends OneCursor
    {
        public LetGoBehindFile()
        {
            super(true, new SlicePool(SLICE_LENGTH), SLICES_IN_MEMORY, true);
            addSlice(0);
            addSlice(1);
            submit(0);
            submit(1);
            cursor.close();
        }

        @Actor
        public void write()
        {
            image.letGo();
        }

        @Actor
        public void file()
        {
            file.write();
            file.write();
        }

        @Arbiter
        public void end(final I_Result r)
        {
            pool.trim();
            r.r1 = (int)pool.bytes();
        }
    }

    /** The writer aborts an image at the moment in which the snapshotter completes it. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "Aborted before the end.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "Aborted after its last byte: readers go by the abort.")
    @State
    public static class AbortAndComplete extends OneCursor
    {
        private static final SlicePool POOL = new SlicePool(SLICE_LENGTH);

        public AbortAndComplete()
        {
            super(true, POOL);
        }

        @Actor
        public void write()
        {
            image.abort("not wanted");
        }

        @Actor
        public void complete()
        {
            addSlice(0);
            if (!image.isAborted())
            {
                image.complete();
            }
        }

        @Arbiter
        public void end(final II_Result r)
        {
            r.r1 = image.isAborted() && null == cursor.next(VIEW) ? 1 : 0;
            r.r2 = image.isComplete() ? 1 : 0;
            cursor.close();
            image.letGo();
        }
    }

    /** The end of the image is told after its last byte: who sees it complete knows its length. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "Not complete yet.")
    @Outcome(id = "64", expect = ACCEPTABLE, desc = "Complete, with all its bytes.")
    @State
    public static class Complete extends OneCursor
    {
        private static final SlicePool POOL = new SlicePool(SLICE_LENGTH);

        public Complete()
        {
            super(true, POOL);
        }

        @Actor
        public void complete()
        {
            addSlice(0);
            image.complete();
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = (int)image.totalLength();
        }

        @Arbiter
        public void end(final I_Result r)
        {
            cursor.close();
            image.letGo();
        }
    }
}
