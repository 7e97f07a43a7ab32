package org.millrace.engine.replication;

import org.millrace.engine.counters.EventLog;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.snapshot.RdbLoader;

/**
 * One full resync from the line that follows +FULLRESYNC to the last byte of the payload: framing, loading while the
 * bytes arrive, and the moment at which the old data is given up. That moment comes only after the snapshot's head has
 * been accepted. Writer thread; made for one resync.
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
        /** The bytes were wrong or could not be held: the same will happen again. */
        BAD
    }

    private enum Phase
    {
        HEADER,
        PREAMBLE,
        LOAD,
        MARK,
        TAIL,
        DONE,
        FAILED
    }

    private static final int HEADER_MAX = 1024;
    private static final int MARK_LENGTH = 40;
    private static final int MARK_AT = "$EOF:".length();

    private final LinkHost host;
    private final StreamPosition position;
    private final SubReplicas subReplicas;
    private final PayloadLoader.Factory loaders;
    private final ReplicaSettings settings;
    private final EventLog log;
    private final boolean isSwapping;
    private final boolean isAsync;

    private Phase phase = Phase.HEADER;
    private PayloadLoader loader;
    private DataSet second;
    private String mark;
    private long totalBytes = -1;
    private long readBytes;
    private boolean isLoading;
    private String failure;
    private Cause cause;

    /** @param replid that the primary gave with +FULLRESYNC, or null. */
    SnapshotReceiver(
        final LinkHost host,
        final StreamPosition position,
        final SubReplicas subReplicas,
        final PayloadLoader.Factory loaders,
        final ReplicaSettings settings,
        final EventLog log,
        final String replid)
    {
        this.host = host;
        this.position = position;
        this.subReplicas = subReplicas;
        this.loaders = loaders;
        this.settings = settings;
        this.log = log;
        isSwapping = ReplicaSettings.DisklessLoad.SWAPDB == settings.disklessLoad;
        // Only another point in time of the same history may answer reads while this one is loaded.
        isAsync = isSwapping && position.history().replid().equals(replid);
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
                case PREAMBLE -> readPreamble(input);
                case LOAD -> load(input);
                case MARK -> readMark(input);
                case TAIL -> skipTail(input);
                case DONE, FAILED -> false;
            };
        }

        if (isLoading)
        {
            host.onLoadProgress(readBytes, loader.keysLoaded());
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
        if (Phase.DONE != phase && Phase.FAILED != phase)
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
        return Phase.HEADER != phase;
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
        final int streamDb = loader.streamDb();
        return streamDb >= 0 && streamDb < settings.databases ? streamDb : 0;
    }

    /** Free what the load has used; the result stays. */
    void close()
    {
        if (null != loader)
        {
            loader.close();
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
            log.notice("MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to parser");
        }
        else if (line.matches("\\$\\d{1,18}"))
        {
            totalBytes = Long.parseLong(line.substring(1));
            log.notice("MASTER <-> REPLICA sync: receiving " + totalBytes + " bytes from master to parser");
        }
        else
        {
            return fail("Bad protocol from MASTER, no length of the payload (we received '" + line + "')",
                Cause.REFUSED);
        }

        return openLoader(nowMs);
    }

    private boolean openLoader(final long nowMs)
    {
        if (isSwapping)
        {
            second = host.newDataSet();
            if (null == second)
            {
                return fail("no memory for a second data set (repl-diskless-load swapdb)", Cause.BAD);
            }
        }

        loader = loaders.open(isSwapping ? second : host.data(), nowMs, settings.verifyChecksum);
        return enter(Phase.PREAMBLE);
    }

    /** Until the loader has accepted header and AUX fields the old data stays untouched. */
    private boolean readPreamble(final LinkInput input)
    {
        final boolean hasFed = feed(input);
        if (RdbLoader.State.FAILED == loader.state())
        {
            return failLoad();
        }

        if (loader.isAtData() || RdbLoader.State.DONE == loader.state())
        {
            if (!isSwapping)
            {
                giveUpPosition();
                log.notice("MASTER <-> REPLICA sync: Flushing old data");
                host.flushData();
            }

            return startLoad();
        }

        return hasFed || failIfShort();
    }

    private boolean startLoad()
    {
        log.notice("MASTER <-> REPLICA sync: Loading DB in memory");
        if (null != loader.producer())
        {
            log.notice("Loading RDB produced by version " + loader.producer());
        }

        isLoading = true;
        host.onLoadBegin(totalBytes, isAsync);
        loader.startData();
        return enter(Phase.LOAD);
    }

    private boolean load(final LinkInput input)
    {
        if (RdbLoader.State.LOADING == loader.state())
        {
            final boolean hasFed = feed(input);
            if (RdbLoader.State.LOADING == loader.state())
            {
                return hasFed || failIfShort();
            }
        }

        if (RdbLoader.State.FAILED == loader.state())
        {
            return failLoad();
        }

        log.notice("Done loading RDB, keys loaded: " + loader.keysLoaded() + ", keys expired: 0.");
        return enter(hasMark() ? Phase.MARK : Phase.TAIL);
    }

    private boolean readMark(final LinkInput input)
    {
        if (input.length() < MARK_LENGTH)
        {
            return false;
        }

        final String found = LinkInput.text(input.address(), MARK_LENGTH);
        input.take(MARK_LENGTH);
        return found.equals(mark) ? enterService() : fail("Replication stream EOF marker is broken", Cause.BAD);
    }

    /** Bytes after the image but within the announced length mean nothing, as in a file. */
    private boolean skipTail(final LinkInput input)
    {
        final long skipped = Math.min(input.length(), totalBytes - readBytes);
        input.take(skipped);
        readBytes += skipped;
        return readBytes == totalBytes && enterService();
    }

    private boolean enterService()
    {
        if (isSwapping)
        {
            giveUpPosition();
            log.notice("MASTER <-> REPLICA sync: Swapping active DB with loaded DB");
            host.switchData(second);
            second = null;
            log.notice("MASTER <-> REPLICA sync: Discarding old DB in background");
        }

        isLoading = false;
        host.onLoadEnd(true);
        return enter(Phase.DONE);
    }

    /** The last moment before the data changes: nobody may resume in the old history from here on. */
    private void giveUpPosition()
    {
        if (position.isResumable())
        {
            log.notice("Discarding previously cached master state.");
        }

        subReplicas.disconnectAll("this replica is loading a new data set");
        position.abandon();
    }

    /** False if there was nothing to feed, or the loader took nothing. */
    private boolean feed(final LinkInput input)
    {
        final long left = hasMark() ? Long.MAX_VALUE : totalBytes - readBytes;
        final int length = (int)Math.min(Math.min(input.length(), left), LinkInput.READ_LENGTH);
        if (0 == length)
        {
            return false;
        }

        final int taken = loader.consume(input.address(), length);
        input.take(taken);
        readBytes += taken;
        return taken > 0;
    }

    private boolean failIfShort()
    {
        return !hasMark() && readBytes >= totalBytes &&
            fail("the payload ends before the end of the image: bytes=" + totalBytes, Cause.BAD);
    }

    private boolean failLoad()
    {
        return fail(
            "Failed trying to load the MASTER synchronization DB from socket: " + loader.error(), Cause.BAD);
    }

    private boolean fail(final String why, final Cause whatFor)
    {
        log.warning(why);
        failure = why;
        cause = whatFor;
        phase = Phase.FAILED;
        if (null != loader)
        {
            loader.close();
            loader = null;
        }

        if (null != second)
        {
            second.discard();
            second.memory().close();
            second = null;
            log.notice("MASTER <-> REPLICA sync: Discarding temporary DB in background");
        }
        else if (isLoading)
        {
            // Never serve a part of the data.
            host.flushData();
        }

        if (isLoading)
        {
            isLoading = false;
            host.onLoadEnd(false);
        }

        return false;
    }

    private boolean enter(final Phase next)
    {
        phase = next;
        return true;
    }
}
