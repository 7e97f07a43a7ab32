package org.millrace.engine.tree;

import org.agrona.collections.IntArrayList;
import org.agrona.collections.IntHashSet;
import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;

/**
 * Makes nodes and lets them go. Writer thread, one for a data set.
 *
 * <p>Between {@link #beginVersion} and {@link #commitVersion} or {@link #abortVersion} nothing that was there before
 * changes: what is made is fresh, what is no longer needed is replaced. Commit retires the latter, abort frees the
 * former. So a new version of a value can be made step by step, seen by nobody, and thrown away.
 */
public class NodeStore
{
    private static final MemoryTag TAG = MemoryTag.CHUNK;

    private final OffHeap memory;
    private final Epochs epochs;
    private final Pins pins;

    private long version;
    private long changes;
    private final IntHashSet fresh = new IntHashSet();
    private final IntArrayList replaced = new IntArrayList();

    public NodeStore(final OffHeap memory, final Epochs epochs, final Pins pins)
    {
        this.memory = memory;
        this.epochs = epochs;
        this.pins = pins;
    }

    public OffHeap memory()
    {
        return memory;
    }

    public Pins pins()
    {
        return pins;
    }

    /** Counts nodes that come and go: while it is the same, whoever has found his way to a leaf is still there. */
    long changes()
    {
        return changes;
    }

    /** Any thread: where the node begins. */
    public long address(final int ref)
    {
        return memory.address(ref);
    }

    /** Bytes of the node's block. */
    public int capacity(final int ref)
    {
        return (int)memory.capacity(ref);
    }

    /** True if the node may be changed in place, and so may all above it. */
    public boolean mayChange(final int ref)
    {
        return pins.mayChangeNode(memory.address(ref));
    }

    /**
     * A leaf without content.
     *
     * @param length bytes of the block, header included.
     * @param start where the content is to begin.
     * @return its reference, or {@link OffHeap#NULL_REF}.
     */
    public int allocateLeaf(final int length, final int kind, final int start)
    {
        final int ref = allocate(length);
        if (OffHeap.NULL_REF != ref)
        {
            Node.init(memory.address(ref), 0, kind, pins.stamp(), start);
        }

        return ref;
    }

    /** An inner node without children, or {@link OffHeap#NULL_REF}. */
    int allocateInner(final int level, final int words, final int room)
    {
        final int ref = allocate(InnerNode.lengthOf(room, words));
        if (OffHeap.NULL_REF != ref)
        {
            InnerNode.init(memory.address(ref), level, words, pins.stamp(), room);
        }

        return ref;
    }

    /** A node that is the same, byte by byte, the references in it included, but for its generation. */
    public int allocateSame(final int ref)
    {
        final long from = memory.address(ref);
        final int length = Node.usedLength(from);
        final int copy = allocate(length);
        if (OffHeap.NULL_REF != copy)
        {
            final long to = memory.address(copy);
            Memory.copy(from, to, length);
            Memory.putLong(to, Node.firstWord(pins.stamp(), Node.level(from), Node.kind(from)));
        }

        return copy;
    }

    /** A block for a node. Tests let it fail. */
    int allocate(final int length)
    {
        final int ref = memory.allocate(length, TAG);
        if (OffHeap.NULL_REF == ref)
        {
            return ref;
        }

        memory.extend(ref);
        changes++;
        if (0 != version)
        {
            fresh.add(ref);
        }

        return ref;
    }

    /** Give back a node that nobody else has ever seen. */
    public void free(final int ref)
    {
        changes++;
        if (0 != version)
        {
            fresh.remove(ref);
        }

        memory.free(ref, TAG);
    }

    /** Give back a node that nobody can find any more, once nobody looks at it. */
    public void retire(final int ref)
    {
        changes++;
        if (0 == version)
        {
            epochs.retire(ref, TAG);
        }
        else if (fresh.remove(ref))
        {
            memory.free(ref, TAG);
        }
        else
        {
            replaced.addInt(ref);
        }
    }

    public boolean isInVersion()
    {
        return 0 != version;
    }

    /** From here on nothing that is there changes in place; the changer works on a copy of the head. */
    public void beginVersion()
    {
        Check.that(0 == version, "version begun while one is open: number, fresh", version, fresh.size());
        version = pins.open();
    }

    /** The version's head has been published in the place of the former one's. */
    public void commitVersion()
    {
        endVersion();
        for (int i = 0, size = replaced.size(); i < size; i++)
        {
            epochs.retire(replaced.getInt(i), TAG);
        }

        replaced.clear();
    }

    /** The version is not wanted: nothing of it stays, nothing has changed. */
    public void abortVersion()
    {
        final IntHashSet.IntIterator iterator = fresh.iterator();
        while (iterator.hasNext())
        {
            memory.free(iterator.nextValue(), TAG);
        }

        endVersion();
        replaced.clear();
    }

    private void endVersion()
    {
        Check.that(0 != version, "no version is open: number, fresh", version, fresh.size());
        pins.close(version);
        version = 0;
        fresh.clear();
    }
}
