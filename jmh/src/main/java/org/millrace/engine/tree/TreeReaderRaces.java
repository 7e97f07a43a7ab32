package org.millrace.engine.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Reads of single elements of a tree that the writer changes in place, splits, joins, hands over or gives up; and of the
 * whole behind a pin.
 */
public final class TreeReaderRaces
{
    private TreeReaderRaces()
    {
    }

    /** A field gets a longer value, and so do those beside it, so that it moves within its leaf. */
    @JCStressTest
    @Outcome(id = {"1, 1", "1, 2", "2, 2"}, expect = ACCEPTABLE, desc = "Old or new, never old after new.")
    @State
    public static class Replace
    {
        private static final Pool<RaceHash> WORLDS = new Pool<>(RaceHash::new);

        private final RaceHash world = WORLDS.take();

        public Replace()
        {
            world.putAll(0, RaceHash.FEW, RaceHash.OLD);
        }

        @Actor
        public void write()
        {
            world.putAll(0, RaceHash.FEW, RaceHash.NEW);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = world.read(RaceHash.FEW / 2);
            r.r2 = world.read(RaceHash.FEW / 2);
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** One field stays; others are taken out and put in again, so that elements move over one another. */
    @JCStressTest
    @Outcome(id = {"1, 0", "1, 1", "1, 2"}, expect = ACCEPTABLE, desc = "The one is found, the other is there or not.")
    @State
    public static class Remove
    {
        private static final Pool<RaceHash> WORLDS = new Pool<>(RaceHash::new);

        private final RaceHash world = WORLDS.take();

        public Remove()
        {
            world.putAll(0, RaceHash.FEW, RaceHash.OLD);
        }

        @Actor
        public void write()
        {
            world.remove(1);
            world.remove(2);
            world.put(1, RaceHash.NEW);
            world.put(2, RaceHash.NEW);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = world.read(RaceHash.FEW - 1);
            r.r2 = world.read(1);
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** Leaves are split and a root is put above them; then they are joined, and it is gone. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "What is there all the time is found.")
    @State
    public static class SplitAndJoin
    {
        private static final Pool<RaceHash> WORLDS = new Pool<>(RaceHash::new);

        private final RaceHash world = WORLDS.take();

        public SplitAndJoin()
        {
            world.putAll(0, RaceHash.FEW, RaceHash.OLD);
        }

        @Actor
        public void write()
        {
            world.putAll(RaceHash.FEW, RaceHash.MANY, RaceHash.NEW);
            for (int field = RaceHash.FEW; field < RaceHash.MANY; field++)
            {
                world.remove(field);
            }

            world.epochs.reclaim();
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = world.read(0);
            r.r2 = world.read(RaceHash.FEW - 1);
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** The head is handed over; what then changes is said in the sequence of the new one alone. */
    @JCStressTest
    @Outcome(id = {"1, 1", "1, 2", "2, 2"}, expect = ACCEPTABLE, desc = "Old or new, never old after new.")
    @State
    public static class HandOver
    {
        private static final Pool<RaceHash> WORLDS = new Pool<>(RaceHash::new);

        private final RaceHash world = WORLDS.take();

        public HandOver()
        {
            world.putAll(0, RaceHash.FEW, RaceHash.OLD);
        }

        @Actor
        public void write()
        {
            world.handOver();
            world.putAll(0, RaceHash.FEW, RaceHash.NEW);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = world.read(RaceHash.FEW - 1);
            r.r2 = world.read(RaceHash.FEW - 1);
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** So much is retired that a reader inside is expelled, and nodes are used again for other nodes. */
    @JCStressTest
    @Outcome(id = {"1", "2"}, expect = ACCEPTABLE, desc = "Old or new, whatever became of the nodes.")
    @State
    public static class Expel
    {
        private static final Pool<RaceHash> WORLDS = new Pool<>(RaceHash::new);

        private final RaceHash world = WORLDS.take();

        public Expel()
        {
            world.putAll(0, RaceHash.MANY, RaceHash.OLD);
        }

        @Actor
        public void write()
        {
            changeAll(RaceHash.NEW);
            changeAll(RaceHash.OLD);
            changeAll(RaceHash.NEW);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = world.read(RaceHash.MANY - 1);
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }

        /** A pin of this moment has every node copied. */
        private void changeAll(final int version)
        {
            final long pin = world.pins.open();
            world.putAll(0, RaceHash.MANY, version);
            world.pins.close(pin);
            world.epochs.reclaim();
        }
    }

    /** The front of a list goes, element by element, while its end grows. */
    @JCStressTest
    @Outcome(id = {"1", "2"}, expect = ACCEPTABLE, desc = "What was first at some moment.")
    @State
    public static class PopAndPush
    {
        private static final Pool<RaceHash> WORLDS = new Pool<>(RaceHash::new);

        private final RaceHash world = WORLDS.take();

        public PopAndPush()
        {
            for (int i = 0; i < RaceHash.FEW; i++)
            {
                world.push(RaceHash.OLD);
            }
        }

        @Actor
        public void write()
        {
            for (int i = 0; i < RaceHash.FEW; i++)
            {
                world.push(RaceHash.NEW);
                world.pop();
            }
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = world.readFirst();
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** The whole as it was when a pin was opened, walked while everything changes. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "Every element as it was.")
    @State
    public static class View
    {
        private static final Pool<RaceHash> WORLDS = new Pool<>(RaceHash::new);

        private final RaceHash world = WORLDS.take();
        private final long pin;
        private final long slot;
        private final int root;
        private final long bytes;

        public View()
        {
            world.putAll(0, RaceHash.MANY, RaceHash.OLD);
            pin = world.pins.open();
            slot = world.epochs.open();
            world.epochs.enterToStay(slot);
            root = TreeHead.root(world.head());
            bytes = TreeHead.bytes(world.head());
        }

        @Actor
        public void write()
        {
            world.putAll(0, RaceHash.MANY, RaceHash.NEW);
            for (int field = 0; field < RaceHash.MANY; field += 2)
            {
                world.remove(field);
            }

            world.epochs.reclaim();
            world.putAll(0, RaceHash.MANY, RaceHash.NEW);
        }

        @Actor
        public void read(final I_Result r)
        {
            r.r1 = isAsItWas() ? RaceHash.OLD : RaceHash.WRONG;
        }

        @Arbiter
        public void end()
        {
            Epochs.exit(slot);
            Epochs.close(slot);
            world.pins.close(pin);
            world.clear();
            WORLDS.give(world);
        }

        private boolean isAsItWas()
        {
            final TreeRuns runs = new TreeRuns(world.memory);
            runs.begin(root, RaceHash.MANY);
            long left = bytes;
            while (runs.next())
            {
                final long end = runs.address() + runs.length();
                for (long at = runs.address(); at < end; at += Element.length(at, Node.TWO_STRINGS))
                {
                    final long value = Element.secondString(at);
                    if (RaceHash.OLD_LENGTH != ElementString.textLength(value) || !Memory.equal(
                        ElementString.textAddress(value), RaceHash.value(RaceHash.OLD), RaceHash.OLD_LENGTH))
                    {
                        return false;
                    }
                }

                left -= runs.length();
            }

            return 0 == left;
        }
    }
}
