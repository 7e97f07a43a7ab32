package org.millrace.engine.replication.replica;

import org.millrace.engine.base.Check;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.snapshot.SpoolFile;
import org.millrace.engine.snapshot.SpoolStorage;

/**
 * One full resync from the line that follows +FULLRESYNC to the last byte of the payload: framing, and the choice of
 * the way into service ({@link PayloadIntake}), as repl-diskless-load says. A node without data loads as the bytes
 * come; else the old data serve until the new are there whole. Writer thread; made for one resync.
 */
final class SnapshotReceiver
{
    enum Result
    {
        /** Wants more bytes or more time. */
        MORE,
        /** The data is in service, the stream follows. */
        DONE,
        /** See {@link #failure()}; nothing of the snapshot is left in service. */
        FAILED
    }

    /** What a failure says about the next attempt. */
    enum Cause
    {
        /** The primary sent no snapshot. */
        REFUSED,
        /** The bytes stopped: all may be well the next time. */
        CUT,
        /** The bytes were wrong, or there was no room for them: the same may happen again. */
        BAD,
        /** They hold what this node does not: the same will happen again until the primary's data have changed. */
        UNHELD
    }

    private static final int HEADER_MAX = 1024;
    private static final int MARK_LENGTH = 40;
    private static final int MARK_AT = "$EOF:".length();

    private final LinkHost host;
    private final StreamPosition position;
    private final ReplicaContext context;
    private final PayloadLoader.Factory loaders;
    private final SpoolStorage spools;
    private final ReplicaSettings settings;
    private final EventLog log;
    private final String replid;

    private SnapshotPhase phase = SnapshotPhase.HEADER;
    private PayloadIntake intake;
    private String mark;
    private long totalBytes = -1;
    private long readBytes;
    private String failure;
    private Cause cause;

    /** @param replid that the primary gave with +FULLRESYNC, or null. */
    SnapshotReceiver(
        final ReplicaContext context,
        final StreamPosition position,
        final PayloadLoader.Factory loaders,
        final String replid)
    {
        this.context = context;
        this.position = position;
        this.loaders = loaders;
        this.replid = replid;
        host = context.host();
        spools = context.spools();
        settings = context.settings();
        log = context.log();
    }

    /** Work on what has arrived, as far as it goes. */
    Result receive(final LinkInput input, final long nowMs)
    {
        boolean isGoingOn = true;
        while (isGoingOn)
        {
            isGoingOn = switch (phase)
            {
                case HEADER -> readHeader(input, nowMs);
                case IMAGE -> readImage(input);
                case MARK -> readMark(input);
                case TAIL -> skipTail(input);
                case FINISH -> finish();
                case DONE, FAILED -> false;
            };
        }

        return switch (phase)
        {
            case DONE -> Result.DONE;
            case FAILED -> Result.FAILED;
            default -> Result.MORE;
        };
    }

    /** The link is gone or is being stopped: what was loaded so far is discarded. */
    void abort(final String reason)
    {
        if (!phase.isEnd())
        {
            fail(reason, Cause.CUT);
        }
    }

    /** Why it failed, for log and INFO. */
    String failure()
    {
        return failure;
    }

    Cause cause()
    {
        return cause;
    }

    /** True once the payload has begun: while it is loaded the primary must hear that we are alive. */
    boolean hasPayload()
    {
        return SnapshotPhase.HEADER != phase;
    }

    /** It goes on without new bytes, and wants none: what the primary sends meanwhile stays in the socket. */
    boolean isBusy()
    {
        return null != intake && (SnapshotPhase.FINISH == phase || intake.isBusy());
    }

    /** It {@link #isBusy}, but can do nothing before the disk has done its part. */
    boolean isWaitingForDisk()
    {
        return null != intake && intake.isWaitingForDisk();
    }

    /** Announced length; -1 until the header has come, 0 if it ends with a mark. */
    long totalBytes()
    {
        return totalBytes;
    }

    /** Payload bytes taken in. */
    long readBytes()
    {
        return readBytes;
    }

    boolean hasMark()
    {
        return null != mark;
    }

    /** Database selected in the stream where the snapshot was cut; 0 if it does not say. */
    int streamDb()
    {
        final int streamDb = intake.loader().streamDb();
        return streamDb >= 0 && streamDb < settings.databases ? streamDb : 0;
    }

    /** Free what the load has used; the result stays. */
    void close()
    {
        if (null != intake)
        {
            intake.close();
        }
    }

    private boolean readHeader(final LinkInput input, final long nowMs)
    {
        final int length = input.lineLength(HEADER_MAX);
        if (length <= 0)
        {
            return length < 0 &&
                fail("Bad protocol from MASTER, the line before the payload is too long", Cause.REFUSED);
        }

        final String line = input.takeLine(length);
        if (line.isEmpty())
        {
            return true;
        }

        if ('-' == line.charAt(0))
        {
            return fail("MASTER aborted replication with an error: " + line.substring(1), Cause.REFUSED);
        }

        if ('$' != line.charAt(0))
        {
            return fail(
                "Bad protocol from MASTER, the first byte is not '$' (we received '" + line +
                    "'), are you sure the host and port are right?",
                Cause.REFUSED);
        }

        if (line.startsWith("$EOF:") && line.length() >= MARK_AT + MARK_LENGTH)
        {
            mark = line.substring(MARK_AT, MARK_AT + MARK_LENGTH);
            totalBytes = 0;
            log.notice("MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF " + destination());
        }
        else if (line.matches("\\$\\d{1,18}"))
        {
            totalBytes = Long.parseLong(line.substring(1));
            log.notice("MASTER <-> REPLICA sync: receiving " + totalBytes + " bytes from master " + destination());
        }
        else
        {
            return fail("Bad protocol from MASTER, no length of the payload (we received '" + line + "')",
                Cause.REFUSED);
        }

        intake = openIntake(nowMs);
        return null == intake ? fail("no memory for a second data set", Cause.BAD) : enter(SnapshotPhase.IMAGE);
    }

    /** Where the bytes will go, as Redis names it. */
    private String destination()
    {
        return isStraight() || ReplicaSettings.DisklessLoad.SWAPDB == settings.disklessLoad ? "to parser" : "to disk";
    }

    private boolean isStraight()
    {
        return !host.hasKeys();
    }

    private PayloadIntake openIntake(final long nowMs)
    {
        if (ReplicaSettings.DisklessLoad.SWAPDB == settings.disklessLoad)
        {
            // Only another point in time of the same history may answer reads while this one is loaded.
            return openBeside(nowMs, position.history().replid().equals(replid));
        }

        if (isStraight())
        {
            return new DirectIntake(
                context, position, loaders.open(host.data(), nowMs, settings.verifyChecksum),
                totalBytes);
        }

        final SpoolFile file = spools.create();
        if (null == file)
        {
            log.warning("No file for the payload of the full resynchronization: it is loaded beside the old data");
            return openBeside(nowMs, false);
        }

        return new StoredIntake(
            context, position, loaders, new StoredPayload(file), nowMs);
    }

    private PayloadIntake openBeside(final long nowMs, final boolean isAsync)
    {
        final DataSet second = host.newDataSet();
        return null == second
            ? null
            : new BesideIntake(
                context, position, second, loaders.open(second, nowMs, settings.verifyChecksum),
                totalBytes, isAsync);
    }

    private boolean readImage(final LinkInput input)
    {
        final boolean hasFed = feed(input);
        if (null != intake.failure())
        {
            return failIntake();
        }

        if (intake.isWhole())
        {
            return enter(hasMark() ? SnapshotPhase.MARK : SnapshotPhase.TAIL);
        }

        return hasFed || failIfShort();
    }

    private boolean readMark(final LinkInput input)
    {
        if (input.length() < MARK_LENGTH)
        {
            return false;
        }

        final String found = LinkInput.text(input.address(), MARK_LENGTH);
        input.take(MARK_LENGTH);
        return found.equals(mark)
            ? enter(SnapshotPhase.FINISH)
            : fail("Replication stream EOF marker is broken", Cause.BAD);
    }

    /** Bytes after the image but within the announced length mean nothing, as in a file. */
    private boolean skipTail(final LinkInput input)
    {
        final long skipped = Math.min(input.length(), totalBytes - readBytes);
        input.take(skipped);
        readBytes += skipped;
        return readBytes == totalBytes && enter(SnapshotPhase.FINISH);
    }

    /** One step a call: a load from a file has many. */
    private boolean finish()
    {
        if (isRefusedAsEmpty())
        {
            return fail("the primary has no data, and replica-refuse-empty-primary keeps those of this node",
                Cause.BAD);
        }

        if (intake.enterService())
        {
            enter(SnapshotPhase.DONE);
        }
        else if (null != intake.failure())
        {
            failIntake();
        }

        return false;
    }

    /** A primary that has lost its data must not cost its replicas theirs. */
    private boolean isRefusedAsEmpty()
    {
        return settings.refusesEmptyPrimary && 0 == intake.loader().keysLoaded() && host.hasKeys();
    }

    /** False if there was nothing to feed, or nothing was taken. */
    private boolean feed(final LinkInput input)
    {
        final long left = hasMark() ? Long.MAX_VALUE : totalBytes - readBytes;
        final int length = (int)Math.min(Math.min(input.length(), left), LinkInput.READ_LENGTH);
        if (0 == length)
        {
            return false;
        }

        final int taken = intake.take(input.address(), length);
        input.take(taken);
        readBytes += taken;
        return taken > 0;
    }

    private boolean failIfShort()
    {
        return !hasMark() && readBytes >= totalBytes &&
            fail("the payload ends before the end of the image: bytes=" + totalBytes, Cause.BAD);
    }

    private boolean failIntake()
    {
        return fail(intake.failure(), intake.loader().isUnheld() ? Cause.UNHELD : Cause.BAD);
    }

    private boolean fail(final String why, final Cause whatFor)
    {
        log.warning(why);
        failure = why;
        cause = whatFor;
        enter(SnapshotPhase.FAILED);
        if (null != intake)
        {
            intake.discard();
            intake = null;
        }

        return false;
    }

    /** The only place that assigns {@link #phase}. */
    private boolean enter(final SnapshotPhase next)
    {
        Check.that(phase.canMoveTo(next), "illegal phase of a snapshot: from, to", phase.ordinal(), next.ordinal());
        phase = next;
        return true;
    }
}
