package org.millrace.engine.eviction;

import java.util.function.LongSupplier;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.MemoryLimit;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.keyspace.Clearance;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.OffHeap;

/**
 * Keeps what is counted below {@code maxmemory} by deleting keys, for as long at a time as {@code
 * maxmemory-eviction-tenacity} says; what is left to do then goes on in the duty cycle. Writer thread, between two units.
 */
public final class Evictor implements MemoryLimit
{
    /** A cycle of evictions: its name in LATENCY. */
    public static final String CYCLE = "eviction-cycle";

    /** One deletion. */
    public static final String DELETION = "eviction-del";

    /** What was deleted before was given back. */
    public static final String RELEASE = "eviction-lazyfree";

    /** Told how long something took that may have been too long. */
    @FunctionalInterface
    public interface Spikes
    {
        void onSpike(String event, long durationNs);
    }

    /** Keys between two looks at the clock, less one: as in Redis, so that the least tenacity still gets on. */
    private static final int CLOCK_MASK = 15;

    /** What lies in slabs that others cannot use is let grow to this part of the limit, but for small limits. */
    private static final int SCATTERED_PART = 64;
    private static final long SCATTERED_MIN = 1L << 20;

    /** So that memory can be used again, no more keys go than this part of the limit has. */
    private static final int CLEARED_PART = 8;

    /** Steps of giving back what was deleted before one command: some 100 us. */
    private static final int RELEASE_STEPS = 4;

    private static final long NS_PER_MS = 1_000_000;

    /** Per unit of tenacity, up to 10 of it. */
    private static final long NS_PER_TENACITY = 50_000;
    private static final int LINEAR_TENACITY = 10;
    private static final int ENDLESS_TENACITY = 100;
    private static final double TENACITY_BASE = 1.15;

    private final WriterState writer;
    private final Settings settings;
    private final Statistics statistics;
    private final ExecutionState state;
    private final Clock clock;
    private final Spikes spikes;
    private final LongSupplier clientBytes;
    private final KeyChooser chooser;
    private final Clearance.Rule alike;
    private Keyspace keyspace;
    private long entry;
    private boolean isUnfinished;

    /** @param clientBytes what the buffers of clients take, which counts as data. */
    public Evictor(
        final WriterState writer,
        final ExecutionState state,
        final Clock clock,
        final Spikes spikes,
        final LongSupplier clientBytes)
    {
        this.writer = writer;
        settings = writer.settings();
        statistics = writer.statistics();
        this.state = state;
        this.clock = clock;
        this.spikes = spikes;
        this.clientBytes = clientBytes;
        chooser = new KeyChooser(writer);
        alike = chooser::isAlike;
    }

    @Override
    public boolean makeRoom()
    {
        final long limit = settings.maxMemory;
        if (limit <= 0 || !mayEvict())
        {
            // As if nothing were the matter: neither counted nor looked at again.
            isUnfinished = false;
            return true;
        }

        final long forData = limit - clientBytes.getAsLong();
        if (writer.data().memory().usedBytes() > forData)
        {
            release(forData);
        }

        return isOver(limit) || isScattered(limit) ? evict(limit) : end(true);
    }

    /** In each duty cycle: go on where time was over, and see to what grows without a command. @return work count. */
    public int doWork()
    {
        if (settings.clock.isKept())
        {
            writer.data().takeUses(writer.nowMs(), writer.random());
        }

        final long before = statistics.evictedKeys;
        makeRoom();
        return isUnfinished ? 1 : (int)(statistics.evictedKeys - before);
    }

    /** A replica is what its primary is; and while clients are paused, or data loaded, nothing is to change. */
    private boolean mayEvict()
    {
        return !state.isLoading && !state.isAsyncLoading && !state.isWritePaused(writer.steadyMs()) &&
            !(settings.replicaIgnoresMaxMemory && writer.role().isReplica());
    }

    private boolean isOver(final long limit)
    {
        return writer.data().liveBytes() + clientBytes.getAsLong() > limit;
    }

    /** What is free lies in slabs that hold something, so that only values of the same length could have it. */
    private boolean isScattered(final long limit)
    {
        final DataSet data = writer.data();
        final OffHeap memory = data.memory();
        final long live = data.liveBytes();
        final long forData = limit - clientBytes.getAsLong();
        final long most = forData + Math.max(limit / SCATTERED_PART, SCATTERED_MIN);
        // What costs more to find out comes last.
        return live + memory.heldBytes() - memory.usedBytes() > most && live > forData - limit / CLEARED_PART &&
            live + memory.scatteredBytes() > most && chooser.hasAlike();
    }

    /** What was deleted takes room until it is given back, which must keep pace with what comes. */
    private void release(final long limit)
    {
        final DataSet data = writer.data();
        final long startNs = startNs();
        for (int i = 0; i < RELEASE_STEPS && data.memory().usedBytes() > limit && data.releaseSome(); i++)
        {
            // One step at a time.
        }

        tell(RELEASE, startNs);
    }

    private boolean evict(final long limit)
    {
        final long startNs = clock.monotonicNs();
        final long budgetNs = budgetNs(settings.evictionTenacity);
        boolean isOver = isOver(limit);
        boolean isScattered = isScattered(limit);
        boolean isInTime = true;
        for (int keys = 1; (isOver || isScattered) && isInTime && choose(isScattered); keys++)
        {
            final long deletionNs = startNs();
            writer.evict(keyspace, entry);
            tell(DELETION, deletionNs);
            isOver = isOver(limit);
            isScattered = isScattered(limit);
            isInTime = 0 != (keys & CLOCK_MASK) || clock.monotonicNs() - startNs <= budgetNs;
        }

        tell(CYCLE, startNs);
        isUnfinished = (isOver || isScattered) && !isInTime;
        if (isOver && isUnfinished)
        {
            exceeded();
            return true;
        }

        return isUnfinished || end(!isOver);
    }

    /** The next key to go: one of the slab that is being cleared, else the best there is, whose slab is cleared if need be. */
    private boolean choose(final boolean isScattered)
    {
        final Clearance clearance = writer.data().clearance();
        if (clearance.isUnderWay())
        {
            if (chooser.hasAlike() && clearance.next(alike))
            {
                keyspace = clearance.keyspace();
                entry = clearance.entry();
                return true;
            }

            clearance.end();
        }

        if (!chooser.choose())
        {
            return false;
        }

        keyspace = chooser.keyspace();
        entry = chooser.entry();
        if (isScattered)
        {
            chooser.chooseAlike();
            clearance.begin(keyspace, entry);
        }

        return true;
    }

    /** @param hasRoom else there is nothing more that may go. */
    private boolean end(final boolean hasRoom)
    {
        isUnfinished = false;
        if (!hasRoom)
        {
            exceeded();
        }
        else if (0 != statistics.evictionExceededSinceNs)
        {
            statistics.evictionExceededNs += clock.monotonicNs() - statistics.evictionExceededSinceNs;
            statistics.evictionExceededSinceNs = 0;
        }

        return hasRoom;
    }

    private void exceeded()
    {
        if (0 == statistics.evictionExceededSinceNs)
        {
            statistics.evictionExceededSinceNs = clock.monotonicNs();
        }
    }

    private long startNs()
    {
        return 0 == settings.latencyMs ? 0 : clock.monotonicNs();
    }

    private void tell(final String event, final long startNs)
    {
        if (settings.latencyMs > 0)
        {
            final long durationNs = clock.monotonicNs() - startNs;
            if (durationNs >= settings.latencyMs * NS_PER_MS)
            {
                spikes.onSpike(event, durationNs);
            }
        }
    }

    /** Redis's scale: linear up to half a millisecond at 10, which is the default, then 15 % more each, then no end. */
    static long budgetNs(final int tenacity)
    {
        if (tenacity <= LINEAR_TENACITY)
        {
            return NS_PER_TENACITY * tenacity;
        }

        return tenacity < ENDLESS_TENACITY
            ? (long)(NS_PER_TENACITY * LINEAR_TENACITY * Math.pow(TENACITY_BASE, tenacity - LINEAR_TENACITY))
            : Long.MAX_VALUE;
    }
}
