package org.millrace.engine.snapshot;

import org.millrace.engine.base.Check;
import org.millrace.engine.base.Clock;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.memory.OffHeap;

/**
 * Pops the cut's references, copies entries into the spool, computes the checksum. Never touches a socket. Runs on a
 * thread of its own, or in turn with the writer on the writer's.
 * <p>
 * <b>Ordering.</b> {@link #target} is handed over by the writer when it is null, and set back to null by the
 * snapshotter when it is through with the image; both are volatile, so what either did before is seen by the other.
 */
public final class Snapshotter implements ParkingAgent
{
    private static final int ENTRIES_PER_DRAIN = 16;
    private static final int ENTRIES_PER_CYCLE = 1024;

    /** With an image: neither the writer, which pushes entries, nor readers, who make room, wake this thread. */
    private static final long NAP_NS = 50_000;

    /** Without one: readers still give slices back, which are freed then. */
    private static final long REST_NS = 100_000_000;

    private final SpoolStorage storage;
    private final SlicePool pool;
    private final int windowSlices;

    // Written by the writer before it sets the target.
    private Cut cut;
    private OffHeap memory;

    private volatile Image target;
    private volatile boolean isCutAborted;
    private volatile Runnable onWork = () ->
    {
    };
    private volatile String stalledBy;
    private volatile long keyDelayNs;
    private volatile boolean isUrgent;
    private volatile boolean hasEnded;
    private volatile boolean mayGiveUpLateJoiners = true;
    private Clock clock;
    private long nextKeyNs;
    private ImageSpool spool;
    private ImageWriter writer;

    Snapshotter(final SpoolStorage storage, final SlicePool pool, final int windowSlices)
    {
        this.storage = storage;
        this.pool = pool;
        this.windowSlices = windowSlices;
    }

    /** Writer: the cut that begins now goes into this image. */
    void start(final Image image, final Cut newCut, final OffHeap newMemory)
    {
        Check.that(isIdle(), "snapshotter is busy: offset, keys", image.header().offset(), image.keysWritten());
        image.hold();
        cut = newCut;
        memory = newMemory;
        isCutAborted = false;
        target = image;
        onWork.run();
    }

    /** Run on the writer's thread whenever there is work again: to wake the thread of this agent. */
    public void onWork(final Runnable listener)
    {
        onWork = listener;
    }

    /** Let so much time pass behind each key: for tests that want to look at a snapshot in progress. 0: none. */
    public void keyDelay(final Clock newClock, final long delayNs)
    {
        clock = newClock;
        keyDelayNs = Math.max(0, delayNs);
    }

    /** Writer: the cut has been aborted, nothing more will come. */
    void cutAborted()
    {
        isCutAborted = true;
    }

    /** True if it has let go of the last image; any thread. */
    public boolean isIdle()
    {
        return null == target;
    }

    @Override
    public int doWork()
    {
        return work(keyDelayNs);
    }

    @Override
    public long prepareToPark()
    {
        return isIdle() ? REST_NS : NAP_NS;
    }

    /** As {@link #doWork} without delay: the writer must have room in the ring. */
    int makeRoom()
    {
        return work(0);
    }

    /** Writer: the ring is full, so all the memory that there is for the image may be used; until the ring is empty. */
    void hurry()
    {
        isUrgent = true;
    }

    /** Before the first image: see {@link ImageSpool}. */
    void mayGiveUpLateJoiners(final boolean may)
    {
        mayGiveUpLateJoiners = may;
    }

    private int work(final long delayNs)
    {
        final Image image = target;
        if (null == image)
        {
            return pool.trim();
        }

        if (null == writer)
        {
            spool = new ImageSpool(image, storage, windowSlices, mayGiveUpLateJoiners);
            writer = new ImageWriter(image, memory, spool);
            writer.begin();
        }

        final int work = 0 == delayNs ? takeEntries() : takeEntrySlowly(delayNs);
        writer.publish();
        final boolean hasWritten = writer.spool();
        if (writer.isFinished() || isCutAborted)
        {
            finish();
        }

        return work + (hasWritten ? 1 : 0);
    }

    private int takeEntries()
    {
        final ImageWriter writer = this.writer;
        final long limit = writer.bytesWritten() + ImageWriter.STEP;
        int work = 0;
        boolean isOpen = canGoOn();
        if (isOpen && writer.hasPending())
        {
            isOpen = writer.writePending();
            work++;
        }

        while (isOpen && writer.bytesWritten() < limit && work < ENTRIES_PER_CYCLE)
        {
            final int count = cut.drain(writer, null == spool.fileFailure() ? ENTRIES_PER_DRAIN : 1);
            work += count;
            isOpen = 0 < count && !writer.hasPending() && canGoOn();
        }

        return work;
    }

    private boolean canGoOn()
    {
        if (isUrgent && 0 == cut.queuedEntries())
        {
            isUrgent = false;
        }

        final boolean isWaiting = spool.isWaiting(isUrgent);
        if (isWaiting != (null != stalledBy))
        {
            stalledBy = isWaiting && (isUrgent || null != spool.fileFailure()) ? spool.waitingFor() : null;
        }

        return !isWaiting;
    }

    /** Why nothing is popped before a reader has come on; null if it is. Any thread. */
    String stalledBy()
    {
        return stalledBy;
    }

    private int takeEntrySlowly(final long delayNs)
    {
        if (writer.hasPending())
        {
            writer.writePending();
            return 1;
        }

        final long nowNs = clock.monotonicNs();
        if (nowNs - nextKeyNs < 0 || !canGoOn())
        {
            return 0;
        }

        nextKeyNs = nowNs + delayNs;
        return cut.drain(writer, 1);
    }

    private void finish()
    {
        if (isCutAborted)
        {
            // What was queued before the abort, and will not be followed by more.
            while (0 < cut.drain(writer, ENTRIES_PER_CYCLE))
            {
                writer.abandonPending();
            }
        }

        final Image image = target;
        writer.close();
        writer = null;
        spool = null;
        stalledBy = null;
        if (image.isAborted())
        {
            // Not when the last reader has noticed, who may not look at it for long.
            image.closeFile();
        }

        image.letGo();
        target = null;
    }

    /** Its thread is gone, at the end of the node or for a fault: whoever waits for it must do its work instead. */
    @Override
    public void onClose()
    {
        hasEnded = true;
    }

    boolean hasEnded()
    {
        return hasEnded;
    }

    @Override
    public String roleName()
    {
        return "snapshotter";
    }
}
