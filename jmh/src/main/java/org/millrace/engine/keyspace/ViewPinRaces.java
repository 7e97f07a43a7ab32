package org.millrace.engine.keyspace;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.millrace.engine.datatype.CollectionView;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Views of a large hash: how a reader gets a pin from the writer and gives it back, and what it sees with it. */
public final class ViewPinRaces
{
    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int WRONG = -9;

    private ViewPinRaces()
    {
    }

    /** A hash of more than a leaf, its writer and one reader. A value is one letter, so often as its version says. */
    static final class World
    {
        private static final int FIELDS = 60;
        private static final int TURNS = 3_000;
        private static final int KEY_LENGTH = 3;
        private static final int FIELD_LENGTH = 8;
        private static final int VALUE_LENGTH = 100;
        private static final long SEED = 42;

        final DataSet data = new DataSet(new OffHeap(0), 1, SEED);
        final ViewPin pin;
        private final KeyReader reader = data.openReader();
        private final ValueView values = new ValueView(reader);
        private final CollectionView elements = new CollectionView(data.memory());
        private final HashValue hash = Values.of(data).hashes();
        private final long key = Memory.reserve(KEY_LENGTH);
        private final long field = Memory.reserve(FIELD_LENGTH);
        private final long text = Memory.reserve(VALUE_LENGTH);

        World()
        {
            pin = reader.pin();
            Memory.set(key, KEY_LENGTH, (byte)'k');
        }

        private HashValue open(final int number)
        {
            Memory.putLong(field, 0x6161_6161_6161_6161L + number * 0x0101L);
            return hash.open(data.keyspace(0), key, KEY_LENGTH, data.keyspace(0).find(key, KEY_LENGTH));
        }

        void putAll(final int version)
        {
            Memory.set(text, VALUE_LENGTH, (byte)('a' + version));
            for (int i = 0; i < FIELDS; i++)
            {
                open(i).put(field, FIELD_LENGTH, text, VALUE_LENGTH - version);
            }
        }

        void removeHalf()
        {
            for (int i = 0; i < FIELDS; i += 2)
            {
                open(i).remove(field, FIELD_LENGTH);
            }
        }

        void removeKey()
        {
            data.keyspace(0).remove(key, KEY_LENGTH);
        }

        void ask()
        {
            pin.ask(0, key, KEY_LENGTH);
        }

        /** Reader: wait for the pin, but not for ever: the writer may have left. */
        boolean isOpenSoon()
        {
            for (int i = 0; i < TURNS && !pin.isOpen(); i++)
            {
                Thread.onSpinWait();
            }

            return pin.isOpen();
        }

        /** Reader: the version of all values, 0 if it got no pin or there is no key, or {@link #WRONG}. */
        int view()
        {
            values.open();
            ask();
            int version = 0;
            if (isOpenSoon())
            {
                version = walk();
                version = version == walk() ? version : WRONG;
                values.close();
                pin.release();
            }
            else
            {
                pin.giveUp();
                values.close();
            }

            return version;
        }

        private int walk()
        {
            elements.begin(values.look(pin.entry()), 0);
            int version = 0;
            int count = 0;
            while (elements.next())
            {
                final int found = Memory.getByte(elements.secondText().address()) - 'a';
                version = 0 == version || version == found ? found : WRONG;
                count++;
            }

            return 0 == count || FIELDS == count ? version : WRONG;
        }

        /** As it was when it was new. @return open pins. */
        int clear()
        {
            pin.serve();
            pin.serve();
            removeKey();
            while (data.doWork() > 0)
            {
                Thread.onSpinWait();
            }

            return (int)data.pins().youngest();
        }
    }

    /** What was asked for is not wanted any more. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "No pin stays open.")
    @State
    public static class GiveUp
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();

        @Actor
        public void write()
        {
            world.pin.serve();
            world.pin.serve();
        }

        @Actor
        public void read()
        {
            world.ask();
            world.pin.giveUp();
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = world.clear();
            WORLDS.give(world);
        }
    }

    /** A pin is let go, and another asked for before the writer knows. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "No pin stays open.")
    @State
    public static class AskAgain
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();

        @Actor
        public void write()
        {
            world.pin.serve();
            world.pin.serve();
            world.pin.serve();
        }

        @Actor
        public void read()
        {
            world.view();
            world.view();
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = world.clear();
            WORLDS.give(world);
        }
    }

    /** The writer gives the pin, then changes every value, splits leaves, joins them, and the key goes. */
    @JCStressTest
    @Outcome(id = {OLD + ", 0", NEW + ", 0", "0, 0"}, expect = ACCEPTABLE, desc = "All of one moment, or no pin.")
    @State
    public static class View
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();

        public View()
        {
            world.putAll(OLD);
        }

        @Actor
        public void write()
        {
            world.pin.serve();
            world.putAll(NEW);
            world.pin.serve();
            world.removeHalf();
            world.putAll(OLD);
            world.removeKey();
            world.data.doWork();
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = world.view();
        }

        @Arbiter
        public void end(final II_Result r)
        {
            r.r2 = world.clear();
            WORLDS.give(world);
        }
    }
}
