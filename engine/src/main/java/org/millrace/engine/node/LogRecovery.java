package org.millrace.engine.node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.millrace.engine.backlog.LogException;
import org.millrace.engine.backlog.LogGeneration;
import org.millrace.engine.backlog.LogPlace;
import org.millrace.engine.backlog.LogRecord;
import org.millrace.engine.backlog.LogScan;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.StreamLog;
import org.millrace.engine.backlog.SyncPolicy;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.replication.RandomIds;
import org.millrace.engine.replication.replica.LogReplay;

/**
 * How a durable node comes back: of the logs that are there, the one that goes on from the snapshot is applied behind it,
 * and becomes the ring again. The history goes on under its name if nobody can have seen a byte that is not there any more;
 * else it ends where the data do, and another begins. Writer thread.
 */
final class LogRecovery implements AutoCloseable
{
    private final NodeParts parts;
    private final StreamLog streamLog;
    private List<LogGeneration> found = List.of();
    private LogGeneration chosen;
    private LogScan scan;
    private LogReplay replay;
    private long snapshot;
    private boolean isTrusted;
    private boolean isSeenThere;

    LogRecovery(final NodeParts parts)
    {
        this.parts = parts;
        streamLog = parts.streamLog();
    }

    /** See what is there, if the stream is to be durable. */
    void open() throws IOException, LogException
    {
        if (parts.config().is(ConfigOption.APPENDONLY))
        {
            streamLog.turnOn(SyncPolicy.of(parts.config().print(ConfigOption.APPENDFSYNC)));
            streamLog.role(null != parts.config().primaryHost());
            // Newest first: what went on in another log is there.
            found = new ArrayList<>(streamLog.open());
            Collections.reverse(found);
        }
        else if (streamLog.isThere())
        {
            throw new LogException(
                "there is a log of writes beside the snapshot, and appendonly is no: what it holds would be lost with " +
                    "the next save. Start with appendonly yes, or move the log away");
        }
    }

    /** There is a log that holds what no other file does. */
    boolean isNeeded() throws IOException, LogException
    {
        for (final LogGeneration log : found)
        {
            if (last(log).covered() >= 0 || last(log).has(LogRecord.FROM_NOTHING) && !isEmpty(log))
            {
                return true;
            }
        }

        return false;
    }

    /** There are logs. */
    boolean hasFound()
    {
        return !found.isEmpty();
    }

    /**
     * There is a snapshot; find the log that goes on from it.
     *
     * @param replid null if the snapshot does not say where it stands.
     * @return false if no log is needed: none was ever more than begun.
     */
    boolean begin(final String replid, final long offset, final int streamDb) throws IOException, LogException
    {
        for (final LogGeneration log : found)
        {
            if (null != replid && LogPlace.isIn(log.records(), replid, offset))
            {
                begin(log, replid, offset, streamDb);
                return true;
            }
        }

        for (final LogGeneration log : found)
        {
            final LogRecord last = last(log);
            if (last.covered() >= 0 || last.has(LogRecord.FROM_NOTHING) && !isEmpty(log))
            {
                throw new LogException(
                    "the log " + log.name() + " does not go on from it, but from " + (last.covered() < 0
                        ? "nothing"
                        : "a snapshot at offset " + last.covered() + " of history " + last.replid()) +
                        ". Nothing was changed. Put that snapshot back, or move the log away");
            }
        }

        return false;
    }

    /** There is no snapshot: a log that began with nothing needs none. */
    boolean beginWithout() throws IOException, LogException
    {
        for (final LogGeneration log : found)
        {
            final LogRecord last = last(log);
            if (last.has(LogRecord.FROM_NOTHING) && last.covered() < 0)
            {
                begin(log, log.records().get(0).replid(), last.first() - 1, 0);
                return true;
            }
        }

        return begin(null, -1, 0);
    }

    private boolean isEmpty(final LogGeneration log) throws IOException, LogException
    {
        final LogScan look = new LogScan(log.name(), log.logId(), log.segmentLength(), log.map());
        try
        {
            look.find(last(log).first(), isTrusted(log), written(log));
            return look.end() < last(log).first();
        }
        finally
        {
            look.close();
        }
    }

    private void begin(final LogGeneration log, final String replid, final long offset, final int streamDb)
        throws IOException, LogException
    {
        chosen = log;
        snapshot = offset;
        isTrusted = isTrusted(log);
        scan = new LogScan(log.name(), log.logId(), log.segmentLength(), log.map());
        scan.find(offset + 1, isTrusted, written(log));
        final LogRecord last = last(log);
        final boolean isClean = last.has(LogRecord.CLEAN);
        if (isClean && scan.end() < last.next() - 1)
        {
            throw new LogException(
                "the log " + log.name() + " ends at offset " + scan.end() + ", but ended well at " + (last.next() - 1) +
                    ". Nothing was changed");
        }

        isSeenThere = log.identity() == last.identity() && !last.has(LogRecord.LEFT) &&
            (isTrusted || isClean || last.has(LogRecord.STRICT));
        if (!isTrusted && !isClean)
        {
            tailMayBeLost(log);
        }

        parts.log().notice(
            "Applying the log " + log.name() + " behind offset " + offset + ": " + (scan.end() - offset) + " bytes");
        replay = parts.replication().role().replay(replid, offset, streamDb, scan);
    }

    private void tailMayBeLost(final LogGeneration log) throws LogException
    {
        final String text = "The machine has stopped, or the log is a copy: what " + log.name() +
            " holds behind offset " + scan.end() + " is not proven";
        if (scan.hasMore() && !parts.config().is(ConfigOption.AOF_LOAD_TRUNCATED))
        {
            throw new LogException(text + ", and aof-load-truncated is no. Nothing was changed");
        }

        parts.log().warning(text + " and left out");
    }

    private boolean isTrusted(final LogGeneration log)
    {
        final LogRecord last = last(log);
        return 0 != last.boot() && parts.logStore().boot() == last.boot() && log.identity() == last.identity();
    }

    /** Where the byte goes that follows all that records tell of; 0 if the ring may not have begun. */
    private static long written(final LogGeneration log)
    {
        return 1 == log.records().size() ? 0 : last(log).next();
    }

    private static LogRecord last(final LogGeneration log)
    {
        return log.records().get(log.records().size() - 1);
    }

    boolean isRunning()
    {
        return null != replay;
    }

    /** A bounded step. @return true when it is over. */
    boolean step()
    {
        return replay.step();
    }

    long applied()
    {
        return replay.applied();
    }

    long total()
    {
        return scan.end() - snapshot;
    }

    /** All is applied: the log is the ring again. */
    void end() throws LogException
    {
        final ReplicationStream stream = parts.stream();
        final long end = stream.endOffset();
        if (null != replay.failure())
        {
            throw new LogException(
                "the log " + chosen.name() + " cannot be applied behind offset " + end + ": " + replay.failure());
        }

        if (isTrusted && end < scan.end())
        {
            throw new LogException(
                "the log " + chosen.name() + " ends in the middle of a command, at offset " + scan.end());
        }

        final int db = replay.db();
        replay.close();
        replay = null;
        takeHistory(stream, end, db);
        final LogScan taken = scan;
        scan = null;
        if (!streamLog.adopt(chosen, taken, snapshot))
        {
            throw new LogException("the log " + chosen.name() + " cannot be written to");
        }

        parts.log().notice(
            "The log is applied: " + (end - snapshot) + " bytes, up to offset " + end + " of history " +
                stream.history().replid());
    }

    private void takeHistory(final ReplicationStream stream, final long end, final int db)
    {
        final LogRecord then = at(end + 1);
        final LogRecord last = last(chosen);
        final ReplicationHistory history = stream.history();
        history.adopt(then.replid(), then.replid2(), then.secondOffset());
        if (null != parts.config().primaryHost())
        {
            parts.replication().role().restore(then.replid(), end, db);
            history.adopt(then.replid(), then.replid2(), then.secondOffset());
            return;
        }

        stream.selectedDb(ReplicationStream.NO_DB);
        if (!isSeenThere || last.has(LogRecord.REPLICA) || !then.replid().equals(last.replid()))
        {
            history.shift(RandomIds.next(parts.host()::random), end);
            parts.log().notice(
                "A new history begins, " + history.replid() + ": replicas go on if they have no more than offset " +
                    end);
        }
    }

    /** What was true when the byte was to be written. */
    private LogRecord at(final long next)
    {
        LogRecord found = chosen.records().get(0);
        for (final LogRecord record : chosen.records())
        {
            found = record.next() <= next ? record : found;
        }

        return found;
    }

    @Override
    public void close()
    {
        if (null != replay)
        {
            replay.close();
            replay = null;
        }

        if (null != scan)
        {
            scan.close();
            scan = null;
        }
    }
}
