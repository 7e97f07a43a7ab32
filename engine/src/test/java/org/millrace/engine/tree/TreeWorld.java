package org.millrace.engine.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * What {@link TreeReaderLincheckTest} runs on: one tree, whose head is handed from block to block, views of it, and a
 * reader a thread. Memory for readers is so short that some are expelled. A value is one letter, so often as its version
 * says: two versions are as long, so that one is written over the other; one lies elsewhere.
 */
final class TreeWorld implements AutoCloseable
{
    static final int VERSIONS = 5;

    /** What a reader finds if it is none of the versions. */
    static final int WRONG = -1;

    static final int LENGTH_MAX = 400;

    private static final int[] LENGTHS = {0, 30, ElementString.INLINE_MAX, ElementString.INLINE_MAX, 120, LENGTH_MAX};
    private static final int RETIRED_BYTES_MAX = 1 << 12;
    private static final int READS = Boolean.getBoolean("millrace.nightly") ? 10 : 100;
    private static final int VIEWS_MAX = 2;
    private static final long HASH_SEED = 42;

    private final OffHeap memory = new OffHeap(0);
    private final Epochs epochs = new Epochs(memory, RETIRED_BYTES_MAX);
    private final Pins pins = new Pins();
    private final NodeStore nodes = new NodeStore(memory, epochs, pins);
    private final TreeRelease release = new TreeRelease(nodes);
    private final ArrayDeque<View> views = new ArrayDeque<>();
    private final long text = Memory.reserve(LENGTH_MAX);
    private final Field field;
    private final Eye[] eyes;
    private volatile long head;
    private int headRef = OffHeap.NULL_REF;

    final Trees trees = new Trees(nodes, release, HASH_SEED);
    final HashTree hash = new HashTree(trees, Node.TWO_STRINGS);
    final ListTree list = new ListTree(trees);

    /** The tree as it was when this was opened. */
    private final class View
    {
        private final long pin = pins.open();
        private final long slot = epochs.open();
        private final int root = TreeHead.root(head);
        private final long count = TreeHead.count(head);
        private final byte[] content = content();

        View()
        {
            epochs.enterToStay(slot);
        }

        boolean isAsItWas()
        {
            return Arrays.equals(content, content());
        }

        private byte[] content()
        {
            final TreeRuns runs = new TreeRuns(memory);
            runs.begin(root, count);
            return TreeFixture.rest(runs);
        }

        void close()
        {
            Epochs.exit(slot);
            Epochs.close(slot);
            pins.close(pin);
        }
    }

    /** What a reading thread has. */
    final class Eye
    {
        final TreeReader reader;
        final Field field = new Field(trees);
        final long target = Memory.reserve(LENGTH_MAX);
        private final long expected = Memory.reserve(LENGTH_MAX);
        private final long slot = epochs.open();

        Eye()
        {
            reader = new TreeReader(memory, slot);
        }

        /** @param read of the tree of this head. @return what it says, in the end. */
        long read(final ToLongFunction<Long> read)
        {
            long result;
            do
            {
                reader.entered(epochs.enter(slot));
                result = read.applyAsLong(head);
                Epochs.exit(slot);
            }
            while (TreeReader.RETRY == result);
            return result;
        }

        /**
         * Read often, so that what reads meets what changes.
         *
         * @param read of the tree of this head, to {@link #target}.
         * @return the version that the last read has found, 0 for none; {@link #WRONG} if any was none of the versions.
         */
        int readVersion(final ToLongFunction<Long> read)
        {
            int version = 0;
            for (int i = 0; i < READS && WRONG != version; i++)
            {
                version = version(read(read));
            }

            return version;
        }

        /** As {@link #readVersion}; true if each of the reads has found this version. */
        boolean isAlways(final int version, final ToLongFunction<Long> read)
        {
            boolean isFound = true;
            for (int i = 0; i < READS && isFound; i++)
            {
                isFound = version == version(read(read));
            }

            return isFound;
        }

        /** Version of the text of such a length that was copied out, 0 for none, or {@link #WRONG}. */
        private int version(final long length)
        {
            if (TreeReader.ABSENT == length)
            {
                return 0;
            }

            final int version = 0 == length ? 0 : Memory.getByte(target) - 'a';
            if (version < 1 || version > VERSIONS || LENGTHS[version] != length)
            {
                return WRONG;
            }

            Memory.set(expected, length, (byte)('a' + version));
            return Memory.equal(target, expected, length) ? version : WRONG;
        }

        void close()
        {
            Epochs.close(slot);
            reader.close();
            field.close();
            Memory.release(target);
            Memory.release(expected);
        }
    }

    /** A number as what is looked for. */
    static final class Field
    {
        private static final int LENGTH = 8;

        private final Member member;
        private final long name = Memory.reserve(LENGTH);

        Field(final Trees trees)
        {
            member = new Member(trees);
        }

        Member of(final int number)
        {
            Memory.putLong(name, 0x6161_6161_6161_6161L + number * 0x0101L);
            member.set(name, LENGTH);
            return member;
        }

        void close()
        {
            member.close();
            Memory.release(name);
        }
    }

    TreeWorld(final int readers)
    {
        field = new Field(trees);
        eyes = new Eye[readers];
        for (int i = 0; i < readers; i++)
        {
            eyes[i] = new Eye();
        }
    }

    Eye eye(final int thread)
    {
        return eyes[thread];
    }

    long head()
    {
        return head;
    }

    /** Level of the root, -1 if there is none. */
    int level()
    {
        final int root = TreeHead.root(head);
        return OffHeap.NULL_REF == root ? -1 : Node.level(memory.address(root));
    }

    static int length(final int version)
    {
        return LENGTHS[version];
    }

    /** Writer: the text of a version, until the next one is asked for. */
    long text(final int version)
    {
        Memory.set(text, LENGTHS[version], (byte)('a' + version));
        return text;
    }

    /** Writer: what a field is looked for by, until the next one is asked for. */
    Member field(final int number)
    {
        return field.of(number);
    }

    /** Writer: as between two units of commands. */
    void tidy()
    {
        release.step(16);
        epochs.reclaim();
    }

    /** Writer: the head moves to another block, as with an entry that is replaced. */
    void handOver()
    {
        final int former = headRef;
        final int ref = memory.allocate(TreeHead.LENGTH, MemoryTag.ENTRY);
        TreeHead.handOver(head, memory.address(ref), pins.stamp());
        headRef = ref;
        head = memory.address(ref);
        epochs.retire(former, MemoryTag.ENTRY);
        tidy();
    }

    /** Writer: what is there now stays for a view, if there are not too many. */
    void openView()
    {
        if (views.size() < VIEWS_MAX)
        {
            views.add(new View());
        }
    }

    /** Writer: the oldest view goes. @return false if the tree was not there as the view had found it. */
    boolean closeView()
    {
        final View view = views.poll();
        if (null == view)
        {
            return true;
        }

        final boolean isAsItWas = view.isAsItWas();
        view.close();
        tidy();
        return isAsItWas;
    }

    /** All goes but the readers, every byte of it; then there is an empty tree. */
    void reset()
    {
        clear();
        headRef = memory.allocate(TreeHead.LENGTH, MemoryTag.ENTRY);
        head = memory.address(headRef);
        TreeHead.init(head, pins.stamp());
    }

    private void clear()
    {
        views.forEach(View::close);
        views.clear();
        if (OffHeap.NULL_REF != headRef)
        {
            release.retire(TreeHead.root(head));
            release.finish();
            epochs.retire(headRef, MemoryTag.ENTRY);
            headRef = OffHeap.NULL_REF;
        }

        while (epochs.retiredBytes() > 0)
        {
            epochs.reclaim();
        }

        assertEquals(0, memory.usedBytes(), "leak");
    }

    @Override
    public void close()
    {
        clear();
        for (final Eye eye : eyes)
        {
            eye.close();
        }

        field.close();
        trees.close();
        epochs.close();
        memory.close();
        Memory.release(text);
    }
}
