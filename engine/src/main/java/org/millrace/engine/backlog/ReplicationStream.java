package org.millrace.engine.backlog;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.millrace.engine.base.Check;

/**
 * The replication stream as the writer thread sees it: encodes units into the ring, publishes their end. Without a
 * ring nothing is encoded and the offset stands still. Readers on other threads use {@link BacklogReader}.
 * <p>
 * When storage gives no segment in the middle of a unit the ring is <em>broken</em>: that unit and all later ones are
 * lost to it, the end offset stays at the last whole unit. The node must then disconnect its replicas, take a new
 * replid (a primary's data has moved on while the offset has not) and {@link #deactivate}; until it has, nobody can
 * open a reader.
 */
public final class ReplicationStream implements AutoCloseable
{
    /** A unit from this length on is taken account of when a reader's lag is judged, see {@link #lagAllowance}. */
    public static final int LARGE_UNIT = 1 << 20;

    /** Database of the stream when it is not known: the next command begins with SELECT. */
    public static final int NO_DB = -1;

    private final ReplicationHistory history;
    private final PublishedOffset endOffset = new PublishedOffset(0);
    private final PublishedOffset largeUnitEnd = new PublishedOffset(0);
    private final PublishedOffset largeUnitLength = new PublishedOffset(0);
    private volatile PublishedOffset shown;
    private final PublishedOffset keptByLog = new PublishedOffset(Long.MAX_VALUE);
    private final ArrayList<BacklogRing> retired = new ArrayList<>();
    private byte[] multi;
    private byte[] exec;
    private byte[] ping;
    private byte[] getAck;
    private String select;
    private BacklogRing ring;

    /** What keeps the stream on disk; null if nothing does. */
    private StreamLog log;
    private long historyBytes;
    private int selectedDb = NO_DB;
    private int unitCommands;
    private int argsLeft;
    private long unitStart;

    /** @param historyBytes repl-backlog-size. */
    public ReplicationStream(final ReplicationHistory history, final long historyBytes)
    {
        this.history = history;
        historyBytes(historyBytes);
        names(UnaryOperator.identity());
    }

    /** What the stream calls the commands that it puts in itself: {@code rename-command}. At start. */
    public void names(final UnaryOperator<String> names)
    {
        multi = command(names.apply("MULTI"));
        exec = command(names.apply("EXEC"));
        ping = command(names.apply("ping"));
        getAck = command(names.apply("REPLCONF"), "GETACK", "*");
        select = names.apply("SELECT");
    }

    public ReplicationHistory history()
    {
        return history;
    }

    /** True while there is a ring. */
    public boolean isActive()
    {
        return null != ring;
    }

    /** True if the ring is a log on disk, which is never given up for want of replicas. */
    public boolean isLog()
    {
        return null != ring && null != log && log.isActive();
    }

    /** The stream is to be durable. */
    public boolean isDurable()
    {
        return null != log && log.isOn();
    }

    /** Offset up to which a start from the disk would have it all; -1 if it would not have anything yet. */
    public long syncedOffset()
    {
        return null == log || !log.isActive() || log.isUncovered() || isBroken() ? -1 : log.synced();
    }

    /** Somebody waits for {@link #syncedOffset}. */
    public void hurrySync()
    {
        if (null != log && SyncPolicy.EVERYSEC == log.policy())
        {
            log.sync();
        }
    }

    /** True if the ring has lost bytes for want of a segment, see the class comment. */
    public boolean isBroken()
    {
        return null != ring && ring.hasFailed();
    }

    /** Make the ring; the next byte is endOffset + 1. False if storage gives no segment. */
    public boolean activate(final SegmentStorage storage)
    {
        Check.that(null == ring, "ring made twice", endOffset(), 0);
        final LogGeneration generation = null == log ? null : log.begin();
        if (null != log && log.isOn() && null == generation)
        {
            return false;
        }

        final BacklogRing fresh = null == generation
            ? new BacklogRing(storage, endOffset() + 1, historyBytes)
            : new BacklogRing(generation, endOffset() + 1, historyBytes, generation.logId());
        if (!fresh.open())
        {
            if (null != generation)
            {
                log.ended();
            }

            fresh.close();
            return false;
        }

        ring = fresh;
        if (null != generation)
        {
            log.opened(fresh, endOffset());
            log.showWhatIsSafe();
        }

        return true;
    }

    /** At start: what keeps the stream on disk, if its ring is to be a log. */
    void log(final StreamLog streamLog)
    {
        log = streamLog;
    }

    /**
     * Go on with the ring that an earlier process has left; all of it is in the data.
     *
     * @param scan its end is {@link #endOffset} or lies behind it: what is behind was no whole unit.
     * @return false if there is no segment.
     * @throws IOException if the log cannot be written to.
     */
    boolean adopt(final LogGeneration generation, final LogScan scan) throws IOException
    {
        Check.that(null == ring && scan.end() >= endOffset(), "log adopted behind its end", endOffset(), scan.end());
        final List<Segment> segments = scan.take(endOffset());
        final BacklogRing adopted = new BacklogRing(
            generation, segments.isEmpty() ? endOffset() + 1 : scan.first(), historyBytes, generation.logId());
        if (!segments.isEmpty())
        {
            adopted.adopt(segments, endOffset());
        }
        else if (!adopted.open())
        {
            adopted.close();
            return false;
        }

        ring = adopted;
        return true;
    }

    BacklogRing ring()
    {
        return ring;
    }

    /** Drop the ring; its memory is released once the last reader is closed. The offset stays. */
    public void deactivate()
    {
        Check.that(0 == unitCommands, "ring dropped inside a unit", unitCommands, 0);
        if (null != ring)
        {
            if (null != log)
            {
                log.ended();
            }

            ring.retire();
            retired.add(ring);
            ring = null;
            releaseRetired();
        }
    }

    /** Set the offset of the last byte; only without a ring (restart, full resync of a replica). */
    public void endOffset(final long offset)
    {
        Check.that(null == ring, "offset set under a ring: offset, end", offset, endOffset());
        endOffset.set(offset);
    }

    /** Offset of the last published byte: master_repl_offset. Any thread. */
    public long endOffset()
    {
        return endOffset.get();
    }

    /** Offset of the last byte that replicas may see: the end, or what of it is on disk. Any thread. */
    public long visibleEnd()
    {
        final PublishedOffset limit = shown;
        return null == limit ? endOffset() : Math.min(limit.get(), endOffset());
    }

    /** Replicas see no further than this says; null: all that is written. */
    void showUpTo(final PublishedOffset limit)
    {
        shown = limit;
        if (null != ring)
        {
            ring.showUpTo(limit);
        }
    }

    /** Offset of the first byte of history that may be asked for; end + 1 if there is none. */
    public long firstOffset()
    {
        return null == ring || ring.hasFailed() ? endOffset() + 1 : ring.firstOffset();
    }

    /** Bytes of history: repl_backlog_histlen. */
    public long historyLength()
    {
        return endOffset() + 1 - firstOffset();
    }

    /** Memory of the ring, of rings that wait for their last reader too. */
    public long heldBytes()
    {
        long held = null == ring ? 0 : ring.heldBytes();
        for (int i = 0; i < retired.size(); i++)
        {
            held += retired.get(i).heldBytes();
        }

        return held;
    }

    /** repl-backlog-size. */
    public long historyBytes()
    {
        return historyBytes;
    }

    /** repl-backlog-size; may change at any time. */
    public void historyBytes(final long bytes)
    {
        historyBytes = Math.max(1, bytes);
        if (null != ring)
        {
            ring.historyBytes(historyBytes);
        }
    }

    /** Database last selected in the stream, or {@link #NO_DB}. */
    public int selectedDb()
    {
        return selectedDb;
    }

    /** Set it: -1 at every cut and promotion, so that the next command begins with SELECT. */
    public void selectedDb(final int db)
    {
        Check.that(0 == unitCommands, "stream database set inside a unit: db", db, unitCommands);
        selectedDb = db;
    }

    /** Begin a command of the open unit; opens a unit if none is. {@code db} -1: carries no database. */
    public void beginCommand(final int db, final int argCount)
    {
        final BacklogRing ring = this.ring;
        if (null == ring)
        {
            return;
        }

        Check.that(0 == argsLeft, "stream command lacks arguments: missing, commands", argsLeft, unitCommands);
        if (0 == unitCommands)
        {
            unitStart = ring.writeOffset();
        }
        else if (1 == unitCommands)
        {
            // Only now is it known that the unit needs framing. What it holds so far is one command, nearly always
            // short; SELECT, if it has one, comes after MULTI, as in 7.2.
            ring.insert(unitStart, multi);
        }

        unitCommands++;
        if (db >= 0 && db != selectedDb)
        {
            ring.putHeader('*', 2);
            ring.putBulk(select);
            ring.putBulk(db);
            selectedDb = db;
        }

        ring.putHeader('*', argCount);
        argsLeft = argCount;
    }

    public void arg(final long address, final int length)
    {
        if (null != ring)
        {
            ring.putBulk(address, length);
            argsLeft--;
        }
    }

    /** An ASCII word. */
    public void arg(final String word)
    {
        if (null != ring)
        {
            ring.putBulk(word);
            argsLeft--;
        }
    }

    /** A number in decimal. */
    public void arg(final long number)
    {
        if (null != ring)
        {
            ring.putBulk(number);
            argsLeft--;
        }
    }

    /** True between the first {@link #beginCommand} and {@link #endUnit}. */
    public boolean isInUnit()
    {
        return unitCommands > 0;
    }

    /**
     * Close the unit: two or more commands are framed by MULTI and EXEC, then the end offset is published. Nothing
     * happens when no command was begun. Called once per client command before its reply is written to a socket.
     */
    public void endUnit()
    {
        if (0 == unitCommands)
        {
            return;
        }

        Check.that(0 == argsLeft, "stream command lacks arguments: missing, commands", argsLeft, unitCommands);
        if (unitCommands > 1)
        {
            ring.put(exec);
        }

        unitCommands = 0;
        publish();
    }

    /** The node ends in the middle of a unit, which is never published: only {@link #deactivate} may follow. */
    public void abandonUnit()
    {
        unitCommands = 0;
        argsLeft = 0;
    }

    /**
     * Replica role: append received bytes as they are and publish. The offset is the primary's, so it moves on even
     * without a ring or with a broken one.
     */
    public void appendVerbatim(final long address, final long length)
    {
        Check.that(0 == unitCommands, "verbatim bytes inside a unit", unitCommands, 0);
        if (null != ring)
        {
            ring.put(address, length);
            if (!ring.hasFailed())
            {
                publish();
                return;
            }
        }

        endOffset.set(endOffset() + length);
    }

    /**
     * Bytes that a reader at {@code nextOffset} may lag beyond every limit. What a log keeps anyway costs nothing. Else
     * the length of the last large unit, while it has not passed it: a single command longer than the limit would drop
     * each replica in turn. Any thread.
     */
    public long lagAllowance(final long nextOffset)
    {
        final long kept = keptByLog.get();
        if (nextOffset >= kept)
        {
            return Long.MAX_VALUE;
        }

        final long unit = nextOffset <= largeUnitEnd.get() ? largeUnitLength.get() : 0;
        return Math.max(unit, endOffset.get() + 1 - kept);
    }

    /** The log keeps all bytes from here on. */
    void keptByLog(final long offset)
    {
        keptByLog.set(offset);
    }

    /** {@code ping}, 14 bytes, a unit of its own. */
    public void ping()
    {
        putUnit(ping);
    }

    /** {@code REPLCONF GETACK *}, 37 bytes, a unit of its own. */
    public void getAck()
    {
        putUnit(getAck);
    }

    /** Writer: release what neither history nor readers need. @return work count. */
    public int doWork()
    {
        return (null == ring ? 0 : ring.trim()) + (retired.isEmpty() ? 0 : releaseRetired());
    }

    /** True if a reader may be opened at {@code offset}: it is within the history, or the byte after its end. */
    public boolean holds(final long offset)
    {
        return null != ring && !ring.hasFailed() && offset >= ring.firstOffset() && offset <= endOffset() + 1;
    }

    /**
     * A reader whose next byte is {@code offset}; made by the writer, then handed to the feeder. What {@link #holds}
     * has said is still true, even if a reader was closed by another thread meanwhile.
     */
    public BacklogReader openReader(final long offset)
    {
        Check.that(null != ring && !ring.hasFailed(), "no such history: offset, end", offset, endOffset());
        return ring.openReader(offset);
    }

    /** The end: releases all memory. Every reader must have been closed. */
    @Override
    public void close()
    {
        deactivate();
        // Also those whose last reader was closed after they were given up.
        releaseRetired();
        Check.that(retired.isEmpty(), "stream closed with readers: rings", retired.size(), 0);
    }

    private void putUnit(final byte[] bytes)
    {
        Check.that(0 == unitCommands, "unit inside a unit", unitCommands, bytes.length);
        if (null != ring)
        {
            ring.put(bytes);
            publish();
        }
    }

    private void publish()
    {
        if (!ring.hasFailed())
        {
            final long end = ring.writeOffset() - 1;
            final long length = end - endOffset.get();
            if (length >= LARGE_UNIT)
            {
                largeUnitLength.set(length);
                largeUnitEnd.set(end);
            }

            ring.publish();
            endOffset.set(end);
        }
    }

    private int releaseRetired()
    {
        int released = 0;
        for (int i = retired.size() - 1; i >= 0; i--)
        {
            if (!retired.get(i).hasReaders())
            {
                retired.remove(i).close();
                released++;
            }
        }

        return released;
    }

    private static byte[] command(final String... words)
    {
        final StringBuilder text = new StringBuilder().append('*').append(words.length).append("\r\n");
        for (final String word : words)
        {
            text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }

        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
