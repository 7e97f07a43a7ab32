package org.millrace.engine.replication.primary;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.millrace.engine.base.Clock;
import org.millrace.engine.base.ParkFlag;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.ConnectionHandler;
import org.millrace.engine.transport.Reactor;
import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Between writer and feeder: commands, wake-ups and the numbers of replicas. */
public final class FeederRaces
{
    private static final int LOST = 0;
    private static final int SEEN = 1;
    private static final int WOKEN = 2;
    private static final int AWAKE = 3;
    private static final int ACK_OFFSET = 5;

    private FeederRaces()
    {
    }

    /** The flag by itself, with work that is published as the stream's end is: by a release store. */
    @JCStressTest
    @Outcome(id = {"1, 0", "1, 1", "0, 1"}, expect = ACCEPTABLE, desc = "Who parks saw the work, or who made it wakes.")
    @State
    public static class Park
    {
        private static final VarHandle WORK;

        private final ParkFlag flag = new ParkFlag();
        private int work;

        static
        {
            try
            {
                WORK = MethodHandles.lookup().findVarHandle(Park.class, "work", int.class);
            }
            catch (final ReflectiveOperationException e)
            {
                throw new ExceptionInInitializerError(e);
            }
        }

        @Actor
        public void park(final II_Result r)
        {
            flag.raise();
            r.r1 = (int)WORK.getAcquire(this);
        }

        @Actor
        public void work(final II_Result r)
        {
            WORK.setRelease(this, 1);
            r.r2 = flag.isParked() ? 1 : 0;
        }
    }

    /** A feeder without replicas on a reactor that only remembers that it was woken. */
    static final class World implements Reactor
    {
        final Feeder feeder = new Feeder(null, this, new NoTime(), null, null, null);
        private volatile boolean isWoken;

        @Override
        public Connection connect(
            final String host, final int port, final String bindHost, final ConnectionHandler handler)
        {
            throw new IllegalStateException("no connections here");
        }

        @Override
        public void release(final Connection connection)
        {
            throw new IllegalStateException("no connections here");
        }

        @Override
        public void adopt(final Connection connection, final ConnectionHandler handler)
        {
            throw new IllegalStateException("no connections here");
        }

        @Override
        public void wakeup()
        {
            isWoken = true;
        }
    }

    /** It stands still. */
    private static final class NoTime implements Clock
    {
        @Override
        public long wallMs()
        {
            return 0;
        }

        @Override
        public long wallMicros()
        {
            return 0;
        }

        @Override
        public long monotonicNs()
        {
            return 0;
        }
    }

    /** A command is posted while the feeder parks. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The feeder ran the command before it parked.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The writer woke the feeder.")
    @Outcome(id = "3", expect = ACCEPTABLE, desc = "The feeder did not park.")
    @State
    public static class Post
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();
        private boolean hasRun;
        private boolean isParked;

        @Actor
        public void write()
        {
            world.feeder.post(() -> hasRun = true);
            world.feeder.wakeIfParked();
        }

        @Actor
        public void feed()
        {
            world.feeder.doWork();
            isParked = world.feeder.prepareToPark() > 0;
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = hasRun ? SEEN : world.isWoken ? WOKEN : isParked ? LOST : AWAKE;
            world.feeder.unpark();
            world.feeder.doWork();
            world.isWoken = false;
            WORLDS.give(world);
        }
    }

    /** An ACK arrives: who sees that something has changed sees the ACK. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Looked before the ACK.")
    @Outcome(id = "0, 5", expect = ACCEPTABLE, desc = "The number is there, the sign is still to come.")
    @Outcome(id = "1, 5", expect = ACCEPTABLE, desc = "Looked after the ACK.")
    @State
    public static class Ack
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();
        private final ReplicaStatus status = new ReplicaStatus(1, "", "", 0, "", "", 0, false, false, 0);
        private final long before = world.feeder.changes();

        @Actor
        public void feed()
        {
            status.acknowledged(ACK_OFFSET);
            world.feeder.changed();
        }

        @Actor
        public void write(final II_Result r)
        {
            r.r1 = (int)(world.feeder.changes() - before);
            r.r2 = (int)status.ackOffset();
        }

        @Arbiter
        public void end(final II_Result r)
        {
            WORLDS.give(world);
        }
    }

    /** A replica is closed: who sees the state sees why. */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "Looked before it was closed.")
    @Outcome(id = "0, 4", expect = ACCEPTABLE, desc = "The reason is there, the state is still to come.")
    @Outcome(id = "1, 4", expect = ACCEPTABLE, desc = "Looked after it was closed.")
    @State
    public static class Close
    {
        private final ReplicaStatus status = new ReplicaStatus(1, "", "", 0, "", "", 0, false, false, 0);

        @Actor
        public void feed()
        {
            status.closeReason("gone");
            status.state(ReplicaState.CLOSED);
        }

        @Actor
        public void write(final II_Result r)
        {
            r.r1 = ReplicaState.CLOSED == status.state() ? 1 : 0;
            r.r2 = status.closeReason().length();
        }
    }
}
