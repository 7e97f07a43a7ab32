package org.millrace.engine.command;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The gate before the reads of reader threads. What it guards is two plain numbers here, which are weaker than the data
 * set's stores and loads. A read that does not count gives -1.
 */
public final class ReadGateRaces
{
    private static final int DOES_NOT_COUNT = -1;

    private ReadGateRaces()
    {
    }

    /** An open gate and what it guards. */
    public abstract static class Guarded
    {
        final ReadGate gate = new ReadGate();
        int one;
        int other;

        Guarded()
        {
            gate.on();
            gate.set(0, ReadGate.NOT_SERVING);
        }

        /** Both numbers, the second one first, as a reader thread reads. */
        final void read(final II_Result r)
        {
            final long taken = gate.take();
            final int second = ReadGate.isOpen(taken) ? other : DOES_NOT_COUNT;
            final int first = ReadGate.isOpen(taken) ? one : DOES_NOT_COUNT;
            final boolean counts = gate.isSame(taken);
            r.r1 = counts ? first : DOES_NOT_COUNT;
            r.r2 = counts ? second : DOES_NOT_COUNT;
        }
    }

    /** A command that changes two things: seen before it or after it, never within. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Read before the unit.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Read after the unit.")
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "The read met the unit and does not count.")
    @State
    public static class Unit extends Guarded
    {
        @Actor
        public void write()
        {
            gate.beginUnit();
            one = 1;
            other = 1;
            gate.endUnit();
        }

        @Actor
        public void reads(final II_Result r)
        {
            read(r);
        }
    }

    /** Two units one after the other, the second within another one: what was read is of one time. */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 1", "2, 2"}, expect = ACCEPTABLE, desc = "Read between units.")
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "The read met a unit and does not count.")
    @State
    public static class Units extends Guarded
    {
        @Actor
        public void write()
        {
            gate.beginUnit();
            one = 1;
            other = 1;
            gate.endUnit();
            gate.beginUnit();
            gate.beginUnit();
            one = 2;
            gate.endUnit();
            other = 2;
            gate.endUnit();
        }

        @Actor
        public void reads(final II_Result r)
        {
            read(r);
        }
    }

    /** The node stops to serve and then changes its data: nothing of that is served. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Read before the gate was closed.")
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "Closed.")
    @State
    public static class Close extends Guarded
    {
        @Actor
        public void write()
        {
            gate.set(ReadGate.LOADING, ReadGate.LOADING);
            one = 1;
            other = 1;
        }

        @Actor
        public void reads(final II_Result r)
        {
            read(r);
        }
    }

    /** It serves again, for one reason after another: what was changed meanwhile is seen. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Read after the gate was opened.")
    @Outcome(id = "-1, -1", expect = ACCEPTABLE, desc = "Still closed, or opened meanwhile.")
    @State
    public static class Open extends Guarded
    {
        public Open()
        {
            gate.set(ReadGate.LOADING | ReadGate.PAUSED, ReadGate.LOADING | ReadGate.PAUSED);
            VarHandle.fullFence();
        }

        @Actor
        public void write()
        {
            one = 1;
            gate.set(0, ReadGate.PAUSED);
            other = 1;
            gate.set(0, ReadGate.LOADING);
        }

        @Actor
        public void reads(final II_Result r)
        {
            read(r);
        }
    }
}
