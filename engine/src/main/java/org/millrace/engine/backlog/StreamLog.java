package org.millrace.engine.backlog;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.millrace.engine.base.Clock;
import org.millrace.engine.counters.EventLog;

/**
 * The stream's ring as a log on disk: the newest snapshot at offset S and the stream from S + 1 on are the whole data set.
 * What no snapshot covers stays in the ring, however long it gets; a snapshot lets it go. While this is off the ring is
 * what it always is. Writer thread, but for the {@link #syncer}.
 * <p>
 * A ring that begins anew is another log, of no use before there is a snapshot that it goes on from. Until then the former
 * one stays beside it with its snapshot: the two that fit each other by history and offset are the data set, whatever else
 * is there.
 */
public final class StreamLog
{
    private static final int NOT_COVERED = -1;

    private final LogStore store;
    private final ReplicationStream stream;
    private final Clock clock;
    private final LongSupplier random;
    private final EventLog log;
    private final LogSyncer syncer;
    private final List<LogGeneration> former = new ArrayList<>();
    private final List<LogRecord> records = new ArrayList<>();

    private boolean isOn;
    private boolean isOpen;
    private boolean isClosing;
    private boolean isReplica;
    private boolean isStrict;
    private boolean isFromNothing;
    private LogGeneration generation;
    private LogTask task;
    private BacklogReader cover;
    private long first;

    /** Where the ring that was given up last has ended. */
    private long leftEnd;
    private long covered = NOT_COVERED;
    private String failure;

    /** The ring has lost bytes that nobody may hear of; the node is about to end. */
    private boolean isLost;

    /** @param random where the logs' ids come from. */
    public StreamLog(
        final LogStore store,
        final ReplicationStream stream,
        final Clock clock,
        final LongSupplier random,
        final EventLog log)
    {
        this.store = store;
        this.stream = stream;
        this.clock = clock;
        this.random = random;
        this.log = log;
        syncer = new LogSyncer(clock);
        stream.log(this);
        stream.history().onChange(this::historyChanged);
    }

    /** The agent that brings it to disk. */
    public LogSyncer syncer()
    {
        return syncer;
    }

    /** The stream is to be on disk. */
    public boolean isOn()
    {
        return isOn;
    }

    /** There may be a log on disk, whether this is on or not. */
    public boolean isThere()
    {
        return store.exists();
    }

    /** From now on a ring is a log. One that is there already is not: the caller sees to it. */
    public void turnOn(final SyncPolicy policy)
    {
        isOn = true;
        policy(policy);
    }

    /**
     * From now on a ring is none: the caller sees to the present one. What is on disk stays until {@link #covered} is told of
     * a snapshot that has all that is in it.
     */
    public void turnOff()
    {
        isOn = false;
        isLost = false;
    }

    /** The logs that are there, and only for this process from now on. */
    public List<LogGeneration> open() throws IOException
    {
        if (isOpen)
        {
            return List.of();
        }

        final List<LogGeneration> found = store.open();
        isOpen = true;
        former.addAll(found);
        return found;
    }

    // The ring's life.

    /** A ring is about to begin behind the present end: its files, or null if there can be none, or this is off. */
    LogGeneration begin()
    {
        if (!isOn)
        {
            return null;
        }

        try
        {
            open();
            generation = store.create(random.getAsLong());
            records.clear();
            first = stream.endOffset() + 1;
            covered = NOT_COVERED;
            isFromNothing = false;
            isStrict = SyncPolicy.ALWAYS == syncer.policy();
            failure = null;
            append(0);
            isLost = false;
            return generation;
        }
        catch (final IOException e)
        {
            generation = null;
            fail(reason(e));
            return null;
        }
    }

    /** It has begun. @param marked offset of the last byte that needs no mark any more. */
    void opened(final BacklogRing ring, final long marked)
    {
        // Before anybody asks the ring where it begins: what no reader holds it drops then.
        final long from = Math.max(ring.foundFirst(), covered + 1);
        cover = ring.openReader(from);
        stream.keptByLog(from);
        task = new LogTask(ring, ring.openReader(Math.max(ring.foundFirst(), marked + 1)), marked);
        syncer.handOver(task);
    }

    /** It is given up. */
    void ended()
    {
        if (null == generation)
        {
            return;
        }

        if (null == cover || isOn && stream.isBroken())
        {
            fail("there is no segment");
            isLost = !isReplica && SyncPolicy.ALWAYS == syncer.policy();
        }

        syncer.handOver(null);
        if (null != cover)
        {
            cover.close();
            cover = null;
        }

        leftEnd = stream.endOffset();
        if (NOT_COVERED == covered && !isFromNothing)
        {
            generation.delete();
        }
        else
        {
            leave();
        }

        stream.keptByLog(Long.MAX_VALUE);
        stream.showUpTo(null);
        generation.close();
        generation = null;
        task = null;
    }

    /** With its snapshot it is the data set until there is another; but not the stream any more. */
    private void leave()
    {
        former.add(generation);
        if (isClosing)
        {
            return;
        }

        try
        {
            append(LogRecord.LEFT);
        }
        catch (final IOException e)
        {
            log.warning("The log does not know that it was given up: " + reason(e));
        }
    }

    /**
     * Go on with a log that an earlier process has left.
     *
     * @param scan where its end was found; the stream's end is the last unit of it that was whole.
     * @param snapshot offset of the snapshot under it.
     * @return false if it cannot be written to; the log says why.
     */
    public boolean adopt(final LogGeneration found, final LogScan scan, final long snapshot)
    {
        final LogRecord last = found.records().get(found.records().size() - 1);
        try
        {
            if (!stream.adopt(found, scan))
            {
                return false;
            }

            former.remove(found);
            generation = found;
            records.clear();
            records.addAll(found.records());
            first = last.first();
            covered = last.has(LogRecord.FROM_NOTHING) && snapshot < first ? NOT_COVERED : snapshot;
            isFromNothing = last.has(LogRecord.FROM_NOTHING);
            isStrict = SyncPolicy.ALWAYS == syncer.policy();
            opened(stream.ring(),
                Math.max(stream.ring().foundFirst() - 1, Math.min(scan.marked(), stream.endOffset())));
            showWhatIsSafe();
            append(0);
            deleteFormer();
            return true;
        }
        catch (final IOException e)
        {
            log.warning("Can't go on with the log " + found.name() + ": " + reason(e));
            return false;
        }
    }

    // What is true of it.

    /** There was nothing before the first byte. */
    public void beginsWithNothing()
    {
        isFromNothing = true;
        note();
        deleteFormer();
    }

    /**
     * There is a snapshot on disk at this place of the history: what it covers need not be kept.
     *
     * @param replid null if it does not say where it stands.
     */
    public void covered(final String replid, final long offset)
    {
        if (null == generation)
        {
            if (!isOn && (offset >= leftEnd || !LogPlace.isIn(records, replid, offset)))
            {
                deleteFormer();
            }

            return;
        }

        if (!LogPlace.isIn(records, replid, offset))
        {
            return;
        }

        covered = offset;
        if (note())
        {
            cover.moveTo(offset + 1);
            stream.keptByLog(offset + 1);
            deleteFormer();
        }
    }

    private void deleteFormer()
    {
        former.forEach(LogGeneration::delete);
        former.clear();
    }

    /** The node's role. */
    public void role(final boolean isReplicaNow)
    {
        if (isReplica != isReplicaNow)
        {
            isReplica = isReplicaNow;
            note();
        }
    }

    private void historyChanged()
    {
        note();
    }

    /** @return false if it may not be on disk. */
    private boolean note()
    {
        if (null == generation)
        {
            return true;
        }

        try
        {
            append(0);
            return true;
        }
        catch (final IOException e)
        {
            fail(reason(e));
            return false;
        }
    }

    private void append(final int flags) throws IOException
    {
        final ReplicationHistory history = stream.history();
        final LogRecord record = new LogRecord(
            flags | (isReplica ? LogRecord.REPLICA : 0) | (isStrict ? LogRecord.STRICT : 0) |
                (isFromNothing ? LogRecord.FROM_NOTHING : 0),
            generation.logId(), stream.endOffset() + 1, first, history.secondOffset(), covered, store.boot(),
            generation.identity(), clock.wallMs(), generation.segmentLength(), history.replid(), history.replid2());
        generation.append(record);
        records.add(record);
    }

    private static String reason(final IOException e)
    {
        return null == e.getMessage() ? e.toString() : e.getMessage();
    }

    // How it stands.

    /** There is a log, and no snapshot that it goes on from: one should be made. */
    public boolean isUncovered()
    {
        return null != generation && NOT_COVERED == covered && !isFromNothing;
    }

    /** Bytes that no snapshot covers. */
    public long uncoveredBytes()
    {
        return null == generation ? 0 : stream.endOffset() - Math.max(covered, first - 1);
    }

    /** This is off, and there is a log still that no snapshot has replaced: one should be made. */
    public boolean isLeft()
    {
        return !isOn && !former.isEmpty();
    }

    /** There is a log. */
    public boolean isActive()
    {
        return null != generation;
    }

    /**
     * Offset of the last byte that is on disk; the end of the stream if nothing is to be, -1 if nothing will be any more.
     * Writer thread.
     */
    public long synced()
    {
        return null != task ? task.synced.get() : isLost ? -1 : stream.endOffset();
    }

    /** What {@link #synced} must have come to before anybody may be told of what has happened by now. */
    public long told()
    {
        // What a broken ring has lost would stand behind the end.
        return stream.isBroken() || isLost ? stream.endOffset() + 1 : stream.endOffset();
    }

    /** Offset of the last byte written. */
    public long end()
    {
        return stream.endOffset();
    }

    /** Have all on disk that is written. */
    public void sync()
    {
        if (null != task)
        {
            syncer.want(stream.endOffset());
        }
    }

    /** Change when it is brought to disk. */
    public void policy(final SyncPolicy policy)
    {
        syncer.policy(policy);
        if (SyncPolicy.ALWAYS != policy && isStrict)
        {
            isStrict = false;
            note();
        }

        showWhatIsSafe();
    }

    public SyncPolicy policy()
    {
        return syncer.policy();
    }

    /** Nothing is brought to disk for now but what somebody waits for. */
    public void paused(final boolean isPaused)
    {
        syncer.paused(isPaused);
    }

    /** True if what others see must be on disk before: answers of this moment wait for {@link #synced}. */
    public boolean isHeld()
    {
        return SyncPolicy.ALWAYS == syncer.policy() && (null != task || isLost) && synced() < told();
    }

    /** To be called once the stream has the ring. */
    void showWhatIsSafe()
    {
        if (null != task)
        {
            stream.showUpTo(SyncPolicy.ALWAYS == syncer.policy() ? task.synced : null);
        }
    }

    /** Duty cycle. */
    public int doWork()
    {
        if (null == task)
        {
            return 0;
        }

        if (!isStrict && SyncPolicy.ALWAYS == syncer.policy() && task.synced.get() == stream.endOffset())
        {
            // All that was seen before is on disk now.
            isStrict = true;
            note();
        }

        if (null != task.failure && null == failure)
        {
            fail(task.failure);
            return 1;
        }

        return 0;
    }

    private void fail(final String why)
    {
        if (null == failure)
        {
            failure = why;
            log.warning("The log of the stream can't be written: " + why);
        }
    }

    /** Why what is written now would not be there after a crash; null if it would. */
    public String failure()
    {
        // A replica has none before its data are there.
        return isOn && null == generation && !isReplica ? "there is no log" : failure;
    }

    /** Syncs that took more than two seconds. */
    public long delayedSyncs()
    {
        return syncer.delayed();
    }

    public boolean isSyncing()
    {
        return syncer.isSyncing();
    }

    /**
     * The node ends; the syncer has been closed. What was written is on disk, and the log says so.
     */
    public void close()
    {
        isClosing = true;
        if (null != generation && null == failure && !stream.isBroken() && task.synced.get() == stream.endOffset())
        {
            try
            {
                append(LogRecord.CLEAN);
            }
            catch (final IOException e)
            {
                log.warning("The log could not be closed: " + reason(e));
            }
        }
    }

    /** Behind {@link #close} and the end of the stream. */
    public void closeStore()
    {
        former.forEach(LogGeneration::close);
        store.close();
    }
}
