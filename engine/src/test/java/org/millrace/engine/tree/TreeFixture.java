package org.millrace.engine.tree;

import java.util.ArrayList;
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
    final long head = Memory.reserve(TreeHead.LENGTH);
    final long scratch = Memory.reserve(SCRATCH_LENGTH);
    final List<View> views = new ArrayList<>();

    TreeFixture(final int granuleShift)
    {
        memory = new OffHeap(1L << 30, granuleShift);
        epochs = new Epochs(memory, 1L << 30);
        nodes = new FailingStore(memory, epochs, pins);
        release = new TreeRelease(nodes);
        copier = new TreeCopier(nodes, release);
        TreeHead.init(head, 0);
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

    /** The tree as it was when this was opened: a pin, an epoch, and what must be there. */
    final class View implements AutoCloseable
    {
        final long pin = pins.open();
        final int root = TreeHead.root(head);
        final long count = TreeHead.count(head);
        final byte[] expected = content(root, count);
        private final long slot = epochs.open();

        View()
        {
            epochs.enterToStay(slot);
        }

        boolean isUnchanged()
        {
            return java.util.Arrays.equals(expected, content(root, count));
        }

        @Override
        public void close()
        {
            pins.close(pin);
            Epochs.exit(slot);
            Epochs.close(slot);
        }
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
        final java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
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
        release.retire(TreeHead.root(head));
        TreeHead.init(head, 0);
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
