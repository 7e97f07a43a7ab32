package org.millrace.engine.node;

import java.util.function.Supplier;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;

/** SAVE, BGSAVE and save points: takes a cut and has its image written to the data set file. Writer thread. */
final class Persistence
{
    private static final long RETRY_SECONDS = 5;
    private static final long NS_PER_MS = 1_000_000;

    private final Config config;
    private final EventLog log;
    private final Clock clock;
    private final Snapshots snapshots;
    private final SnapshotStore store;
    private final Statistics statistics;
    private final ExecutionState state;
    private final Supplier<SnapshotHeader> header;
    private final Runnable snapshotterTurn;

    private SnapshotStore.Save running;
    private Image runningImage;
    private long dirtyAtBegin;
    private long beganMs;
    private long lastSaveMs;
    private long lastTryMs;
    private long lastDurationMs = -1;
    private boolean isLastOk = true;
    private boolean isScheduled;
    private String lastError = "";
    private long saves;

    /** @param snapshotterTurn runs the snapshotter when it shares the thread, or gives way to it. */
    Persistence(
        final Config config,
        final EventLog log,
        final Clock clock,
        final Snapshots snapshots,
        final SnapshotStore store,
        final Statistics statistics,
        final ExecutionState state,
        final Supplier<SnapshotHeader> header,
        final Runnable snapshotterTurn)
    {
        this.config = config;
        this.log = log;
        this.clock = clock;
        this.snapshots = snapshots;
        this.store = store;
        this.statistics = statistics;
        this.state = state;
        this.header = header;
        this.snapshotterTurn = snapshotterTurn;
        lastSaveMs = clock.wallMs();
    }

    boolean isSaving()
    {
        return null != running;
    }

    /** Begin a save on another thread; false if a cut for replicas is under way, or none can be made. */
    boolean saveInBackground()
    {
        if (!snapshots.canBegin() || !begin())
        {
            return false;
        }

        log.notice("Background saving started");
        return true;
    }

    /** BGSAVE SCHEDULE: as soon as no cut runs. */
    void schedule()
    {
        isScheduled = true;
    }

    /** Save and wait: nothing else happens meanwhile. */
    boolean save()
    {
        while (!snapshots.canBegin())
        {
            turn();
        }

        if (!begin())
        {
            return false;
        }

        while (!running.isDone())
        {
            turn();
        }

        poll(clock.wallMs());
        return isLastOk;
    }

    private void turn()
    {
        snapshots.doWork(clock.monotonicNs() / NS_PER_MS);
        snapshotterTurn.run();
        Thread.onSpinWait();
    }

    private boolean begin()
    {
        final Image image = snapshots.begin(header.get());
        lastTryMs = clock.wallMs();
        if (null == image)
        {
            failed("no room for a snapshot");
            return false;
        }

        dirtyAtBegin = statistics.dirty;
        beganMs = clock.wallMs();
        isScheduled = false;
        runningImage = image;
        running = store.save(image.openCursor(), config.path(config.text(ConfigOption.DBFILENAME)));
        return true;
    }

    /** Duty cycle. */
    int poll(final long nowMs)
    {
        if (null == running)
        {
            return isScheduled && snapshots.canBegin() && saveInBackground() ? 1 : 0;
        }

        if (!running.isDone())
        {
            return 0;
        }

        final String error = running.error();
        running = null;
        runningImage = null;
        lastDurationMs = nowMs - beganMs;
        if (null == error)
        {
            statistics.dirty -= dirtyAtBegin;
            lastSaveMs = nowMs;
            isLastOk = true;
            saves++;
            state.isSaveFailed = false;
            log.notice("DB saved on disk");
            log.notice("Background saving terminated with success");
        }
        else
        {
            failed(error);
        }

        return 1;
    }

    private void failed(final String error)
    {
        isLastOk = false;
        lastError = error;
        state.isSaveFailed = config.is(ConfigOption.STOP_WRITES_ON_BGSAVE_ERROR) && config.savePoints().count() > 0;
        log.warning("Background saving error: " + error);
    }

    /** Once a second: is a save point due? */
    void cron(final long nowMs)
    {
        final boolean mayTry = isLastOk || nowMs - lastTryMs > 1000 * RETRY_SECONDS;
        if (null == running && mayTry && !state.isLoading &&
            config.savePoints().isDue(statistics.dirty, (nowMs - lastSaveMs) / 1000) && snapshots.canBegin())
        {
            log.notice(statistics.dirty + " changes since the last save. Saving...");
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
    void loaded(final long nowMs)
    {
        lastSaveMs = nowMs;
        statistics.dirty = 0;
    }

    long lastSaveMs()
    {
        return lastSaveMs;
    }

    String lastError()
    {
        return lastError;
    }

    void append(final StringBuilder out, final long nowMs)
    {
        out.append("rdb_changes_since_last_save:").append(statistics.dirty).append("\r\n");
        out.append("rdb_bgsave_in_progress:").append(null == snapshots.running() ? 0 : 1).append("\r\n");
        out.append("rdb_last_save_time:").append(lastSaveMs / 1000).append("\r\n");
        out.append("rdb_last_bgsave_status:").append(isLastOk ? "ok" : "err").append("\r\n");
        out.append("rdb_last_bgsave_time_sec:").append(lastDurationMs < 0 ? -1 : lastDurationMs / 1000).append("\r\n");
        out.append("rdb_current_bgsave_time_sec:").append(null == running ? -1 : (nowMs - beganMs) / 1000)
            .append("\r\n");
        out.append("rdb_saves:").append(saves).append("\r\n");
        out.append("rdb_last_cow_size:0\r\n");
    }
}
