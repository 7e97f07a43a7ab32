package org.millrace.engine.backlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;
import org.millrace.engine.base.Clock;
import org.millrace.engine.base.ParkingAgent;

/**
 * Brings the log to disk: puts marks behind what was written, forces the segments, publishes how far they are safe. On a
 * thread of its own, since a sync may take seconds; the writer goes on meanwhile, and what it has written by then goes with
 * the next sync.
 * <p>
 * Ordering: bytes are marked up to the end that the writer has published (release, acquire); the offset up to which they
 * are on disk is published behind the sync. A sync that has failed is never tried again: what the system has thrown away
 * meanwhile it would call written (then {@link LogTask#failure} says why, and the log needs another place).
 */
public final class LogSyncer implements ParkingAgent
{
    /** A torn write costs at most so much of what was written in one go, as far as marks are there for it. */
    private static final int STRETCH = 1 << 20;

    /** So long behind a sync without another there is time for a mark that only says so. */
    private static final long IDLE_MS = 1000;

    private static final long NS_PER_MS = 1_000_000;

    /** A sync that takes longer than this holds up the next: counted, as in Redis. */
    private static final long LONG_SYNC_MS = 2000;

    private final Clock clock;
    private final AtomicReference<LogTask> handedOver = new AtomicReference<>();
    private final CRC32C crc = new CRC32C();
    private LogTask task;
    private Segment segment;
    private ByteBuffer view;
    private long block = -1;
    private long marks;
    private long markedMs;
    private long forcedMs;
    private boolean isSaid = true;
    private Runnable onWork = () ->
    {
    };
    private Runnable onChange = () ->
    {
    };
    private volatile SyncPolicy policy = SyncPolicy.EVERYSEC;
    private volatile boolean isPaused;
    private volatile long wanted = -1;
    private volatile long delayed;
    private volatile boolean isSyncing;

    public LogSyncer(final Clock clock)
    {
        this.clock = clock;
    }

    /** Before start: to wake the thread of this agent. */
    public void onWork(final Runnable listener)
    {
        onWork = listener;
    }

    /** Before start: called when more is on disk, or nothing will be any more. */
    public void onChange(final Runnable listener)
    {
        onChange = listener;
    }

    // The writer.

    void policy(final SyncPolicy newPolicy)
    {
        policy = newPolicy;
        onWork.run();
    }

    SyncPolicy policy()
    {
        return policy;
    }

    /** Nothing but marks for now, unless somebody waits for it. */
    void paused(final boolean value)
    {
        isPaused = value;
    }

    /** Another ring is the log from now on; null if none is. */
    void handOver(final LogTask next)
    {
        wanted = -1;
        final LogTask missed = handedOver.getAndSet(null == next ? NONE : next);
        if (null != missed && NONE != missed)
        {
            missed.place.close();
        }

        onWork.run();
    }

    /** Somebody waits until the bytes up to here are on disk. */
    void want(final long offset)
    {
        if (offset > wanted)
        {
            wanted = offset;
            onWork.run();
        }
    }

    /** Syncs that took so long that the next had to wait. */
    long delayed()
    {
        return delayed;
    }

    /** A sync is under way. */
    boolean isSyncing()
    {
        return isSyncing;
    }

    // The agent.

    private static final LogTask NONE = new LogTask(null, null, -1);

    @Override
    public String roleName()
    {
        return "log";
    }

    @Override
    public int doWork()
    {
        int work = takeOver();
        if (null == task)
        {
            return work;
        }

        if (task.ring.isRetired())
        {
            drop();
            return work + 1;
        }

        final long nowMs = clock.monotonicNs() / NS_PER_MS;
        final long end = task.ring.writtenEnd();
        final boolean isWanted = wanted > task.synced.get();
        if (null == task.failure && end > task.synced.get() &&
            (isWanted || SyncPolicy.ALWAYS == policy || nowMs - markedMs >= policy.markMs()))
        {
            return work + step(end, nowMs, isWanted);
        }

        if (!isSaid && end == task.synced.get() && nowMs - forcedMs >= IDLE_MS)
        {
            saySynced();
            work++;
        }

        return work;
    }

    /**
     * What was synced last has no mark behind it that says so: if its bytes are wrong one day, they would look like a write
     * that was cut off. Reaches the disk with the next sync, or when the system likes.
     */
    private void saySynced()
    {
        turnTo(task.marked);
        segment.page().mark(marks++, task.marked, (int)crc.getValue(), task.marked, clock.wallMs());
        isSaid = true;
    }

    private int step(final long end, final long nowMs, final boolean isWanted)
    {
        int work = 0;
        try
        {
            if (end > task.marked)
            {
                mark(end);
                work++;
            }

            markedMs = nowMs;
            if (isWanted || !isPaused && nowMs - forcedMs >= policy.forceMs())
            {
                force(end);
                forcedMs = nowMs;
                work++;
            }
        }
        catch (final IOException e)
        {
            task.failure = null == e.getMessage() ? e.toString() : e.getMessage();
            isSyncing = false;
            onChange.run();
        }

        return work;
    }

    private int takeOver()
    {
        final LogTask next = null == handedOver.get() ? null : handedOver.getAndSet(null);
        if (null == next)
        {
            return 0;
        }

        drop();
        task = NONE == next ? null : next;
        return 1;
    }

    private void drop()
    {
        if (null != task)
        {
            task.place.close();
            task = null;
        }

        isSaid = true;
        block = -1;
        segment = null;
        view = null;
    }

    private void mark(final long end)
    {
        while (task.marked < end)
        {
            final long at = task.marked + 1;
            turnTo(at);
            final int length = task.ring.segmentLength();
            final long to = Math.min(Math.min(end, at + STRETCH - 1), (block + 1) * length - 1);
            sum(at, to);
            segment.page().mark(marks++, to, (int)crc.getValue(), task.synced.get(), clock.wallMs());
            task.marked = to;
        }
    }

    /** The segment of a byte, with the sum of all that stands in it before. */
    private void turnTo(final long offset)
    {
        final long wantedBlock = offset / task.ring.segmentLength();
        if (wantedBlock == block)
        {
            return;
        }

        block = wantedBlock;
        segment = task.ring.segmentOf(offset);
        view = segment.buffer();
        crc.reset();
        marks = LogProof.nextMark(segment.page());
        sum(segment.page().first(), offset - 1);
    }

    private void sum(final long from, final long to)
    {
        if (from <= to)
        {
            final long start = block * task.ring.segmentLength();
            crc.update(view.limit((int)(to + 1 - start)).position((int)(from - start)));
        }
    }

    private void force(final long end) throws IOException
    {
        final long beganNs = clock.monotonicNs();
        isSyncing = true;
        long at = task.synced.get() + 1;
        while (at <= end)
        {
            task.ring.segmentOf(at).force();
            at = (at / task.ring.segmentLength() + 1) * task.ring.segmentLength();
        }

        isSyncing = false;
        if (clock.monotonicNs() - beganNs >= LONG_SYNC_MS * NS_PER_MS)
        {
            delayed++;
        }

        isSaid = false;
        task.synced.set(end);
        task.place.moveTo(end + 1);
        onChange.run();
    }

    @Override
    public long prepareToPark()
    {
        if (null != handedOver.get())
        {
            return 0;
        }

        if (null == task || null != task.failure || task.ring.writtenEnd() <= task.synced.get())
        {
            // Whoever waits wakes this thread; others only write.
            return null == task || isSaid && SyncPolicy.ALWAYS == policy ? Long.MAX_VALUE : IDLE_MS * NS_PER_MS;
        }

        final long nowMs = clock.monotonicNs() / NS_PER_MS;
        return wanted > task.synced.get() ? 0 : Math.max(0, markedMs + policy.markMs() - nowMs) * NS_PER_MS;
    }

    /** What was written comes to disk, unless that has failed before. */
    @Override
    public void onClose()
    {
        takeOver();
        if (null != task && null == task.failure && !task.ring.isRetired())
        {
            final long end = task.ring.writtenEnd();
            if (end > task.synced.get())
            {
                step(end, clock.monotonicNs() / NS_PER_MS, true);
            }
        }

        drop();
    }
}
