package org.millrace.engine.keyspace;

import org.agrona.collections.IntArrayList;
import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.Evacuation;
import org.millrace.engine.memory.OffHeap;

/**
 * Moves entries out of slabs that hold little, so that memory which a former time has left in pieces can be used for
 * values of any length again, and gives free regions back. Nearly free while there is nothing to gain. Writer thread.
 *
 * <p>It goes by slabs, not by keys: of each slot in use it asks whether an entry stands there that a database finds by
 * its key in just this place. What is not found so is left alone: nodes of large values, parts of indexes, entries
 * that wait for readers; a slab that holds nothing else serves on. An entry that is moved keeps its key, value, deadline,
 * encoding and access clock; nothing of it is replicated, counted or told to anyone.
 *
 * <p>The sparsest slabs come first, in up to four sweeps, of entries and then of the nodes of large values, see
 * {@link NodeCompactor}; when the last one has left too much behind it rests until there is more to gain.
 */
final class Compactor
{
    /** Free bytes within slabs that are no reason to begin: each size class has a slab that is partly used. */
    private static final long SLACK_MIN = 8L << 20;

    /** Part of the memory in use: more slack than one in BEGIN_PART begins, less than one in END_PART ends. */
    private static final int BEGIN_PART = 10;
    private static final int END_PART = 16;

    /** Occupancy below which a slab is evacuated, by sweep. */
    private static final int[] SWEEPS = {2, 4, 6, 7};

    /** A duty cycle looks at so many slabs, or moves so many entries: some microseconds. */
    private static final int SLABS_STEP = 64;
    private static final int MOVES_STEP = 16;

    /** Moved entries that wait for readers: beyond that moving only costs memory. */
    private static final long RETIRED_MAX = 16L << 20;

    /** So many blocks of a slab that are no entries say that none is: what is there has a length that only nodes have. */
    private static final int PROBES = 8;

    /** Duty cycles of its own after which a slab that was not left is put back into service. */
    private static final int PATIENCE = 4_096;

    /** Free memory that is kept for what comes next. */
    private static final long SPARE_BYTES = 32L << 20;

    /** More has been free for so long before any of it is given back: data often come again that were flushed. */
    private static final long KEEP_MS = 10_000;

    /** One region after another, this far apart. */
    private static final long RELEASE_INTERVAL_MS = 5;

    private static final long NEVER_MS = Long.MAX_VALUE;

    private final DataSet data;
    private final OffHeap memory;
    private final Epochs epochs;
    private final Evacuation evacuation;
    private final NodeCompactor nodes;
    private final int[] refs;

    /** Slabs that were emptied as far as possible, and until when they have time. */
    private final IntArrayList waiting = new IntArrayList();
    private final IntArrayList waitingUntil = new IntArrayList();

    private long slackMin = SLACK_MIN;

    /** What the last time has left: only more than that is worth another one. */
    private long restSlack;
    private boolean isRunning;
    private int sweep;
    private int cursor;
    private int leaving;
    private int refCount;
    private int refIndex;
    private int movedFromSlab;
    private int turn;
    private long releaseAtMs = NEVER_MS;
    private long moved;
    private long skipped;

    Compactor(final DataSet data, final Epochs epochs)
    {
        this.data = data;
        memory = data.memory();
        this.epochs = epochs;
        evacuation = new Evacuation(memory);
        nodes = new NodeCompactor(data, evacuation);
        refs = new int[evacuation.slotsMax()];
    }

    /** Begin with so little to gain. */
    void slackMin(final long bytes)
    {
        slackMin = bytes;
    }

    /** Entries that were moved. */
    long moved()
    {
        return moved;
    }

    /** Nodes of large values that were moved. */
    long nodesMoved()
    {
        return nodes.moved();
    }

    /** Slots in use in which there was nothing to be moved. */
    long skipped()
    {
        return skipped;
    }

    boolean isRunning()
    {
        return isRunning;
    }

    /** A bounded step, between commands and while no cut is under way. @return work count. */
    int doWork(final long steadyMs)
    {
        turn++;
        final int work = endWaiting() + release(steadyMs);
        if (!isRunning && !begin() || epochs.retiredBytes() > RETIRED_MAX)
        {
            return work;
        }

        if (nodes.isRunning())
        {
            moveNodes();
            return work + 1;
        }

        return work + (refIndex < refCount ? move() : search());
    }

    private int release(final long steadyMs)
    {
        if (!evacuation.hasFreeSlabs(SPARE_BYTES))
        {
            releaseAtMs = NEVER_MS;
        }
        else if (NEVER_MS == releaseAtMs)
        {
            releaseAtMs = steadyMs + KEEP_MS;
        }
        else if (steadyMs >= releaseAtMs)
        {
            releaseAtMs = steadyMs + RELEASE_INTERVAL_MS;
            return evacuation.releaseRegion(epochs) ? 1 : 0;
        }

        return 0;
    }

    private boolean begin()
    {
        final long slack = evacuation.slackBytes();
        if (slack < slackMin || slack * BEGIN_PART < memory.heldBytes())
        {
            restSlack = 0;
            return false;
        }

        restSlack = Math.min(restSlack, slack);
        if (slack <= restSlack + restSlack / BEGIN_PART)
        {
            return false;
        }

        isRunning = true;
        sweep = 0;
        cursor = 0;
        return true;
    }

    private int search()
    {
        final int end = Math.min(cursor + SLABS_STEP, evacuation.slabCount());
        while (cursor < end)
        {
            final int number = cursor++;
            if (evacuation.begin(number, SWEEPS[sweep]) && evacuation.isUnderWay(number))
            {
                leaving = number;
                refCount = evacuation.usedRefs(number, refs);
                refIndex = 0;
                movedFromSlab = 0;
                return 1;
            }
        }

        if (cursor >= evacuation.slabCount() && !nodes.begin(SWEEPS[sweep]))
        {
            endSweep();
        }

        return 1;
    }

    /** Entries of the sweep's slabs have been moved: now what hangs on them. */
    private void moveNodes()
    {
        if (!nodes.step())
        {
            giveUp();
        }

        if (!nodes.isRunning())
        {
            final IntArrayList left = nodes.slabs();
            for (int i = 0, size = left.size(); i < size; i++)
            {
                await(left.getInt(i));
            }

            left.clear();
            endSweep();
        }
    }

    /** No memory: later, if at all. */
    private void giveUp()
    {
        isRunning = false;
        restSlack = evacuation.slackBytes();
    }

    private void await(final int number)
    {
        waiting.addInt(number);
        waitingUntil.addInt(turn + PATIENCE);
    }

    private void endSweep()
    {
        cursor = 0;
        sweep++;
        final long slack = evacuation.slackBytes();
        if (slack * END_PART < memory.heldBytes() || slack < slackMin || SWEEPS.length == sweep)
        {
            isRunning = false;
            restSlack = slack;
        }
    }

    private int move()
    {
        // A slab that was left meanwhile may be another's now, or unmapped.
        final int end = Math.min(refIndex + MOVES_STEP, refCount);
        while (refIndex < end && evacuation.isUnderWay(leaving))
        {
            final int result = data.relocate(refs[refIndex]);
            refIndex++;
            if (DataSet.RELOCATED == result)
            {
                moved++;
                movedFromSlab++;
            }
            else if (DataSet.NOT_AN_ENTRY == result)
            {
                skipped++;
            }
            else
            {
                refIndex = refCount;
                giveUp();
            }
        }

        if (!evacuation.isUnderWay(leaving))
        {
            refIndex = refCount;
        }
        else if (0 == movedFromSlab && refIndex >= Math.min(PROBES, refCount))
        {
            refIndex = refCount;
            evacuation.end(leaving);
        }
        else if (refIndex >= refCount)
        {
            await(leaving);
        }

        return 1;
    }

    /** Slabs that hold what cannot be moved, or what readers still look at, serve on after a while. */
    private int endWaiting()
    {
        if (waiting.isEmpty())
        {
            return 0;
        }

        final int number = waiting.getInt(0);
        final boolean isLeft = !evacuation.isUnderWay(number);
        final boolean hasTime = nodes.isRunning() || turn - waitingUntil.getInt(0) < 0;
        if (!isLeft && hasTime && isRunning)
        {
            return 0;
        }

        if (!isLeft)
        {
            evacuation.end(number);
        }

        waiting.removeAt(0);
        waitingUntil.removeAt(0);
        return 1;
    }
}
