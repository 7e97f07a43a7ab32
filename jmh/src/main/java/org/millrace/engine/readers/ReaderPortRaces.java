package org.millrace.engine.readers;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.agrona.concurrent.MessageHandler;
import org.millrace.engine.base.ParkFlag;
import org.millrace.engine.memory.Memory;
import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Between a reader thread and the writer: messages each way, and that nobody sleeps while there are some. */
public final class ReaderPortRaces
{
    private static final int LOST = 0;
    private static final int SEEN = 1;
    private static final int WOKEN = 2;

    private ReaderPortRaces()
    {
    }

    /** A port whose threads park by flags, and are not really woken. */
    static final class World
    {
        private static final int CAPACITY = 4096;
        private static final int ROOM_MIN = 1024;
        private static final int LENGTH = 384;
        private static final long BYTES = Memory.reserve(LENGTH);

        final ParkFlag writer = new ParkFlag();
        final ParkFlag reader = new ParkFlag();
        final ReaderPort port;
        private int received;
        private final MessageHandler onMessage = (type, buffer, index, length) -> received++;
        private volatile boolean isWriterWoken;
        private volatile boolean isReaderWoken;

        World()
        {
            port = new ReaderPort(
                () -> isWriterWoken |= writer.isParked(),
                () -> isReaderWoken |= reader.isParked(),
                null,
                CAPACITY,
                ROOM_MIN);
        }

        /** Until no read of a socket would fit any more. */
        void fill()
        {
            while (port.hasUpRoom())
            {
                port.sendUp(HandOver.INPUT, 1, BYTES, LENGTH);
            }
        }

        /** What the writer gets now. */
        int receiveUp()
        {
            received = 0;
            port.receiveUp(onMessage, Integer.MAX_VALUE);
            return received;
        }

        int receiveDown()
        {
            received = 0;
            port.receiveDown(onMessage);
            return received;
        }

        void reset()
        {
            while (receiveUp() + receiveDown() > 0)
            {
                Thread.onSpinWait();
            }

            port.endStall();
            writer.lower();
            reader.lower();
            isWriterWoken = false;
            isReaderWoken = false;
        }
    }

    /** A reader sends and tells once; the writer is about to park. */
    @JCStressTest
    @Outcome(id = {"1, 0", "2, 0"}, expect = ACCEPTABLE, desc = "The writer saw messages when it looked a last time.")
    @Outcome(id = {"0, 2", "1, 2", "2, 2"}, expect = ACCEPTABLE, desc = "The writer is woken.")
    @State
    public static class Announce
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();

        @Actor
        public void read()
        {
            world.port.sendUp(HandOver.WRITABLE, 1, 0, 0);
            world.port.sendUp(HandOver.ENDED, 1, 0, 0);
            world.port.announce();
        }

        @Actor
        public void write(final II_Result r)
        {
            world.writer.raise();
            r.r1 = world.receiveUp();
        }

        @Arbiter
        public void end(final II_Result r)
        {
            r.r2 = world.isWriterWoken ? WOKEN : 0;
            world.reset();
            WORLDS.give(world);
        }
    }

    /** The other way. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The reader saw the message when it looked a last time.")
    @Outcome(id = {"0, 2", "1, 2"}, expect = ACCEPTABLE, desc = "The reader is woken.")
    @State
    public static class Down
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();

        @Actor
        public void write()
        {
            world.port.sendDown(HandOver.READ_ON, 1, 0, 0, 0);
            world.port.wakeReader();
        }

        @Actor
        public void read(final II_Result r)
        {
            world.reader.raise();
            r.r1 = world.receiveDown();
        }

        @Arbiter
        public void end(final II_Result r)
        {
            r.r2 = world.isReaderWoken ? WOKEN : 0;
            world.reset();
            WORLDS.give(world);
        }
    }

    /** The ring to the writer is full, the reader stalls and parks; the writer makes room. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The reader saw the room when it looked a last time.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The reader is woken.")
    @State
    public static class Stall
    {
        private static final Pool<World> WORLDS = new Pool<>(World::new);

        private final World world = WORLDS.take();
        private boolean hasRoom;

        public Stall()
        {
            world.fill();
        }

        @Actor
        public void read()
        {
            // As a reader thread naps: the flag, then a last round of the agent.
            world.reader.raise();
            hasRoom = world.port.endStall();
        }

        @Actor
        public void write()
        {
            // A turn ends at the end of the ring, as the writer's does.
            while (world.receiveUp() > 0)
            {
                Thread.onSpinWait();
            }
        }

        @Arbiter
        public void end(final I_Result r)
        {
            r.r1 = hasRoom ? SEEN : world.isReaderWoken ? WOKEN : LOST;
            world.reset();
            WORLDS.give(world);
        }
    }
}
