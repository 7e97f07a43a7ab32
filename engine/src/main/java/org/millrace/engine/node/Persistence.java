package org.millrace.engine.node;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.SavePoints;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;

/**
 * SAVE, BGSAVE and save points: takes a cut and has its image written to the data set file. What a failed full resync
 * has emptied is never written over the last good file. Writer thread.
 */
final class Persistence
{
    /** What SAVE and BGSAVE answer while a snapshot is made, for the file or for replicas. */
    static final String IN_PROGRESS = "Background save already in progress";

    private static final long RETRY_SECONDS = 5;
    private static final long NS_PER_MS = 1_000_000;

    /** Who waits for a save, and sees no byte move for so long, waits no longer. */
    private static final long STALLED_NS = TimeUnit.SECONDS.toNanos(60);

    private static final String LOST = "the data set was emptied by a full resynchronization that failed, and is not saved over the last good file";

    private final Config config;
    private final EventLog log;
    private final Clock clock;
    private final Snapshots snapshots;
    private final SnapshotStore store;
    private final Statistics statistics;
    private final ExecutionState state;
    private final BooleanSupplier isReplica;
    private final Supplier<SnapshotHeader> header;

    private SnapshotStore.Save running;
    private Image runningImage;
    private SnapshotHeader runningHeader;
    private long savedBytes;
    private Consumer<SnapshotHeader> onSaved = (saved) ->
    {
    };
    private boolean isAwaited;
    private long dirtyAtBegin;
    private long lastSaveMs;
    private long savedAtSteadyMs;
    private long beganSteadyMs;
    private long lastDurationMs = -1;
    private boolean isScheduled;
    private boolean isDataLost;
    private long dirtyAtLoss;
    private long saves;

    Persistence(
        final Config config,
        final EventLog log,
        final Clock clock,
        final Snapshots snapshots,
        final SnapshotStore store,
        final Statistics statistics,
        final ExecutionState state,
        final BooleanSupplier isReplica,
        final Supplier<SnapshotHeader> header)
    {
        this.config = config;
        this.log = log;
        this.clock = clock;
        this.snapshots = snapshots;
        this.store = store;
        this.statistics = statistics;
        this.state = state;
        this.isReplica = isReplica;
        this.header = header;
        saved();
    }

    /** Told of every file that is in its place now: what its head says; of every save that has failed: null. */
    void onSaved(final Consumer<SnapshotHeader> listener)
    {
        onSaved = listener;
    }

    /** Length of the file saved last. */
    long savedBytes()
    {
        return savedBytes;
    }

    /** Keys that the running save has written so far, 0 if there is none. */
    long keysSaved()
    {
        return null == runningImage ? 0 : runningImage.keysWritten();
    }

    /** A snapshot is being made, for the file or for replicas, or is still being written. */
    boolean isBusy()
    {
        return null != running || null != snapshots.running();
    }

    /** Why what is in service is not to be saved, or null. */
    String refusal()
    {
        // A primary's own writes are worth a file again; those of a replica go with its next full resync.
        return isDataLost && (isReplica.getAsBoolean() || statistics.dirty == dirtyAtLoss) ? LOST : null;
    }

    /** Begin a save on another thread. @return null, or why not. */
    String saveInBackground()
    {
        final String refusal = refusal();
        if (null != refusal)
        {
            return refusal;
        }

        if (null != running || !snapshots.canBegin())
        {
            return IN_PROGRESS;
        }

        begin(false);
        log.notice("Background saving started");
        return null;
    }

    /** BGSAVE SCHEDULE, or BGSAVE in a transaction: as soon as no cut runs. */
    void schedule()
    {
        isScheduled = true;
    }

    /** SAVE: nothing else happens meanwhile, and nothing is waited for but the disk. @return null, or why not. */
    String save()
    {
        return isBusy() ? IN_PROGRESS : saveAndWait();
    }

    /**
     * As {@link #save}, but what is being made for replicas, or is kept for them on the disk, is given up first, as is
     * a save that runs: nothing shall be in the way of this one.
     */
    String saveLast(final String reason)
    {
        if (null == refusal())
        {
            snapshots.giveUp(reason);
        }

        return saveAndWait();
    }

    private String saveAndWait()
    {
        final String refusal = refusal();
        if (null != refusal)
        {
            return refusal;
        }

        if (!await(() -> snapshots.canBegin() && snapshots.hasGivenUp() && (null == running || running.isDone())))
        {
            return "a snapshot that was given up does not end";
        }

        if (null != running)
        {
            // What was given up; but none that is scheduled shall begin now.
            poll();
        }

        begin(true);
        final SnapshotStore.Save save = running;
        if (!await(save::isDone))
        {
            // It goes on in the background, and may still end well.
            isAwaited = false;
            return "the disk has taken nothing for " + TimeUnit.NANOSECONDS.toSeconds(STALLED_NS) + " s";
        }

        poll();
        return save.error();
    }

    /** Work on snapshots alone until something is so; false if it does not come to it, for nothing moves any more. */
    private boolean await(final BooleanSupplier condition)
    {
        long movedNs = clock.monotonicNs();
        long seen = progress();
        while (!condition.getAsBoolean())
        {
            final int work = snapshots.doWork(clock.monotonicNs() / NS_PER_MS);
            snapshots.giveTurn();
            final long now = progress();
            final long nowNs = clock.monotonicNs();
            if (work > 0 || now != seen)
            {
                seen = now;
                movedNs = nowNs;
            }
            else if (nowNs - movedNs > STALLED_NS)
            {
                return false;
            }
            else
            {
                Thread.yield();
            }
        }

        return true;
    }

    private long progress()
    {
        return null == running ? 0 : running.written() + runningImage.availableLength();
    }

    private void begin(final boolean isToBeAwaited)
    {
        dirtyAtBegin = statistics.dirty;
        beganSteadyMs = steadyMs();
        isScheduled = false;
        isAwaited = isToBeAwaited;
        runningHeader = header.get();
        runningImage = snapshots.beginForFile(runningHeader);
        running = store.save(runningImage.openCursor(), config.path(config.text(ConfigOption.DBFILENAME)));
    }

    /** Duty cycle. */
    int poll()
    {
        if (null == running)
        {
            return isScheduled && !state.isLoading && snapshots.canBegin() && null == saveScheduled() ? 1 : 0;
        }

        if (!running.isDone())
        {
            return 0;
        }

        final String error = running.error();
        savedBytes = running.written();
        final boolean isDismissed = runningImage.isDismissed();
        running = null;
        runningImage = null;
        lastDurationMs = steadyMs() - beganSteadyMs;
        if (null == error)
        {
            succeeded();
        }
        else if (isDismissed)
        {
            log.notice("Saving given up: " + error);
        }
        else
        {
            failed(error);
        }

        if (null != error)
        {
            onSaved.accept(null);
        }

        if (null != error)
        {
            // Puts down the image that nobody reads any more: the next save need not come across it.
            snapshots.doWork(steadyMs());
        }

        return 1;
    }

    private String saveScheduled()
    {
        isScheduled = false;
        final String refusal = saveInBackground();
        if (null != refusal)
        {
            log.warning("The scheduled save is not made: " + refusal);
        }

        return refusal;
    }

    private void succeeded()
    {
        statistics.dirty -= dirtyAtBegin;
        isDataLost = false;
        saved();
        onSaved.accept(runningHeader);
        saves++;
        state.isSaveFailed = false;
        log.notice("DB saved on disk");
        if (!isAwaited)
        {
            log.notice("Background saving terminated with success");
        }
    }

    /** As in Redis only a save in the background makes writes be refused: who asks for one and waits is told. */
    private void failed(final String error)
    {
        state.isSaveFailed |= !isAwaited;
        log.warning((isAwaited ? "Error saving DB on disk: " : "Background saving error: ") + error);
    }

    /** Once a second: is a save point due? */
    void cron(final long steadyMs)
    {
        final boolean mayTry = !state.isSaveFailed || steadyMs - beganSteadyMs > 1000 * RETRY_SECONDS;
        final SavePoints points = config.savePoints();
        final int due = points.due(statistics.dirty, (steadyMs - savedAtSteadyMs) / 1000);
        if (SavePoints.NOT_DUE != due && null == running && mayTry && !state.isLoading && null == refusal() &&
            snapshots.canBegin())
        {
            log.notice(points.changes(due) + " changes in " + points.seconds(due) + " seconds. Saving...");
            saveInBackground();
        }
    }

    /** A running save is of no use any more: the data set is being replaced. */
    void abort(final String reason)
    {
        if (null != running && snapshots.running() == runningImage)
        {
            snapshots.abort(reason);
        }
    }

    /** The data set was loaded from the file: nothing is unsaved. */
    void loaded()
    {
        saved();
        statistics.dirty = 0;
    }

    /** A load that has failed has left nothing where there were data. */
    void dataLost()
    {
        isDataLost = true;
        dirtyAtLoss = statistics.dirty;
        log.warning("The data set is empty now: it will not be saved over the last good file");
    }

    /** A load has brought a whole data set. */
    void dataIsWhole()
    {
        isDataLost = false;
    }

    /** Users are shown the wall clock; save points go by the monotonic one. */
    private void saved()
    {
        lastSaveMs = clock.wallMs();
        savedAtSteadyMs = steadyMs();
    }

    private long steadyMs()
    {
        return clock.monotonicNs() / NS_PER_MS;
    }

    long lastSaveMs()
    {
        return lastSaveMs;
    }

    void append(final StringBuilder out)
    {
        out.append("rdb_changes_since_last_save:").append(statistics.dirty).append("\r\n");
        out.append("rdb_bgsave_in_progress:").append(isBusy() || isScheduled ? 1 : 0).append("\r\n");
        out.append("rdb_last_save_time:").append(lastSaveMs / 1000).append("\r\n");
        out.append("rdb_last_bgsave_status:").append(state.isSaveFailed ? "err" : "ok").append("\r\n");
        out.append("rdb_last_bgsave_time_sec:").append(lastDurationMs < 0 ? -1 : lastDurationMs / 1000).append("\r\n");
        out.append("rdb_current_bgsave_time_sec:").append(null == running ? -1 : (steadyMs() - beganSteadyMs) / 1000)
            .append("\r\n");
        out.append("rdb_saves:").append(saves).append("\r\n");
        out.append("rdb_last_cow_size:0\r\n");
        out.append("millrace_data_lost_in_resync:").append(null == refusal() ? 0 : 1).append("\r\n");
    }
}
