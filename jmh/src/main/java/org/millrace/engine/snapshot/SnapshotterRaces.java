package org.millrace.engine.snapshot;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.nio.ByteBuffer;
import org.millrace.engine.counters.SilentLog;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** The writer hands images to the snapshotter, takes them back and aborts them, each on a thread of its own. */
public final class SnapshotterRaces
{
    private static final long SEED = 42;
    private static final int KEYS = 20;
    private static final int KEY_LENGTH = 8;
    private static final int VALUE_LENGTH = 40;
    private static final int OLD = 0xA1;
    private static final int NEW = 0xA2;
    private static final int SLICE_LENGTH = 256;
    private static final int WINDOW_LENGTH = 1024;
    private static final int WRONG = -9;

    /** More than any image takes. */
    private static final int ROUNDS_MAX = 1000;
    private static final SnapshotHeader HEADER = new SnapshotHeader("0".repeat(40), 0, 0, 0, 0, 9, false);

    private SnapshotterRaces()
    {
    }

    /** A data set with its snapshots; the files are on the heap. */
    static final class World
    {
        private final DataSet data = new DataSet(new OffHeap(0), 1, SEED);
        private final Snapshots snapshots = new Snapshots(
            data, Spool::new, new SilentLog(), WINDOW_LENGTH, SLICE_LENGTH).keepMs(0).dedicated(true);
        private final StringEditor editor = new StringEditor(data);
        private final long key = Memory.reserve(KEY_LENGTH);
        private final long value = Memory.reserve(VALUE_LENGTH);

        void setAll(final int version)
        {
            Memory.set(value, VALUE_LENGTH, (byte)version);
            for (int i = 0; i < KEYS; i++)
            {
                Memory.putLong(key, i);
                editor.set(data.keyspace(0), key, KEY_LENGTH, value, VALUE_LENGTH, Entry.NO_DEADLINE);
            }
        }

        /** Writer: one duty cycle. */
        void work()
        {
            snapshots.doWork(0);
            data.doWork();
        }

        /** Arbiter: all agents, until the image is there. @return 1 if it is that of the version. */
        int finish(final Image image, final ImageCursor cursor, final int version)
        {
            int entryBytes = 0;
            int otherBytes = 0;
            for (int round = 0; round < ROUNDS_MAX && !cursor.isAtEnd() && !image.isAborted(); round++)
            {
                work();
                snapshots.snapshotter().doWork();
                for (ByteBuffer view = cursor.next(WINDOW_LENGTH); null != view; view = cursor.next(WINDOW_LENGTH))
                {
                    for (int at = view.position(); at < view.limit(); at++)
                    {
                        final int value = view.get(at) & 0xFF;
                        entryBytes += value == version ? 1 : 0;
                        otherBytes += value == OLD + NEW - version ? 1 : 0;
                    }

                    cursor.advance(view.remaining());
                }
            }

            cursor.close();
            snapshots.abort("over, unless it is complete");
            settle();
            return KEYS * VALUE_LENGTH == entryBytes && 0 == otherBytes && KEYS == image.keysWritten() ? 1 : WRONG;
        }

        void settle()
        {
            while (!snapshots.canBegin())
            {
                work();
                snapshots.snapshotter().doWork();
            }
        }
    }

    /** A spool file on the heap, long enough for the image of one world. */
    static final class Spool implements SpoolFile
    {
        private final byte[] content = new byte[1 << 12];
        private volatile int length;

        @Override
        public boolean append(final ByteBuffer source, final Runnable written)
        {
            final int count = source.remaining();
            source.get(content, length, count);
            length = length + count;
            written.run();
            return true;
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

        @Override
        public boolean isReleased()
        {
            return true;
        }

        @Override
        public void close()
        {
            length = 0;
        }
    }

    /** An image begins after one that was aborted, keys change meanwhile, and it ends. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The image holds each key as it was when it began.")
    @State
    public static class Begin
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();
        private Image image;
        private ImageCursor cursor;

        public Begin()
        {
            world.setAll(OLD);
            world.snapshots.begin(HEADER);
            world.snapshots.abort("not wanted");
            world.settle();
        }

        @Actor
        public void write()
        {
            image = world.snapshots.begin(HEADER);
            cursor = image.openCursor();
            world.setAll(NEW);
            world.work();
            world.setAll(NEW);
            world.work();
        }

        @Actor
        public void snapshot()
        {
            for (int i = 0; i < 12; i++)
            {
                world.snapshots.snapshotter().doWork();
            }
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = world.finish(image, cursor, OLD);
            WORLDS.give(world);
        }
    }

    /** An image is aborted at any moment of its making; the next one begins as soon as it may, and is whole. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The second image holds each key as it was when that one began.")
    @State
    public static class Abort
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();
        private final ImageCursor abortedCursor;

        public Abort()
        {
            world.setAll(OLD);
            abortedCursor = world.snapshots.begin(HEADER).openCursor();
        }

        @Actor
        public void write()
        {
            world.work();
            world.snapshots.abort("not wanted");
            world.setAll(NEW);
            world.work();
        }

        @Actor
        public void snapshot()
        {
            for (int i = 0; i < 8; i++)
            {
                world.snapshots.snapshotter().doWork();
            }
        }

        @Arbiter
        public void end(final I_Result r)
        {
            abortedCursor.close();
            world.settle();
            final Image image = world.snapshots.begin(HEADER);
            final ImageCursor cursor = image.openCursor();
            world.setAll(OLD);
            r.r1 = world.finish(image, cursor, NEW);
            WORLDS.give(world);
        }
    }
}
