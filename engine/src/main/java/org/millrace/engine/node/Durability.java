package org.millrace.engine.node;

import org.millrace.engine.backlog.StreamLog;
import org.millrace.engine.backlog.SyncPolicy;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.snapshot.RdbLoader;
import org.millrace.engine.snapshot.SnapshotHeader;

/**
 * What keeps a durable node durable: snapshots when the log has grown, the settings, what is refused while the log cannot be
 * written. Writer thread.
 */
final class Durability
{
    private static final long RETRY_MS = 5000;

    private final NodeParts parts;
    private final StreamLog log;
    private long snapshotBytes;
    private long triedMs = -RETRY_MS;
    private long repairedMs = -RETRY_MS;

    /** The node has started; before, and if it cannot, nothing is touched. */
    private boolean isBegun;

    /** The running save is one for the log. */
    private boolean isRewriting;
    private boolean isScheduled;

    /** CONFIG SET appendonly was behind a write of its transaction, which is one unit of one ring: turned behind that. */
    private boolean isTurnDue;
    private long beganMs;
    private long lastRewriteMs = -1;
    private long rewrites;
    private long failures;

    /** The log could not be written: what it is now is worth something once a snapshot is under it. */
    private boolean isRepairing;

    Durability(final NodeParts parts)
    {
        this.parts = parts;
        log = parts.streamLog();
        parts.persistence().onSaved(this::saved);
        final Config config = parts.config();
        config.listen(ConfigOption.APPENDFSYNC, (c, o) -> changePolicy());
        config.listen(ConfigOption.APPENDONLY, (c, o) -> turn());
        config.listen(ConfigOption.DIR, (c, o) -> stay());
        config.listen(ConfigOption.DBFILENAME, (c, o) -> stay());
    }

    private String changePolicy()
    {
        log.policy(policy(parts.config()));
        return null;
    }

    /** A log and its snapshot are found in the place where they were begun, or not at all. */
    private String stay()
    {
        if (log.isLeft())
        {
            return "The log of writes goes on from the present file until a snapshot there has replaced it";
        }

        return log.isOn() ? "The log of writes goes on from the present file: set appendonly to no before" : null;
    }

    /** CONFIG SET appendonly. Either way a snapshot is next: under the new log, or in place of the one that is no more. */
    private String turn()
    {
        final boolean isWanted = parts.config().is(ConfigOption.APPENDONLY);
        if (isWanted == log.isOn())
        {
            return null;
        }

        if (!isBegun)
        {
            return "The data are being loaded";
        }

        if (parts.stream().isInUnit())
        {
            isTurnDue = true;
            return null;
        }

        if (!isWanted)
        {
            log.turnOff();
            isRepairing = false;
            parts.state().logRefusal = null;
            parts.replication().renewRing();
            isScheduled = log.isLeft();
            return null;
        }

        log.turnOn(policy(parts.config()));
        log.role(parts.replication().isReplica());
        if (!parts.replication().renewRing())
        {
            log.turnOff();
            return "Unable to turn on AOF. Check server logs.";
        }

        isScheduled = true;
        return null;
    }

    /**
     * The node begins with the data of a file, or with none, and no log goes on from that: one does from now on.
     *
     * @param loader of the data set file, null if there was none.
     * @param fileBytes length of what was loaded, 0 if nothing was.
     * @return false if there can be none.
     */
    boolean begin(final RdbLoader loader, final long fileBytes)
    {
        final boolean hasPlace = Replication.hasPlace(loader);
        if (!parts.replication().beginRing(hasPlace))
        {
            return false;
        }

        if (hasPlace)
        {
            beganWith(fileBytes);
            log.covered(loader.aux().replid(), loader.aux().replOffset());
        }
        else if (0 == fileBytes && log.isActive())
        {
            log.beginsWithNothing();
        }
        else if (log.isActive() || null == loader && 0 < fileBytes)
        {
            // What was loaded does not say where it stands, or is not to be loaded again: before anybody is served there
            // must be a file that does, and that is.
            return null == parts.persistence().save();
        }

        return true;
    }

    /** The node has started. */
    void begun()
    {
        isBegun = true;
    }

    /** The snapshot that the node has begun with, and that is the base of its log. */
    void beganWith(final long fileBytes)
    {
        snapshotBytes = fileBytes;
    }

    /** A save has ended. @param header null if it has failed. */
    private void saved(final SnapshotHeader header)
    {
        if (isRewriting)
        {
            isRewriting = false;
            lastRewriteMs = steadyMs() - beganMs;
            failures = null == header ? failures + 1 : 0;
        }

        if (null != header)
        {
            snapshotBytes = parts.persistence().savedBytes();
            log.covered(header.replid(), header.offset());
        }
    }

    /** Duty cycle. */
    int doWork()
    {
        if (!isBegun)
        {
            return 0;
        }

        if (isTurnDue)
        {
            turnBehindUnit();
        }

        final int scheduled = beginScheduled() ? 1 : 0;
        if (!log.isOn())
        {
            return scheduled;
        }

        final int work = scheduled + log.doWork();
        if (null != log.failure() && null == parts.state().logRefusal && !parts.state().isLoading)
        {
            refuse(log.failure());
        }

        return work;
    }

    private void turnBehindUnit()
    {
        isTurnDue = false;
        final String refusal = turn();
        if (null != refusal)
        {
            // The transaction was told that it is on: from now on writes are refused, until there is a log.
            parts.log().warning(refusal);
            log.turnOn(policy(parts.config()));
        }
    }

    /** Behind the unit that has asked for it, and behind a save that runs. */
    private boolean beginScheduled()
    {
        final boolean isNext = isScheduled && !parts.state().isLoading && !parts.persistence().isBusy();
        if (isNext)
        {
            beginOrWarn(steadyMs());
        }

        return isNext;
    }

    private void beginOrWarn(final long nowMs)
    {
        final String refusal = begin(nowMs);
        if (null != refusal)
        {
            parts.log().warning("No snapshot for the log: " + refusal);
        }
    }

    private void refuse(final String why)
    {
        isRepairing = true;
        if (parts.replication().isReplica() && !log.isActive())
        {
            // Its primary has what it has no log of: it goes on, and has one soon.
            return;
        }

        if (SyncPolicy.ALWAYS == log.policy())
        {
            parts.log().warning("Can't persist the log of writes when appendfsync is 'always': " + why + ". Exiting.");
            parts.host().exit(1);
        }

        parts.state().logRefusal = "MISCONF Errors writing to the AOF file: " + why;
    }

    /** What could not be written is in memory still: another log, and a snapshot under it. */
    private void repair(final long steadyMs)
    {
        if (null == log.failure())
        {
            if (!log.isUncovered())
            {
                isRepairing = false;
                parts.state().logRefusal = null;
                parts.log().notice("The log of writes is whole again: writes are accepted");
            }
        }
        else if (steadyMs - repairedMs >= RETRY_MS && !parts.persistence().isBusy())
        {
            repairedMs = steadyMs;
            parts.replication().renewRing();
        }
    }

    /** Once a second. */
    void cron(final long steadyMs)
    {
        if (!isBegun)
        {
            return;
        }

        if (isRepairing)
        {
            repair(steadyMs);
        }

        log.paused(parts.config().is(ConfigOption.NO_APPENDFSYNC_ON_REWRITE) && parts.persistence().isBusy());
        final boolean isDue = steadyMs - triedMs >= RETRY_MS && (log.isLeft() || log.isActive() && isSnapshotDue());
        if (isDue && !parts.state().isLoading && !parts.persistence().isBusy())
        {
            beginOrWarn(steadyMs);
        }
    }

    private boolean isSnapshotDue()
    {
        final Config config = parts.config();
        final long percentage = config.number(ConfigOption.AUTO_AOF_REWRITE_PERCENTAGE);
        final long size = currentBytes();
        return log.isUncovered() || percentage > 0 && size > config.number(ConfigOption.AUTO_AOF_REWRITE_MIN_SIZE) &&
            (size - snapshotBytes) * 100 / Math.max(1, snapshotBytes) >= percentage;
    }

    /** INFO persistence. */
    void append(final StringBuilder out)
    {
        InfoSections.line(out, "aof_enabled", log.isOn() ? 1 : 0);
        InfoSections.line(out, "aof_rewrite_in_progress", isRewriting ? 1 : 0);
        InfoSections.line(out, "aof_rewrite_scheduled", isScheduled ? 1 : 0);
        InfoSections.line(out, "aof_last_rewrite_time_sec", lastRewriteMs < 0 ? -1 : lastRewriteMs / 1000);
        InfoSections.line(out, "aof_current_rewrite_time_sec", isRewriting ? (steadyMs() - beganMs) / 1000 : -1);
        InfoSections.line(out, "aof_last_bgrewrite_status", 0 == failures ? "ok" : "err");
        InfoSections.line(out, "aof_rewrites", rewrites);
        InfoSections.line(out, "aof_rewrites_consecutive_failures", failures);
        InfoSections.line(out, "aof_last_write_status", isRepairing ? "err" : "ok");
        InfoSections.line(out, "aof_last_cow_size", 0);
    }

    /** INFO persistence, of a durable node. */
    void appendSizes(final StringBuilder out)
    {
        if (log.isOn())
        {
            InfoSections.line(out, "aof_current_size", currentBytes());
            InfoSections.line(out, "aof_base_size", snapshotBytes);
            InfoSections.line(out, "aof_pending_rewrite", log.isUncovered() ? 1 : 0);
            InfoSections.line(out, "aof_buffer_length", log.end() - log.synced());
            InfoSections.line(out, "aof_pending_bio_fsync", log.isSyncing() ? 1 : 0);
            InfoSections.line(out, "aof_delayed_fsync", log.delayedSyncs());
            InfoSections.line(out, "millrace_log_synced_offset", log.synced());
        }
    }

    /**
     * BGREWRITEAOF: a snapshot under the log.
     *
     * @return what to answer; an error if it begins with ERR.
     */
    String rewrite(final boolean isNested)
    {
        if (isRewriting)
        {
            return "ERR Background append only file rewriting already in progress";
        }

        if (isNested || parts.persistence().isBusy() || null != begin(steadyMs()))
        {
            isScheduled = true;
            return "Background append only file rewriting scheduled";
        }

        return "Background append only file rewriting started";
    }

    private String begin(final long nowMs)
    {
        isScheduled = false;
        triedMs = nowMs;
        final String refusal = parts.persistence().saveInBackground();
        if (null == refusal)
        {
            isRewriting = true;
            beganMs = nowMs;
            rewrites++;
        }

        return refusal;
    }

    private long steadyMs()
    {
        return parts.writer().steadyMs();
    }

    /** Bytes that a start would read: snapshot, and log behind it. */
    long currentBytes()
    {
        return snapshotBytes + log.uncoveredBytes();
    }

    long snapshotBytes()
    {
        return snapshotBytes;
    }

    /** A replica whose data have not come has no log; from now on what it takes as a primary is kept. */
    void roleChanged(final boolean isReplica)
    {
        log.role(isReplica);
        if (!isReplica && log.isOn() && isBegun && !log.isActive())
        {
            parts.replication().renewRing();
        }
    }

    /** appendfsync. */
    static SyncPolicy policy(final Config config)
    {
        return SyncPolicy.of(config.print(ConfigOption.APPENDFSYNC));
    }
}
