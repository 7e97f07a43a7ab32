package org.millrace.engine.tree;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/** One tree with all that it needs, whose allocations can be made to fail, and which others can look at. */
final class TreeFixture implements AutoCloseable
{
    private static final int SCRATCH_LENGTH = 1 << 20;

    final OffHeap memory;
    final Epochs epochs;
    final Pins pins = new Pins();
    final FailingStore nodes;
    final TreeRelease release;
    final TreeCopier copier;
    final int heads;
    final long head;
    final long scratch = Memory.reserve(SCRATCH_LENGTH);
    final List<View> views = new ArrayList<>();

    TreeFixture(final int granuleShift)
    {
        this(granuleShift, 1);
    }

    /** @param heads of the value, one behind the other. */
    TreeFixture(final int granuleShift, final int heads)
    {
        this.heads = heads;
        head = Memory.reserve(heads * TreeHead.LENGTH);
        memory = new OffHeap(1L << 30, granuleShift);
        epochs = new Epochs(memory, 1L << 30);
        nodes = new FailingStore(memory, epochs, pins);
        release = new TreeRelease(nodes);
        copier = new TreeCopier(nodes, release);
        initHeads();
    }

    private void initHeads()
    {
        for (int i = 0; i < heads; i++)
        {
            TreeHead.init(head + i * TreeHead.LENGTH, 0);
        }
    }

    /** Fails once so many allocations have been made. */
    static final class FailingStore extends NodeStore
    {
        int allocationsLeft = Integer.MAX_VALUE;
        boolean hasFailed;

        FailingStore(final OffHeap memory, final Epochs epochs, final Pins pins)
        {
            super(memory, epochs, pins);
        }

        @Override
        int allocate(final int length)
        {
            if (0 == allocationsLeft)
            {
                hasFailed = true;
                return OffHeap.NULL_REF;
            }

            allocationsLeft--;
            return super.allocate(length);
        }
    }

    /** The trees as they were when this was opened: a pin, an epoch, and what must be there. */
    final class View implements AutoCloseable
    {
        final long pin = pins.open();
        private final int[] roots = new int[heads];
        private final long[] counts = new long[heads];
        private final byte[] expected = contentOfAll();
        private final long slot = epochs.open();

        View()
        {
            epochs.enterToStay(slot);
            for (int i = 0; i < heads; i++)
            {
                roots[i] = TreeHead.root(head + i * TreeHead.LENGTH);
                counts[i] = TreeHead.count(head + i * TreeHead.LENGTH);
            }
        }

        boolean isUnchanged()
        {
            final ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int i = 0; i < heads; i++)
            {
                out.writeBytes(content(roots[i], counts[i]));
            }

            return Arrays.equals(expected, out.toByteArray());
        }

        @Override
        public void close()
        {
            pins.close(pin);
            Epochs.exit(slot);
            Epochs.close(slot);
        }
    }

    /** All bytes that the trees of all heads send out. */
    byte[] contentOfAll()
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < heads; i++)
        {
            out.writeBytes(content(TreeHead.root(head + i * TreeHead.LENGTH),
                TreeHead.count(head + i * TreeHead.LENGTH)));
        }

        return out.toByteArray();
    }

    byte[] content()
    {
        return content(TreeHead.root(head), TreeHead.count(head));
    }

    /** All bytes that a tree sends out. */
    byte[] content(final int root, final long count)
    {
        final TreeRuns runs = new TreeRuns(memory);
        runs.begin(root, count);
        return rest(runs);
    }

    static byte[] rest(final TreeRuns runs)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (runs.next())
        {
            final byte[] run = new byte[(int)runs.length()];
            if (0 != runs.address())
            {
                Memory.copy(runs.address(), run, 0, run.length);
            }

            out.writeBytes(run);
        }

        return out.toByteArray();
    }

    /** Copies bytes to the scratch memory. @return their address. */
    long stage(final byte[] bytes)
    {
        Memory.copy(bytes, 0, scratch, bytes.length);
        return scratch;
    }

    void openView()
    {
        if (views.size() < 12)
        {
            views.add(new View());
        }
    }

    void verify()
    {
        TreeVerifier.verify(nodes, head);
    }

    /** Bytes of blocks that are neither free nor waiting for readers. */
    long usedBytes()
    {
        return memory.usedBytes(MemoryTag.CHUNK) - epochs.retiredBytes();
    }

    /** Free what nobody looks at. */
    void reclaim()
    {
        while (epochs.retiredBytes() > 0 && epochs.reclaim() > 0)
        {
            Thread.onSpinWait();
        }
    }

    /** The tree goes, and with it every byte. @return bytes that are left. */
    long releaseAll()
    {
        views.forEach(View::close);
        views.clear();
        for (int i = 0; i < heads; i++)
        {
            release.retire(TreeHead.root(head + i * TreeHead.LENGTH));
        }

        initHeads();
        release.finish();
        reclaim();
        return memory.usedBytes();
    }

    @Override
    public void close()
    {
        views.forEach(View::close);
        epochs.close();
        memory.close();
        Memory.release(head);
        Memory.release(scratch);
    }
}
