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
 * A lock-free reader beside the writer: each change that the writer makes to an index, while another thread looks a
 * key up. Whatever it meets, a reader returns a whole value that the key had during the read, and never misses a key
 * that was there all the time.
 */
public final class KeyReaderRaces
{
    private KeyReaderRaces()
    {
    }

    /** A state with a database of its own in a data set that all states of the fork share. */
    public abstract static class OnStage
    {
        static final Stage STAGE = new Stage(64L << 20);

        private static final int READS = 6;

        final int database = STAGE.take();

        final void set(final long key, final int version)
        {
            STAGE.set(database, key, version);
        }

        final void remove(final long key)
        {
            STAGE.remove(database, key);
        }

        final int get(final long key)
        {
            return STAGE.get(database, key);
        }

        /** Of a key that is there all the time: so many reads that one of them meets the change. */
        final int getOften(final long key)
        {
            int result = 1;
            for (int i = 0; i < READS && 1 == result; i++)
            {
                result = get(key);
            }

            return result;
        }

        final void setAll(final long[] keys, final int count)
        {
            synchronized (STAGE)
            {
                for (int i = 0; i < count; i++)
                {
                    set(keys[i], 1);
                }
            }
        }

        final void release()
        {
            STAGE.give(database);
        }
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

    /** A key of the next bucket is moved on to make room there for a guest. */
    @JCStressTest
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The moved key is found, the new one is not there yet.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The moved key is found, and the new one.")
    @State
    public static class Displace extends OnStage
    {
        private static final long[] OWN = Stage.keys(Stage.BUCKET, Bucket.SLOTS + 1);
        private static final long[] NEXT = Stage.keys(Stage.BUCKET + 1, Bucket.SLOTS);

        public Displace()
        {
            setAll(OWN, Bucket.SLOTS);
            setAll(NEXT, Bucket.SLOTS);
        }

        @Actor
        public void write()
        {
            set(OWN[Bucket.SLOTS], 1);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = getOften(NEXT[0]);
            r.r2 = get(OWN[Bucket.SLOTS]);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** A guest is sent back to its home bucket, and made a guest again. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Always found.")
    @State
    public static class SendHome extends OnStage
    {
        private static final long[] BEFORE = Stage.keys(Stage.BUCKET - 1, Bucket.SLOTS + 1);
        private static final long[] OWN = Stage.keys(Stage.BUCKET, Bucket.SLOTS + 1);
        private static final long[] NEXT = Stage.keys(Stage.BUCKET + 1, Bucket.SLOTS + 1);
        private static final long[] FAR = Stage.keys(Stage.BUCKET + 2, Bucket.SLOTS);
        private static final long[] FARTHER = Stage.keys(Stage.BUCKET + 3, Bucket.SLOTS);
        private static final long GUEST = OWN[Bucket.SLOTS];

        public SendHome()
        {
            setAll(BEFORE, Bucket.SLOTS);
            setAll(OWN, Bucket.SLOTS + 1);
            synchronized (STAGE)
            {
                remove(OWN[0]);
            }

            setAll(NEXT, Bucket.SLOTS - 1);
            setAll(FAR, Bucket.SLOTS);
            setAll(FARTHER, Bucket.SLOTS);
        }

        @Actor
        public void write()
        {
            set(NEXT[Bucket.SLOTS], 1);
            remove(NEXT[Bucket.SLOTS]);
            set(BEFORE[Bucket.SLOTS], 1);
            remove(BEFORE[Bucket.SLOTS]);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = getOften(GUEST);
            r.r2 = getOften(GUEST);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** One key of the stash goes and another comes, while a third is there all the time. */
    @JCStressTest
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "The third key is found, the new one is not there yet.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The third key is found, and the new one.")
    @State
    public static class Stash extends OnStage
    {
        private static final int STASHED = 2 * Bucket.SLOTS;
        private static final long[] KEYS = Stage.keys(Stage.BUCKET, STASHED + 4);

        public Stash()
        {
            setAll(KEYS, STASHED + 3);
        }

        @Actor
        public void write()
        {
            remove(KEYS[STASHED]);
            remove(KEYS[STASHED + 1]);
            set(KEYS[STASHED + 3], 1);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = getOften(KEYS[STASHED + 2]);
            r.r2 = get(KEYS[STASHED + 3]);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** Keys that no split parts, in a stash of many groups: a group empties, is unlinked and its memory used again. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The key before and the key behind the group are found.")
    @State
    public static class StashGroup extends OnStage
    {
        private static final int ALIKE = 19;
        private static final int DEPTH = 12;
        private static final int FIRST_GROUP = 2 * Bucket.SLOTS + Page.STASH_SLOTS;
        private static final int COUNT = FIRST_GROUP + Page.STASH_SLOTS + 1;

        /** Of a value whose entry takes as much memory as a group. */
        private static final int GROUP_LIKE = Page.GROUP_LENGTH - 21;
        private static final long[] KEYS = Stage.keysOfPrefix(5, ALIKE, COUNT + 1);

        /** They fill the page beside, so that the two are not merged. */
        private static final long[] BESIDE = Stage.keysOfPrefix(5 >>> ALIKE - DEPTH ^ 1, DEPTH,
            PageSplitter.MERGE_COUNT_MAX - Page.STASH_SLOTS);

        public StashGroup()
        {
            setAll(KEYS, COUNT);
            setAll(BESIDE, BESIDE.length);
            synchronized (STAGE)
            {
                for (int i = FIRST_GROUP; i < COUNT - 2; i++)
                {
                    remove(KEYS[i]);
                }
            }
        }

        @Actor
        public void write()
        {
            remove(KEYS[COUNT - 2]);
            STAGE.reclaim();
            STAGE.set(database, KEYS[FIRST_GROUP], 7, GROUP_LIKE);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = getOften(KEYS[COUNT - 1]);
            r.r2 = getOften(KEYS[FIRST_GROUP - 1]);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** The only page is full: the directory doubles, two pages take the place of one, its memory is reused. */
    @JCStressTest
    @Outcome(id = "1, -1", expect = ACCEPTABLE, desc = "An old key is found, the new one is not there yet.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "An old key is found, and the new one.")
    @State
    public static class SplitAndDouble extends OnStage
    {
        private static final int FULL = 2 * Bucket.SLOTS + Page.STASH_SLOTS;
        private static final long[] KEYS = Stage.keys(Stage.BUCKET, FULL + 1);

        public SplitAndDouble()
        {
            setAll(KEYS, FULL);
        }

        @Actor
        public void write()
        {
            set(KEYS[FULL], 1);
            STAGE.reclaim();
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = getOften(KEYS[FULL - 1]);
            r.r2 = get(KEYS[FULL]);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** A page splits whose directory is deep enough; the keys of the other half are not touched. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Keys of both halves are always found.")
    @State
    public static class Split extends OnStage
    {
        private static final int FULL = 2 * Bucket.SLOTS + Page.STASH_SLOTS;
        private static final int ALIKE = 8;
        private static final int LOW = 2 * FULL + 1;
        private static final long[] LOW_KEYS = Stage.keysOfPrefix(Stage.BUCKET, ALIKE, LOW);
        private static final long[] HIGH_KEYS = Stage.keysOfPrefix(0x80 + Stage.BUCKET, ALIKE, FULL + 1);

        public Split()
        {
            setAll(LOW_KEYS, LOW);
            setAll(HIGH_KEYS, FULL);
        }

        @Actor
        public void write()
        {
            set(HIGH_KEYS[FULL], 1);
            STAGE.reclaim();
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = getOften(HIGH_KEYS[FULL - 1]);
            r.r2 = getOften(LOW_KEYS[0]);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
        }
    }

    /** Keys go until two sparse pages are merged and the directory is halved. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "What was not removed is always found.")
    @State
    public static class MergeAndHalve extends OnStage
    {
        private static final int FULL = 2 * Bucket.SLOTS + Page.STASH_SLOTS;
        private static final long[] KEYS = Stage.keys(Stage.BUCKET, FULL + 1);

        public MergeAndHalve()
        {
            setAll(KEYS, FULL + 1);
        }

        @Actor
        public void write()
        {
            for (int i = 2; i < 2 + 16; i++)
            {
                remove(KEYS[i]);
            }

            STAGE.reclaim();
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = getOften(KEYS[0]);
            r.r2 = getOften(KEYS[FULL]);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            release();
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
