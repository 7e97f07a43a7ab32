package org.millrace.engine.keyspace;

import java.util.Arrays;
import org.agrona.collections.IntArrayList;
import org.millrace.engine.memory.Evacuation;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.NodeStore;
import org.millrace.engine.tree.TreeMover;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueLayout;

/**
 * Moves what hangs on large values out of slabs that hold little: one sweep at a time, for {@link Compactor}, after that
 * has moved the entries out of them. A node does not know who refers to it, so all sparse slabs are emptied together,
 * and then all large values are walked: the walk costs the same for one slab and for all.
 * <pre>
 *   COUNT    free slots of each size class
 *   CHOOSE   slabs leave, as long as the free slots of the others of their class can take what they hold
 *   WALK     keyspaces, their buckets in the order of hashes, their large values in the order of addresses
 * </pre>
 * Between two steps anything may happen to keys and values: then something may be left out, and stays for the next
 * sweep. Writer thread.
 */
final class NodeCompactor implements EntryVisitor
{
    /** Nodes that take less of the memory than one in so many parts are not worth a walk over all keys. */
    private static final int WORTH_PART = 16;

    /** A step looks at so many slabs, or at the keys of so many buckets: some microseconds. */
    private static final int SLABS_STEP = 128;
    private static final int BUCKETS_STEP = 16;

    private enum Phase
    {
        IDLE,
        COUNT,
        CHOOSE,
        WALK
    }

    private final DataSet data;
    private final OffHeap memory;
    private final Evacuation evacuation;
    private final TreeMover mover;

    /** By size class. */
    private final int[] freeSlots;

    /** Slabs that this sweep empties. */
    private final IntArrayList slabs = new IntArrayList();
    private Phase phase = Phase.IDLE;
    private int parts;
    private int cursor;
    private int keyspaceIndex;
    private long bucketCursor;

    /** Values of the bucket before this address are done; the one at it is done as far as to a position. */
    private long address;
    private long position;

    /** The value that is next, 0 if no other of the bucket is large. */
    private long next;
    private long headsMoved;

    NodeCompactor(final DataSet data, final Evacuation evacuation)
    {
        this.data = data;
        this.evacuation = evacuation;
        memory = data.memory();
        mover = new TreeMover(data.entries().nodes(), evacuation);
        freeSlots = new int[evacuation.sizeClasses()];
    }

    /** Nodes that were moved. */
    long moved()
    {
        return mover.moved() + headsMoved;
    }

    boolean isRunning()
    {
        return Phase.IDLE != phase;
    }

    /** Slabs that the last sweep was to empty. What waits for readers is still in them, and what could not be moved. */
    IntArrayList slabs()
    {
        return slabs;
    }

    /** Begin a sweep over slabs that are less full than so many parts. False if there is nothing to gain. */
    boolean begin(final int occupancyParts)
    {
        if (memory.usedBytes(MemoryTag.CHUNK) * WORTH_PART < memory.heldBytes())
        {
            return false;
        }

        parts = occupancyParts;
        Arrays.fill(freeSlots, 0);
        cursor = 0;
        phase = Phase.COUNT;
        return true;
    }

    /** A bounded step. @return false if memory ran out, which ends the sweep. */
    boolean step()
    {
        switch (phase)
        {
            case COUNT -> count();
            case CHOOSE -> choose();
            case WALK -> {
                return walk();
            }
            case IDLE -> {
            }
        }

        return true;
    }

    private void count()
    {
        final int end = Math.min(cursor + SLABS_STEP, evacuation.slabCount());
        for (; cursor < end; cursor++)
        {
            final int sizeClass = evacuation.sizeClass(cursor);
            if (sizeClass >= 0)
            {
                freeSlots[sizeClass] += evacuation.freeSlots(cursor);
            }
        }

        if (cursor >= evacuation.slabCount())
        {
            cursor = 0;
            phase = Phase.CHOOSE;
        }
    }

    private void choose()
    {
        final int end = Math.min(cursor + SLABS_STEP, evacuation.slabCount());
        for (; cursor < end; cursor++)
        {
            final int sizeClass = evacuation.sizeClass(cursor);
            // Its own free slots are among them, and go as well.
            if (sizeClass >= 0 && freeSlots[sizeClass] >= evacuation.slots(sizeClass) &&
                evacuation.begin(cursor, parts))
            {
                freeSlots[sizeClass] -= evacuation.slots(sizeClass);
                slabs.addInt(cursor);
            }
        }

        if (cursor >= evacuation.slabCount())
        {
            keyspaceIndex = 0;
            enterBucket(0);
            phase = slabs.isEmpty() ? Phase.IDLE : Phase.WALK;
        }
    }

    private void enterBucket(final long bucket)
    {
        bucketCursor = bucket;
        address = 0;
        position = 0;
    }

    private boolean walk()
    {
        for (int i = 0; i < BUCKETS_STEP; i++)
        {
            if (keyspaceIndex >= data.used().size())
            {
                phase = Phase.IDLE;
                return true;
            }

            final Keyspace keyspace = data.used().get(keyspaceIndex);
            next = 0;
            final long following = keyspace.scan(bucketCursor, this);
            if (0 != next)
            {
                return moveNext(keyspace);
            }

            enterBucket(following);
            keyspaceIndex += 0 == following ? 1 : 0;
        }

        return true;
    }

    /** Addresses are positive. */
    @Override
    public void onEntry(final Keyspace keyspace, final long entry)
    {
        if (entry >= address && (0 == next || entry < next) &&
            ValueLayout.of(Entry.type(entry)).isLarge(Entry.value(entry)))
        {
            next = entry;
        }
    }

    private boolean moveNext(final Keyspace keyspace)
    {
        final int type = Entry.type(next);
        final long value = Entry.value(next);
        position = next == address ? position : 0;
        address = next;
        position = ValueLayout.of(type).moveNodes(mover, value, position);
        final boolean isDone = TreeMover.DONE == position;
        if (TreeMover.NO_MEMORY == position || isDone && StringLayout.TYPE == type && !moveRoot(keyspace, value))
        {
            phase = Phase.IDLE;
            return false;
        }

        if (isDone)
        {
            address++;
            position = 0;
        }

        return true;
    }

    /** The root of a string goes with its head, since a reader takes the one from the other. False if memory ran out. */
    private boolean moveRoot(final Keyspace keyspace, final long value)
    {
        final int root = StringLayout.root(value);
        if (OffHeap.NULL_REF == root || !evacuation.isLeaving(root))
        {
            return true;
        }

        final NodeStore nodes = data.entries().nodes();
        final int copy = nodes.allocateSame(root);
        if (OffHeap.NULL_REF == copy)
        {
            return false;
        }

        if (!keyspace.putWithRoot(next, copy))
        {
            nodes.free(copy);
            return false;
        }

        nodes.retire(root);
        headsMoved++;
        return true;
    }
}
