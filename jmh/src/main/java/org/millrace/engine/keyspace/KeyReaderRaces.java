package org.millrace.engine.keyspace;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;

import org.millrace.engine.tree.ByteTree;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A lock-free reader beside the writer: each change that the writer makes to entries and databases, while another thread
 * looks a key up. Whatever it meets, a reader returns a whole value that the key had during the read, and never misses a
 * key that was there all the time. What the index does to itself is in {@link IndexReaderRaces}.
 */
// States fill their database as they are made, by methods that no subclass changes.
@SuppressWarnings("this-escape")
public final class KeyReaderRaces
{
    private KeyReaderRaces()
    {
    }

    /** A value is replaced: the reference in the slot is swapped. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both reads came before the swap.")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The swap came between the reads.")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "Both reads came after the swap.")
    @State
    public static class Overwrite extends OnStage
    {
        private static final long KEY = Stage.key(Stage.BUCKET, 0);

        public Overwrite()
        {
            setAll(new long[]{KEY}, 1);
        }

        @Actor
        public void write()
        {
            set(KEY, 2);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = get(KEY);
            r.r2 = get(KEY);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** The value's bytes and the fingerprint are there before the reference is. */
    @JCStressTest
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "Both reads came before the key.")
    @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "The key came between the reads.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both reads came after the key.")
    @State
    public static class Insert extends OnStage
    {
        private static final long KEY = Stage.key(Stage.BUCKET, 0);

        @Actor
        public void write()
        {
            set(KEY, 1);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = get(KEY);
            r.r2 = get(KEY);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** A key goes, its memory becomes another key's entry in the same bucket, of the same fingerprint and length. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Read before it was removed.")
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "Read after it was removed.")
    @State
    public static class Reuse extends OnStage
    {
        private static final long KEY = Stage.key(Stage.BUCKET, 0);
        private static final long TWIN = Stage.twinOf(KEY);

        public Reuse()
        {
            setAll(new long[]{KEY}, 1);
        }

        @Actor
        public void write()
        {
            remove(KEY);
            STAGE.reclaim();
            STAGE.set(database, TWIN, 7, 44);
            remove(TWIN);
            STAGE.reclaim();
            STAGE.set(database, TWIN, 6, 44);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = get(KEY);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            release();
        }
    }

    /** As {@link Reuse}, but the reader is expelled at once, so memory is used again under its eyes. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Read before it was replaced, and not expelled.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "Read after it was replaced, or expelled and read again.")
    @State
    public static class Expel
    {
        private static final Stage STAGE = new Stage(0);
        private static final long KEY = Stage.key(Stage.BUCKET, 0);
        private static final long TWIN = Stage.twinOf(KEY);
        private static final long OTHER = Stage.key(Stage.BUCKET + 1, 0);

        private final int database = STAGE.take();

        public Expel()
        {
            synchronized (STAGE)
            {
                STAGE.set(database, KEY, 1);
            }
        }

        @Actor
        public void write()
        {
            STAGE.set(database, KEY, 2);
            STAGE.reclaim();
            STAGE.set(database, TWIN, 7, 44);
            STAGE.set(database, OTHER, 6, 44);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = STAGE.get(database, KEY);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            STAGE.give(database);
        }
    }

    /** FLUSHDB: the whole index goes and is released piece by piece. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both reads came before the flush.")
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The flush came between the reads.")
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "Both reads came after the flush.")
    @State
    public static class Flush extends OnStage
    {
        private static final long KEY = Stage.key(Stage.BUCKET, 0);

        public Flush()
        {
            setAll(new long[]{KEY}, 1);
        }

        @Actor
        public void write()
        {
            STAGE.data.flush(database);
            while (STAGE.data.doWork() > 0)
            {
                Thread.onSpinWait();
            }
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = get(KEY);
            r.r2 = get(KEY);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** SWAPDB: the roots of two databases change places, one after the other. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "Read before the swap.")
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "Read after the swap.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The swap came between the reads.")
    @Outcome(id = "2, 2", expect = ACCEPTABLE_INTERESTING, desc = "Single keys only: the second root was not there yet.")
    @State
    public static class Swap extends OnStage
    {
        private static final long KEY = Stage.key(Stage.BUCKET, 0);

        private final int other = STAGE.take();

        public Swap()
        {
            synchronized (STAGE)
            {
                STAGE.set(database, KEY, 1);
                STAGE.set(other, KEY, 2);
            }
        }

        @Actor
        public void write()
        {
            STAGE.data.swap(database, other);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = STAGE.get(database, KEY);
            r.r2 = STAGE.get(other, KEY);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            STAGE.give(other);
            release();
        }
    }

    /** A deadline comes and goes, and the access clock moves in place: the value stays. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Always the same value.")
    @State
    public static class DeadlineAndClock extends OnStage
    {
        private static final long KEY = Stage.key(Stage.BUCKET, 0);
        private static final int CLOCK = 0xFF_FFFF;

        public DeadlineAndClock()
        {
            setAll(new long[]{KEY}, 1);
        }

        @Actor
        public void write()
        {
            STAGE.touch(database, KEY, CLOCK);
            STAGE.expireAt(database, KEY, 1L << 40);
            STAGE.touch(database, KEY, 0);
            STAGE.expireAt(database, KEY, Entry.NO_DEADLINE);
            STAGE.reclaim();
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = get(KEY);
            r.r2 = get(KEY);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** A value of two chunks, of which both are replaced in one change, and the old ones used again. */
    @JCStressTest
    @Outcome(id = "11", expect = ACCEPTABLE, desc = "The whole old version.")
    @Outcome(id = "22", expect = ACCEPTABLE, desc = "The whole new version.")
    @State
    public static class LargeValue extends OnStage
    {
        private static final long KEY = Stage.key(Stage.BUCKET, 0);
        private static final long OTHER = Stage.key(Stage.BUCKET, 1);
        private static final int LENGTH = 2 * ByteTree.LEAF_BYTES - 100;

        public LargeValue()
        {
            synchronized (STAGE)
            {
                STAGE.set(database, KEY, 1, LENGTH);
            }
        }

        @Actor
        public void write()
        {
            STAGE.setEnds(database, KEY, 2, LENGTH);
            STAGE.reclaim();
            STAGE.set(database, OTHER, 7, LENGTH);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = STAGE.getEndsOften(database, KEY, LENGTH, 1);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            release();
        }
    }

    /** As {@link LargeValue}, but the reader is expelled in the middle of its copy. */
    @JCStressTest
    @Outcome(id = "11", expect = ACCEPTABLE, desc = "The whole old version, and not expelled.")
    @Outcome(id = "22", expect = ACCEPTABLE, desc = "The whole new version.")
    @State
    public static class LargeValueExpel
    {
        private static final Stage STAGE = new Stage(0);
        private static final long KEY = Stage.key(Stage.BUCKET, 0);
        private static final long OTHER = Stage.key(Stage.BUCKET, 1);
        private static final int LENGTH = 2 * ByteTree.LEAF_BYTES - 100;

        private final int database = STAGE.take();

        public LargeValueExpel()
        {
            synchronized (STAGE)
            {
                STAGE.set(database, KEY, 1, LENGTH);
            }
        }

        @Actor
        public void write()
        {
            STAGE.setEnds(database, KEY, 2, LENGTH);
            STAGE.reclaim();
            STAGE.set(database, OTHER, 7, LENGTH);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = STAGE.getEndsOften(database, KEY, LENGTH, 1);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            STAGE.give(database);
        }
    }
}
