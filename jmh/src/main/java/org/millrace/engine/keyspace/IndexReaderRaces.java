package org.millrace.engine.keyspace;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A lock-free reader beside the writer, which moves keys within the index: guests and their homes, the stash, pages that
 * split and merge. A key that was there all the time is never missed.
 */
// States fill their database as they are made, by methods that no subclass changes.
@SuppressWarnings("this-escape")
public final class IndexReaderRaces
{
    private IndexReaderRaces()
    {
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
}
