package org.millrace.engine.snapshot;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.base.Check;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.keyspace.Cut;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.value.ExpiringHashLayout;

/**
 * The writer thread's side of snapshots: begins cuts, walks them at the pace of the fastest cursor, keeps the last
 * image for late joiners, aborts.
 */
public final class Snapshots implements AutoCloseable
{
    /** How long a complete image is kept for joiners unless {@link #keepMs} says otherwise. */
    public static final long KEEP_MS_DEFAULT = 60_000;

    /** The newest RDB version that is loaded here, and can be written. */
    public static final int NEWEST_VERSION = RdbDescriptor.VERSION_MAX;

    static final int SLICE_LENGTH = 1 << 20;

    private static final int WINDOW_SLICES_MIN = 2;

    /**
     * Slices over the window: half of them may wait for the file before the snapshotter stops for them, the others
     * are for what the writer must push.
     */
    private static final int SLACK_SLICES = 16;

    /** More that an image for a file may have before a spool is begun, for that needs room on the same disk. */
    private static final int FILE_SLICES = 48;
    private static final int ENTRIES_PER_WALK = 512;
    private static final int ENTRIES_PER_WALK_MIN = 16;

    /**
     * Rounds of waiting in which the snapshotter's thread may make no progress, of about a microsecond each: some
     * seconds, after which the disk it writes to has stalled.
     */
    private static final int SPIN_ROUNDS = 1_000;
    private static final int WAIT_ROUNDS_MAX = 2_000_000;

    private final EventLog log;
    private final List<Image> living = new ArrayList<>();
    private final SlicePool pool;
    private final Snapshotter snapshotter;
    private final int windowSlices;
    private final long paceBytes;

    private DataSet data;
    private Cut cut;
    private Image running;
    private Image kept;
    private long keepMs = KEEP_MS_DEFAULT;
    private long keptUntilMs;
    private boolean isServingLateJoiners = true;
    private boolean isDedicated;
    private long waitedAtLength;
    private int waitRounds;

    /** @param windowBytes image bytes kept in memory ahead of the slowest cursor; the rest goes to the spool file. */
    public Snapshots(final DataSet data, final SpoolStorage storage, final EventLog log, final long windowBytes)
    {
        this(data, storage, log, windowBytes, SLICE_LENGTH);
    }

    Snapshots(
        final DataSet data,
        final SpoolStorage storage,
        final EventLog log,
        final long windowBytes,
        final int sliceLength)
    {
        this.log = log;
        pool = new SlicePool(sliceLength);
        windowSlices = (int)Math.max(WINDOW_SLICES_MIN, windowBytes / sliceLength);
        paceBytes = (long)windowSlices * sliceLength / 2;
        snapshotter = new Snapshotter(storage, pool, windowSlices);
        bind(data);
    }

    private void bind(final DataSet newData)
    {
        data = newData;
        cut = newData.cut();
        cut.onRingFull(this::makeRoom);
    }

    /**
     * Snapshots are of another data set from now on. A running one is aborted, the kept image dropped; when this
     * returns nothing touches the old data set any more.
     */
    public void data(final DataSet newData)
    {
        abort("the data set is replaced");
        drop();
        while (!snapshotter.isIdle())
        {
            giveTurn();
        }

        bind(newData);
    }

    /** Who waits for the snapshotter lets it work: in its own thread's time, or here if it has none (any more). */
    public void giveTurn()
    {
        if (isDedicated && !snapshotter.hasEnded())
        {
            Thread.yield();
        }
        else
        {
            snapshotter.doWork();
        }
    }

    /** The agent that turns references into bytes; runs on its own thread in dedicated mode. */
    public Snapshotter snapshotter()
    {
        return snapshotter;
    }

    /** Tell whether the snapshotter runs on a thread of its own; before the first {@link #begin}. Else the writer's. */
    public Snapshots dedicated(final boolean isOwnThread)
    {
        checkBeforeTheFirst();
        isDedicated = isOwnThread;
        return this;
    }

    /** How long a complete image is kept for joiners; 0 for not at all. */
    public Snapshots keepMs(final long durationMs)
    {
        keepMs = durationMs;
        return this;
    }

    /**
     * Whether readers may still join once the first have read on (the default). Costs a file write of every byte of
     * an image that is larger than the window; without it only what a slow reader lacks goes to the file.
     */
    public Snapshots serveLateJoiners(final boolean isServing)
    {
        isServingLateJoiners = isServing;
        return this;
    }

    /** Before the first {@link #begin}: whether late joiners are given up where the file does not keep up (the default). */
    public void mayGiveUpLateJoiners(final boolean may)
    {
        checkBeforeTheFirst();
        snapshotter.mayGiveUpLateJoiners(may);
    }

    private void checkBeforeTheFirst()
    {
        Check.that(null == running && living.isEmpty(), "set after the first cut: images, kept for ms", living.size(),
            keepMs);
    }

    /** True if a new cut may begin now (none runs, not even the tail of an aborted one). */
    public boolean canBegin()
    {
        return null == running && !cut.isRunning() && snapshotter.isIdle();
    }

    /**
     * Begin a cut between two units, when {@link #canBegin}. The caller opens the first cursor before the next
     * {@link #doWork}.
     */
    public Image begin(final SnapshotHeader header)
    {
        return begin(header, 0, isServingLateJoiners);
    }

    /**
     * As {@link #begin}, for a file alone: replicas may join while all of it is there, but nothing goes to a spool for
     * the sake of those who might come. What writes force out before its time, and the disk does not take, stays in
     * memory, more of it than else; a spool is the last resort.
     */
    public Image beginForFile(final SnapshotHeader header)
    {
        if (null == refusal(header.rdbVersion()))
        {
            return begin(header, FILE_SLICES, false);
        }

        log.notice("The file is written in RDB version " + ExpiringHashLayout.SINCE_VERSION + ", not " +
            header.rdbVersion() + ": there are hashes whose fields have a deadline");
        return begin(header.atLeast(ExpiringHashLayout.SINCE_VERSION), FILE_SLICES, false);
    }

    /** Why the data cannot go out in a snapshot of this version whole, or null if they can. */
    public String refusal(final int rdbVersion)
    {
        final long hashes = rdbVersion < ExpiringHashLayout.SINCE_VERSION ? data.expiringHashes() : 0;
        return 0 == hashes
            ? null
            : hashes + " hashes have fields with a deadline, for which there is no room in RDB version " + rdbVersion +
                "; replicas that know field expiry take version " + ExpiringHashLayout.SINCE_VERSION +
                " (directive rdb-version)";
    }

    /** True if an image has been made in a version that those who take this one need not know. */
    public static boolean isTooNew(final Image image, final int rdbVersion)
    {
        return rdbVersion < ExpiringHashLayout.SINCE_VERSION &&
            image.header().rdbVersion() >= ExpiringHashLayout.SINCE_VERSION;
    }

    /** Sources of the function libraries that there are now. */
    public List<byte[]> libraries()
    {
        return data.functions().sources();
    }

    private Image begin(final SnapshotHeader header, final int extraSlices, final boolean isForLateJoiners)
    {
        Check.that(canBegin(), "a cut runs already: offset, database", header.offset(), header.streamDb());
        drop();
        final List<byte[]> functions = libraries();
        // Those who know no functions cannot take what was done by some; and a file must not lose them.
        final SnapshotHeader held = functions.isEmpty()
            ? header
            : header.atLeast(RdbDescriptor.FUNCTIONS_SINCE_VERSION);
        running = new Image(
            held, pool, windowSlices + SLACK_SLICES + extraSlices, extraSlices, isForLateJoiners);
        living.removeIf(Image::isGone);
        living.add(running);
        running.functions(functions);
        running.usage(new KeyUsage(data.clockRules().copy(), header.wallMs()));
        cut.begin();
        snapshotter.start(running, cut, data.memory());
        return running;
    }

    /**
     * Give up what is being made and what is still being read, by whomever, and the room it takes on the disk; see
     * {@link #hasGivenUp}.
     */
    public void giveUp(final String reason)
    {
        final Image incomplete = null == running || running.isComplete() ? null : running;
        abort(reason);
        drop();
        for (final Image image : living)
        {
            image.dismiss();
            image.abort(reason);
            // The file of what is still being made goes when the snapshotter has put it down.
            if (image != incomplete)
            {
                image.closeFile();
            }
        }
    }

    /** True once nothing that was given up takes room on the disk any more. */
    public boolean hasGivenUp()
    {
        for (final Image image : living)
        {
            if (image.isAborted() && !image.isFileReleased())
            {
                return false;
            }
        }

        return true;
    }

    /** The running image, or null. */
    public Image running()
    {
        return running;
    }

    /**
     * The running or last complete image while it is still kept, or null. A joiner may use it if stream byte S+1 is
     * in the backlog under the same replid; the caller checks and pins that.
     */
    public Image joinable()
    {
        final Image image = null != running ? running : kept;
        return null != image && image.isJoinable() ? image : null;
    }

    /** Drop the kept image: the replid has changed, or joining it costs more than a new one. */
    public void drop()
    {
        if (null != kept)
        {
            kept.letGo();
            kept = null;
        }
    }

    /** Abort the running cut, if any (FLUSHALL, SHUTDOWN, replaced data set): not for a fault of its own. */
    public void abort(final String reason)
    {
        if (null != running)
        {
            running.dismiss();
            fail(reason);
        }
    }

    private void fail(final String reason)
    {

        final Image image = running;
        running = null;
        if (image.isComplete())
        {
            // Too late to harm it: who reads it may go on, nobody joins any more.
            image.letGo();
            return;
        }

        image.abort(reason);
        log.warning("Snapshot aborted after " + image.keysWritten() + " keys: " + image.abortReason());
        cut.abort();
        snapshotter.cutAborted();
        image.letGo();
    }

    /**
     * A bounded step of the walk and of housekeeping.
     *
     * @return work count.
     */
    public int doWork(final long steadyMs)
    {
        if (null != kept && (steadyMs >= keptUntilMs || !kept.isJoinable()))
        {
            drop();
        }

        return null != running ? advance(running, steadyMs) : cut.isRunning() ? cut.walk(ENTRIES_PER_WALK) : 0;
    }

    private int advance(final Image image, final long steadyMs)
    {
        if (image.isComplete())
        {
            keep(image, steadyMs);
            return 1;
        }

        if (image.isAborted())
        {
            fail(image.abortReason());
            return 1;
        }

        if (image.isDeserted())
        {
            fail("nobody reads it any more");
            return 1;
        }

        return cut.isRunning() ? walk(image) : 0;
    }

    /** Not further ahead of the fastest reader than half the window, what is queued included. */
    private int walk(final Image image)
    {
        final long available = image.availableLength();
        final long recordLength = Math.max(1, available / Math.max(1, image.keysWritten()));
        final long ahead = available - image.pacePosition() + cut.queuedEntries() * recordLength;
        if (ahead >= paceBytes)
        {
            return 0;
        }

        final long entries = (paceBytes - ahead) / recordLength;
        return cut.walk((int)Math.max(ENTRIES_PER_WALK_MIN, Math.min(ENTRIES_PER_WALK, entries)));
    }

    private void keep(final Image image, final long steadyMs)
    {
        running = null;
        if (0 < keepMs && image.isJoinable())
        {
            kept = image;
            keptUntilMs = steadyMs + keepMs;
        }
        else
        {
            image.letGo();
        }
    }

    /** The cut's ring is full and a bucket must change: let the snapshotter pop, or give the cut up. */
    private void makeRoom()
    {
        snapshotter.hurry();
        if (!isDedicated)
        {
            snapshotter.makeRoom();
        }

        // The writer never waits for a socket or a disk.
        final String stalledBy = snapshotter.stalledBy();
        if (null != stalledBy)
        {
            fail(stalledBy);
            return;
        }

        if (!isDedicated)
        {
            return;
        }

        final long length = null == running ? 0 : running.availableLength();
        waitRounds = length == waitedAtLength ? waitRounds + 1 : 0;
        waitedAtLength = length;
        if (waitRounds > WAIT_ROUNDS_MAX)
        {
            waitRounds = 0;
            fail("the snapshotter does not keep up with the writes");
        }
        else if (waitRounds < SPIN_ROUNDS)
        {
            Thread.onSpinWait();
        }
        else
        {
            Thread.yield();
        }
    }

    /** Direct memory held by images and their pool; any thread. */
    public long memoryBytes()
    {
        return pool.bytes();
    }

    /** Abort what runs and drop what is kept. Open cursors stay usable until they see the abort. */
    @Override
    public void close()
    {
        abort("the node is closing");
        drop();
    }
}
