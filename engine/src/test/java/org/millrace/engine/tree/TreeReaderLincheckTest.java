package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.ThreadIdGen;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.millrace.engine.Lincheck;

/**
 * Single elements of a tree are linearizable: a writer that changes a hash or a list in place, with leaves that split
 * and join, hands its head over and pins it for views, beside lock-free readers, one a thread. Only under stress: model
 * checking puts what is on the heap back after each run, but not the memory outside it that this tells of.
 */
class TreeReaderLincheckTest
{
    private static final int THREADS = 3;

    /** Before and after the threads run others do. */
    private static final int READERS = THREADS + 3;

    private static TreeWorld world;

    @BeforeEach
    void open()
    {
        world = new TreeWorld(READERS);
    }

    @AfterEach
    void giveMemoryBack()
    {
        world.close();
    }

    @Test
    void shouldBeAHashUnderStress()
    {
        Lincheck.stress(THREADS, Fields.class).check(Hash.class);
    }

    @Test
    void shouldBeAListUnderStress()
    {
        Lincheck.stress(THREADS, Items.class).check(ListOfTexts.class);
    }

    @Test
    void shouldSplitAndJoinLeavesOfAHash()
    {
        final Hash hash = new Hash();
        assertEquals(0, world.level());
        hash.put(0, 2);
        hash.put(1, 2);
        assertEquals(1, world.level());
        hash.remove(0);
        hash.remove(1);
        assertEquals(0, world.level());
    }

    @Test
    void shouldMakeAndGiveUpLeavesOfAList()
    {
        final ListOfTexts list = new ListOfTexts();
        assertEquals(0, world.level());
        list.pushLast(2);
        list.pushLast(2);
        assertEquals(1, world.level());
        list.removeFirst();
        list.removeFirst();
        list.removeFirst();
        assertEquals(0, world.level());
    }

    /** The writer's doings that are none to readers; a run begins with so much that two long values split a leaf. */
    public abstract static class Tree
    {
        static final int FILLERS = 2;
        static final int FILLER_VERSION = 2;

        /** Rounds of all versions, put where nobody looks at them; many runs make up for few. */
        private static final int SHAKES = (Boolean.getBoolean("millrace.nightly") ? 1 : 20) * TreeWorld.VERSIONS;

        /** Put a version where no reader looks at it. */
        abstract void putUnseen(int version);

        /** Changes that no reader may notice, before each operation of the writer, so that it meets readers. */
        final void shake()
        {
            for (int i = 0; i < SHAKES; i++)
            {
                putUnseen(version(i));
            }
        }

        /** The last one is that of a filler. */
        private static int version(final int number)
        {
            return 1 + (number + FILLER_VERSION) % TreeWorld.VERSIONS;
        }

        @Operation(nonParallelGroup = "writer")
        public void handOver()
        {
            for (int i = 0; i < SHAKES; i++)
            {
                world.handOver();
                putUnseen(version(i));
            }
        }

        @Operation(nonParallelGroup = "writer")
        public void openView()
        {
            shake();
            world.openView();
        }

        @Operation(nonParallelGroup = "writer")
        public boolean closeView()
        {
            shake();
            return world.closeView();
        }

        @Operation
        public long count(@Param(gen = ThreadIdGen.class) final int thread)
        {
            final TreeWorld.Eye eye = world.eye(thread);
            return eye.read(eye.reader::count);
        }
    }

    /** What a tree is to be like for all that does not change it. */
    public static class Unchanged
    {
        public void handOver()
        {
        }

        public void openView()
        {
        }

        public boolean closeView()
        {
            return true;
        }
    }

    /** The hash under test. */
    @Param(name = "field", gen = IntGen.class, conf = "0:3")
    @Param(name = "version", gen = IntGen.class, conf = "1:" + TreeWorld.VERSIONS)
    public static class Hash extends Tree
    {
        static final int OWN_FIELDS = 4;

        private static final int UNSEEN_FIELD = OWN_FIELDS;
        private static final int STEADY_FIELD = OWN_FIELDS + 1;

        public Hash()
        {
            world.reset();
            for (int field = OWN_FIELDS; field < OWN_FIELDS + FILLERS; field++)
            {
                set(field, FILLER_VERSION);
            }
        }

        @Operation(nonParallelGroup = "writer")
        public void put(@Param(name = "field") final int field, @Param(name = "version") final int version)
        {
            shake();
            set(field, version);
        }

        private void set(final int field, final int version)
        {
            assertTrue(world.hash.put(world.head(), world.field(field), world.text(version),
                TreeWorld.length(version)) > 0);
            world.tidy();
        }

        @Operation(nonParallelGroup = "writer")
        public boolean remove(@Param(name = "field") final int field)
        {
            shake();
            final boolean wasThere = HashTree.REMOVED == world.hash.remove(world.head(), world.field(field));
            world.tidy();
            return wasThere;
        }

        /** A field that nobody reads gets shorter and longer, so that others move about, also to other leaves. */
        @Override
        void putUnseen(final int version)
        {
            set(UNSEEN_FIELD, version);
        }

        @Operation
        public int value(@Param(gen = ThreadIdGen.class) final int thread, @Param(name = "field") final int field)
        {
            final TreeWorld.Eye eye = world.eye(thread);
            final Member member = eye.field.of(field);
            return eye.readVersion((head) -> eye.reader.value(head, member, eye.target, TreeWorld.LENGTH_MAX));
        }

        /** A field that nobody changes is there all the time. */
        @Operation
        public boolean isSteadyThere(@Param(gen = ThreadIdGen.class) final int thread)
        {
            final TreeWorld.Eye eye = world.eye(thread);
            final Member member = eye.field.of(STEADY_FIELD);
            return eye.isAlways(FILLER_VERSION,
                (head) -> eye.reader.value(head, member, eye.target, TreeWorld.LENGTH_MAX));
        }

        @Operation
        public boolean find(@Param(gen = ThreadIdGen.class) final int thread, @Param(name = "field") final int field)
        {
            final TreeWorld.Eye eye = world.eye(thread);
            final Member member = eye.field.of(field);
            return 0 == eye.read((head) -> eye.reader.find(head, member));
        }
    }

    /** What the hash is to be like. */
    public static class Fields extends Unchanged
    {
        private final int[] versions = new int[Hash.OWN_FIELDS];
        private int count = Tree.FILLERS;

        public void put(final int field, final int version)
        {
            count += 0 == versions[field] ? 1 : 0;
            versions[field] = version;
        }

        public boolean remove(final int field)
        {
            final boolean wasThere = 0 != versions[field];
            count -= wasThere ? 1 : 0;
            versions[field] = 0;
            return wasThere;
        }

        public int value(final int thread, final int field)
        {
            return versions[field];
        }

        public boolean isSteadyThere(final int thread)
        {
            return true;
        }

        public boolean find(final int thread, final int field)
        {
            return 0 != versions[field];
        }

        public long count(final int thread)
        {
            return count;
        }
    }

    /** The list under test. */
    @Param(name = "position", gen = IntGen.class, conf = "1:4")
    @Param(name = "version", gen = IntGen.class, conf = "1:" + TreeWorld.VERSIONS)
    public static class ListOfTexts extends Tree
    {
        public ListOfTexts()
        {
            world.reset();
            for (int i = 0; i < FILLERS; i++)
            {
                pushLast(FILLER_VERSION);
            }
        }

        @Operation(nonParallelGroup = "writer")
        public void pushLast(@Param(name = "version") final int version)
        {
            shake();
            assertTrue(world.list.pushLast(world.head(), world.text(version), TreeWorld.length(version)));
            world.tidy();
        }

        @Operation(nonParallelGroup = "writer")
        public boolean removeFirst()
        {
            shake();
            if (0 == TreeHead.count(world.head()))
            {
                return false;
            }

            assertTrue(world.list.removeFirst(world.head()));
            world.tidy();
            return true;
        }

        @Operation(nonParallelGroup = "writer")
        public boolean set(
            @Param(name = "position") final int position, @Param(name = "version") final int version)
        {
            shake();
            return replace(position, version);
        }

        private boolean replace(final int position, final int version)
        {
            if (position >= TreeHead.count(world.head()))
            {
                return false;
            }

            assertTrue(world.list.set(world.head(), position, world.text(version), TreeWorld.length(version)));
            world.tidy();
            return true;
        }

        /** The first one, which nobody reads, gets shorter and longer, so that those behind it move about. */
        @Override
        void putUnseen(final int version)
        {
            replace(0, version);
        }

        @Operation
        public int at(
            @Param(gen = ThreadIdGen.class) final int thread, @Param(name = "position") final int position)
        {
            final TreeWorld.Eye eye = world.eye(thread);
            return eye.readVersion((head) -> eye.reader.at(head, position, eye.target, TreeWorld.LENGTH_MAX));
        }
    }

    /** What the list is to be like. */
    public static class Items extends Unchanged
    {
        private final List<Integer> versions = new ArrayList<>(
            Collections.nCopies(Tree.FILLERS, Tree.FILLER_VERSION));

        public void pushLast(final int version)
        {
            versions.add(version);
        }

        public boolean removeFirst()
        {
            final boolean wasThere = !versions.isEmpty();
            if (wasThere)
            {
                versions.remove(0);
            }

            return wasThere;
        }

        public boolean set(final int position, final int version)
        {
            final boolean wasThere = position < versions.size();
            if (wasThere)
            {
                versions.set(position, version);
            }

            return wasThere;
        }

        public int at(final int thread, final int position)
        {
            return position < versions.size() ? versions.get(position) : 0;
        }

        public long count(final int thread)
        {
            return versions.size();
        }
    }
}
