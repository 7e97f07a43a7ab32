package org.millrace.engine.tree;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Ranks of a sorted set, whose two trees the writer changes one after the other. */
public final class RankReaderRaces
{
    private RankReaderRaces()
    {
    }

    /** Another member passes, which for a moment has two scores in one of the trees. */
    @JCStressTest
    @Outcome(id = {"1, 1", "1, 0", "0, 0"}, expect = ACCEPTABLE, desc = "Passed or not, and never back.")
    @State
    public static class Pass
    {
        private static final Pool<RaceBoard> WORLDS = new Pool<>(RaceBoard::new);

        private final RaceBoard world = WORLDS.take();

        public Pass()
        {
            world.put(0, 1);
            world.put(1, 2);
            world.put(2, 3);
        }

        @Actor
        public void write()
        {
            world.put(0, 4);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = world.rank(1);
            r.r2 = world.rank(1);
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** The member itself gets another score, and goes. */
    @JCStressTest
    @Outcome(id = {"1, 1", "1, 0", "1, -1", "0, 0", "0, -1",
        "-1, -1"}, expect = ACCEPTABLE, desc = "Second, first, gone.")
    @State
    public static class Rise
    {
        private static final Pool<RaceBoard> WORLDS = new Pool<>(RaceBoard::new);

        private final RaceBoard world = WORLDS.take();

        public Rise()
        {
            world.put(0, 1);
            world.put(1, 2);
            world.put(2, 3);
        }

        @Actor
        public void write()
        {
            world.put(1, 0);
            world.remove(1);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = world.rank(1);
            r.r2 = world.rank(1);
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** Leaves of equal scores split, and then all but the first members go in one piece. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Who is there all the time keeps his place.")
    @State
    public static class SplitAndCut
    {
        private static final Pool<RaceBoard> WORLDS = new Pool<>(RaceBoard::new);

        private final RaceBoard world = WORLDS.take();

        public SplitAndCut()
        {
            world.put(0, 1);
            world.put(1, 1);
        }

        @Actor
        public void write()
        {
            for (int player = 2; player < RaceBoard.MANY; player++)
            {
                world.put(player, 1);
            }

            world.removeRange(2, RaceBoard.MANY);
        }

        @Actor
        public void read(final II_Result r)
        {
            r.r1 = world.rank(0);
            r.r2 = world.rank(1);
        }

        @Arbiter
        public void end()
        {
            world.clear();
            WORLDS.give(world);
        }
    }
}
