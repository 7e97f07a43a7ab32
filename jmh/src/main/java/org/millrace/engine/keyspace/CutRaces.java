package org.millrace.engine.keyspace;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The cut: the writer pushes references and changes what they stand for, the snapshotter pops them and reads the
 * entries. Each key of the cut comes once, as it was; an entry that is queued is not used again.
 */
public final class CutRaces
{
    private static final long SEED = 42;
    private static final int KEY_LENGTH = 12;
    private static final int KEYS = 30;
    private static final int VALUE_LENGTH = 40;
    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int WRONG = -9;
    private static final int WALK = 8;

    /** Each in a bucket of its own, so each in a message of its own. */
    private static final long[] NAMES = new long[KEYS + 1];
    private static final long VALUES = Memory.reserve(4L * VALUE_LENGTH);

    static
    {
        for (int version = 0; version < 4; version++)
        {
            Memory.set(VALUES + (long)version * VALUE_LENGTH, VALUE_LENGTH, (byte)version);
        }

        for (int i = 0; i <= KEYS; i++)
        {
            NAMES[i] = Stage.key(i, 0);
        }
    }

    private CutRaces()
    {
    }

    /** A data set and its cut. */
    static final class World
    {
        final DataSet data = new DataSet(new OffHeap(0), 1, SEED);
        private final StringEditor editor = new StringEditor(data);

        void set(final int key, final int version)
        {
            editor.set(data.keyspace(0), NAMES[key], KEY_LENGTH, VALUES + (long)version * VALUE_LENGTH, VALUE_LENGTH,
                Entry.NO_DEADLINE);
        }

        void setAll(final int version)
        {
            for (int i = 0; i < KEYS; i++)
            {
                set(i, version);
            }
        }

        void walkToTheEnd()
        {
            while (data.cut().isRunning())
            {
                data.cut().walk(WALK);
            }
        }

        void clear()
        {
            data.flush(0);
            while (data.doWork() > 0)
            {
                Thread.onSpinWait();
            }
        }
    }

    /** Counts entries of one version, and everything else as wrong. */
    static final class CountingSink implements Cut.Sink
    {
        private final int version;
        private int entries;
        private int ends;
        private boolean isWrong;

        CountingSink(final int version)
        {
            this.version = version;
        }

        @Override
        public void onDatabase(final int index, final long keys, final long volatileKeys)
        {
            isWrong |= KEYS != keys;
        }

        @Override
        public boolean onEntry(final long entry)
        {
            entries++;
            isWrong |= VALUE_LENGTH != StringValue.length(entry) ||
                !Memory.equal(StringValue.content(entry), VALUES + (long)version * VALUE_LENGTH, VALUE_LENGTH);
            return true;
        }

        @Override
        public void onEnd()
        {
            ends++;
        }

        int entries()
        {
            return isWrong ? WRONG : entries;
        }

        int ends()
        {
            return ends;
        }
    }

    /** Every key is overwritten, one removed, and memory used again, while the snapshotter pops. */
    @JCStressTest
    @Outcome(id = KEYS + ", 1", expect = ACCEPTABLE, desc = "Each key once with its old value, and one end.")
    @State
    public static class Change
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();
        private final CountingSink sink = new CountingSink(OLD);

        public Change()
        {
            world.setAll(OLD);
            world.data.cut().begin();
        }

        @Actor
        public void write()
        {
            world.set(0, NEW);
            world.data.cut().walk(WALK);
            world.setAll(NEW);
            world.data.keyspace(0).remove(NAMES[1], KEY_LENGTH);
            world.data.doWork();
            world.set(KEYS, NEW);
            world.setAll(NEW + 1);
            world.data.doWork();
            world.walkToTheEnd();
            world.data.doWork();
            world.setAll(NEW);
        }

        @Actor
        public void drain()
        {
            for (int i = 0; i < KEYS; i++)
            {
                world.data.cut().drain(sink, 1);
            }
        }

        @Arbiter
        public void end(final II_Result r)
        {
            while (world.data.cut().drain(sink, KEYS) > 0)
            {
                Thread.onSpinWait();
            }

            r.r1 = sink.entries();
            r.r2 = sink.ends();
            world.clear();
            WORLDS.give(world);
        }
    }

    /** A cut is aborted while it is popped; what is left of it in the ring is no part of the next one. */
    @JCStressTest
    @Outcome(id = KEYS + ", 1", expect = ACCEPTABLE, desc = "The second cut has each key once with its new value.")
    @State
    public static class Abort
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();
        private final CountingSink aborted = new CountingSink(OLD);

        public Abort()
        {
            world.setAll(OLD);
            world.data.cut().begin();
        }

        @Actor
        public void write()
        {
            world.set(0, NEW);
            world.data.cut().abort();
            world.setAll(NEW);
            world.data.doWork();
            world.walkToTheEnd();
        }

        @Actor
        public void drain()
        {
            for (int i = 0; i < 8; i++)
            {
                world.data.cut().drain(aborted, 2);
            }
        }

        @Arbiter
        public void end(final II_Result r)
        {
            final boolean isWrong = WRONG == aborted.entries() || aborted.entries() > KEYS || aborted.ends() > 0;
            final CountingSink sink = new CountingSink(NEW);
            world.data.cut().begin();
            world.walkToTheEnd();
            while (world.data.cut().drain(sink, KEYS) > 0)
            {
                Thread.onSpinWait();
            }

            r.r1 = isWrong ? WRONG : sink.entries();
            r.r2 = sink.ends();
            world.clear();
            WORLDS.give(world);
        }
    }
}
