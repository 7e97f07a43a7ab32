package org.millrace.engine.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.millrace.races.Pool;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Reclamation: the writer unlinks, retires and uses again what a reader may be looking at. */
public final class EpochsRaces
{
    private static final int LENGTH = 64;
    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int REUSED = 7;
    private static final int NOTHING = 0;
    private static final int EXPELLED = -1;

    private EpochsRaces()
    {
    }

    /** A memory with its epochs, one slot that is open, and one cell through which a block is found. */
    static final class World
    {
        final OffHeap memory = new OffHeap(0);
        final Epochs epochs;
        final long cell = Memory.reserve(Long.BYTES);
        long slot;

        World(final long retiredBytesMax)
        {
            epochs = new Epochs(memory, retiredBytesMax);
            slot = epochs.open();
        }

        void reset()
        {
            Memory.putIntRelease(cell, allocate(OLD));
        }

        /** Writer: a block that says everywhere what it is. */
        int allocate(final int content)
        {
            final int ref = memory.allocate(LENGTH, MemoryTag.ENTRY);
            fill(ref, content);
            return ref;
        }

        void fill(final int ref, final int content)
        {
            Memory.set(memory.address(ref), LENGTH, (byte)content);
        }

        /** Writer: nobody can find the block any more. */
        void unlink(final int successor)
        {
            final int ref = Memory.getInt(cell);
            Memory.putIntRelease(cell, successor);
            epochs.retire(ref, MemoryTag.ENTRY);
        }

        /** Reader, inside: what the block says, or a mixture of what it says. */
        int look()
        {
            final int ref = Memory.getIntAcquire(cell);
            if (OffHeap.NULL_REF == ref)
            {
                return NOTHING;
            }

            final long address = memory.address(ref);
            final long first = Memory.getLong(address);
            final long last = Memory.getLong(address + LENGTH - 8);
            return first == last ? (int)(first & 0xFF) : (int)(first & 0xFF) * 10 + (int)(last & 0xFF);
        }

        /** Arbiter: everything is given back. */
        void clear()
        {
            if (OffHeap.NULL_REF != Memory.getInt(cell))
            {
                unlink(OffHeap.NULL_REF);
            }

            while (epochs.reclaim() > 0)
            {
                Thread.onSpinWait();
            }
        }
    }

    /** A reader that is inside keeps what it may have found. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The reader found the old block, which stayed.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The reader found the new block.")
    @State
    public static class Retire
    {
        private static final Pool<World> WORLDS = new Pool<>(() -> new World(Long.MAX_VALUE));

        private final World world = WORLDS.take();

        public Retire()
        {
            world.reset();
        }

        @Actor
        public void write()
        {
            world.unlink(world.allocate(NEW));
            world.epochs.reclaim();
            world.epochs.reclaim();
            world.memory.free(world.allocate(REUSED), MemoryTag.ENTRY);
        }

        @Actor
        public void read(final I_Result r)
        {
            world.epochs.enter(world.slot);
            r.r1 = world.look();
            Epochs.exit(world.slot);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** Two sections of one reader: leaving the first does not give away what the second finds. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "Both sections found the old block.")
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The second section found the new block.")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "Both sections found the new block.")
    @State
    public static class RetireTwice
    {
        private static final Pool<World> WORLDS = new Pool<>(() -> new World(Long.MAX_VALUE));

        private final World world = WORLDS.take();

        public RetireTwice()
        {
            world.reset();
        }

        @Actor
        public void write()
        {
            world.unlink(world.allocate(NEW));
            world.epochs.reclaim();
            world.memory.free(world.allocate(REUSED), MemoryTag.ENTRY);
            world.epochs.reclaim();
            world.memory.free(world.allocate(REUSED), MemoryTag.ENTRY);
        }

        @Actor
        public void read(final II_Result r)
        {
            world.epochs.enter(world.slot);
            r.r1 = world.look();
            Epochs.exit(world.slot);
            world.epochs.enter(world.slot);
            r.r2 = world.look();
            Epochs.exit(world.slot);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** A reader that is in the way is expelled, and knows it before it goes by what it read. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The old block, and not expelled.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The new block.")
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "Expelled: whatever was read does not count.")
    @State
    public static class Expel
    {
        private static final Pool<World> WORLDS = new Pool<>(() -> new World(0));

        private final World world = WORLDS.take();

        public Expel()
        {
            world.reset();
        }

        @Actor
        public void write()
        {
            world.unlink(world.allocate(NEW));
            world.epochs.reclaim();
            world.memory.free(world.allocate(REUSED), MemoryTag.ENTRY);
        }

        @Actor
        public void read(final I_Result r)
        {
            final long entered = world.epochs.enter(world.slot);
            final int content = world.look();
            r.r1 = Epochs.isValid(world.slot, entered) ? content : EXPELLED;
            Epochs.exit(world.slot);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** A reader that has entered to stay is never expelled: what it looks at in place does not change. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The reader found the old block, which stayed.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The reader found the new block.")
    @State
    public static class Stay
    {
        private static final Pool<World> WORLDS = new Pool<>(() -> new World(0));

        private final World world = WORLDS.take();

        public Stay()
        {
            world.reset();
        }

        @Actor
        public void write()
        {
            world.unlink(world.allocate(NEW));
            world.epochs.reclaim();
            world.epochs.reclaim();
            world.memory.free(world.allocate(REUSED), MemoryTag.ENTRY);
        }

        @Actor
        public void read(final I_Result r)
        {
            world.epochs.enterToStay(world.slot);
            r.r1 = world.look();
            Epochs.exit(world.slot);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            world.clear();
            WORLDS.give(world);
        }
    }

    /** The data goes: whoever enters finds out, or is waited for. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "The reader found it shut.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The reader was inside, and what it looked at stayed.")
    @State
    public static class Shut
    {
        /** Of a world that cannot be opened again, hence one for each state; the memory is shared. */
        private static final OffHeap MEMORY = new OffHeap(0);
        private static final Pool<Integer> BLOCKS = new Pool<>(() -> MEMORY.allocate(LENGTH, MemoryTag.ENTRY));

        private final int block = BLOCKS.take();
        private final Epochs epochs = new Epochs(MEMORY, Long.MAX_VALUE);
        private final long slot = epochs.open();

        public Shut()
        {
            Memory.set(MEMORY.address(block), LENGTH, (byte)OLD);
        }

        @Actor
        public void write()
        {
            epochs.shut();
            if (epochs.isLeft())
            {
                Memory.set(MEMORY.address(block), LENGTH, (byte)REUSED);
            }
        }

        @Actor
        public void read(final I_Result r)
        {
            epochs.enter(slot);
            r.r1 = epochs.isShut() ? NOTHING : Memory.getByte(MEMORY.address(block));
            Epochs.exit(slot);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            Epochs.close(slot);
            epochs.close();
            BLOCKS.give(block);
        }
    }

    /** What was unlinked may be unmapped when nobody is inside: even an expelled reader counts. */
    @JCStressTest
    @Outcome(id = {"0", "1"}, expect = ACCEPTABLE, desc = "Nothing found, or found and still there.")
    @State
    public static class Quiet
    {
        private static final Pool<World> WORLDS = new Pool<>(() -> new World(0));

        private final World world = WORLDS.take();

        public Quiet()
        {
            world.reset();
        }

        @Actor
        public void write()
        {
            final int ref = Memory.getInt(world.cell);
            Memory.putIntRelease(world.cell, OffHeap.NULL_REF);
            if (world.epochs.isQuiet())
            {
                world.fill(ref, REUSED);
            }

            world.memory.free(ref, MemoryTag.ENTRY);
        }

        @Actor
        public void read(final I_Result r)
        {
            world.epochs.enter(world.slot);
            final int ref = Memory.getIntAcquire(world.cell);
            // The writer frees it in any case, and so writes to its first bytes: the last one tells.
            r.r1 = OffHeap.NULL_REF == ref ? NOTHING : Memory.getByte(world.memory.address(ref) + LENGTH - 1);
            Epochs.exit(world.slot);
        }

        @Arbiter
        public void end(final I_Result r)
        {
            WORLDS.give(world);
        }
    }

    /** A reader closes while the writer scans the slots and opens another: no slot is lost or counted twice. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "One slot stays open; when it is closed too, nothing waits.")
    @State
    public static class OpenAndClose
    {
        private static final Pool<World> WORLDS = new Pool<>(() -> new World(Long.MAX_VALUE));

        private final World world = WORLDS.take();
        private long opened;

        public OpenAndClose()
        {
            world.reset();
        }

        @Actor
        public void write()
        {
            world.unlink(OffHeap.NULL_REF);
            world.epochs.reclaim();
            opened = world.epochs.open();
            world.epochs.reclaim();
        }

        @Actor
        public void close()
        {
            Epochs.close(world.slot);
        }

        @Arbiter
        public void end(final II_Result r)
        {
            r.r1 = world.epochs.hasOpenSlots() ? 1 : 0;
            Epochs.close(opened);
            world.clear();
            // Nobody can see it: freed at once.
            world.epochs.retire(world.allocate(OLD), MemoryTag.ENTRY);
            r.r2 = (int)world.epochs.retiredBytes();
            world.slot = world.epochs.open();
            WORLDS.give(world);
        }
    }
}
