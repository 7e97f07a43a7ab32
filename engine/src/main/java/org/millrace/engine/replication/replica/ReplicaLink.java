package org.millrace.engine.replication.replica;

import static org.millrace.engine.replication.replica.LinkState.AWAIT_PONG;
import static org.millrace.engine.replication.replica.LinkState.AWAIT_PSYNC;
import static org.millrace.engine.replication.replica.LinkState.AWAIT_REPLCONF;
import static org.millrace.engine.replication.replica.LinkState.BACKOFF;
import static org.millrace.engine.replication.replica.LinkState.CONNECTING;
import static org.millrace.engine.replication.replica.LinkState.IDLE;
import static org.millrace.engine.replication.replica.LinkState.SNAPSHOT;
import static org.millrace.engine.replication.replica.LinkState.STREAMING;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.base.Check;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.resp.OutBuffer;
import org.millrace.engine.transport.Connection;

/**
 * The replica's side of replication: keeps one link to the primary alive and brings what arrives into the data. Writer
 * thread only; never blocks. {@link #doWork} does a bounded step for the present state. It opens sockets through the
 * reactor and gets its time as an argument, so a simulator drives it exactly as a node does.
 */
final class ReplicaLink implements AutoCloseable
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);

    /** A reply that has begun must be complete within this time, as in Redis. */
    private static final long LINE_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private static final int LINE_MAX = 1024;
    private static final int OUTPUT_CAPACITY = 4096;
    private static final long NO_TIME = Long.MIN_VALUE;

    private final ReplicaContext context;
    private final ReplicaSettings settings;
    private final StreamPosition position;
    private final PayloadLoader.Factory loaders;
    private final EventLog log;
    private final Statistics statistics;
    private final RetryDelay retry;
    private final LinkHandshake handshake;
    private final StreamApplier applier;
    private final LinkInput input = new LinkInput();
    private final OutBuffer output = new OutBuffer(OUTPUT_CAPACITY);

    private long nowMs;
    private LinkState state = IDLE;
    private String host = "";
    private int port;
    private LinkChannel channel;
    private LinkSession session;
    private SnapshotReceiver receiver;
    private PsyncReply fullResync;
    private boolean isFresh;
    private String connectPrefix = "";
    private String connectSuffix = "";
    private String lastError = "";
    private long retryAtNs;
    private long lastIoNs;
    private long lineBegunNs = NO_TIME;
    private long streamingSinceNs;
    private long downSinceNs = NO_TIME;
    private long nextSignNs;

    ReplicaLink(final ReplicaContext context, final StreamPosition position, final PayloadLoader.Factory loaders)
    {
        this.context = context;
        this.position = position;
        this.loaders = loaders;
        settings = context.settings();
        log = context.log();
        statistics = context.statistics();
        retry = new RetryDelay(context.random());
        handshake = new LinkHandshake(settings, position, log);
        applier = new StreamApplier(
            context.executor(), position, settings, statistics, log, context.host()::isDiskRefusing, this::onGetAck);
    }

    /** Who is to be followed; takes effect with {@link #start}. */
    void target(final String newHost, final int newPort)
    {
        host = newHost;
        port = newPort;
    }

    /** Do not wait out the delay before the next attempt, if there is one. */
    void hurry(final long nowNs)
    {
        if (BACKOFF == state)
        {
            retryAtNs = nowNs;
        }
    }

    /** Follow the {@link #target} from now on; any former link must have been stopped. Connects at once. */
    void start(final long nowNs)
    {
        retry.reset();
        lastError = "";
        retryAtNs = nowNs;
        connectPrefix = "Connecting to MASTER ";
        connectSuffix = "";
        moveTo(BACKOFF);
        backoff(nowNs);
    }

    /** End the link; what it had applied stays, and so does the position. */
    void stop(final long nowNs)
    {
        if (IDLE == state)
        {
            return;
        }

        if (SNAPSHOT == state)
        {
            receiver.abort("full resynchronization given up: this node was told to follow another or none");
        }

        if (STREAMING == state)
        {
            endSession(nowNs);
        }

        release();
        moveTo(IDLE);
    }

    /** A bounded step; returns how much it did. */
    int doWork(final long wallMs, final long nowNs)
    {
        nowMs = wallMs;
        final LinkState before = state;
        final int work = workIn(before, nowNs);
        return before == state ? work : Math.max(1, work);
    }

    private int workIn(final LinkState present, final long nowNs)
    {
        return switch (present)
        {
            case IDLE -> 0;
            case BACKOFF -> backoff(nowNs);
            case CONNECTING -> connecting(nowNs);
            case AWAIT_PONG -> awaitPong(nowNs);
            case AWAIT_REPLCONF -> awaitReplconf(nowNs);
            case AWAIT_PSYNC -> awaitPsync(nowNs);
            case SNAPSHOT -> snapshot(nowNs);
            case STREAMING -> streaming(nowNs);
        };
    }

    /** Time at which {@link #doWork} has something to do even if no event comes; Long.MAX_VALUE for none. */
    long nextDeadlineNs()
    {
        return switch (state)
        {
            case IDLE -> Long.MAX_VALUE;
            case BACKOFF -> retryAtNs;
            case CONNECTING, AWAIT_PONG, AWAIT_REPLCONF, AWAIT_PSYNC -> NO_TIME == lineBegunNs
                ? timeoutAtNs()
                : Math.min(timeoutAtNs(), lineBegunNs + LINE_TIMEOUT_NS);
            case SNAPSHOT -> snapshotDeadlineNs();
            case STREAMING -> isFresh ? lastIoNs : nextSignNs;
        };
    }

    private long snapshotDeadlineNs()
    {
        if (isFresh || receiver.isBusy())
        {
            return lastIoNs;
        }

        return receiver.hasPayload() ? nextSignNs : timeoutAtNs();
    }

    LinkState state()
    {
        return state;
    }

    String host()
    {
        return host;
    }

    int port()
    {
        return port;
    }

    /** The session of the live stream, or null. */
    LinkSession session()
    {
        return session;
    }

    /** Offset of the last byte that has come, applied or not. */
    long readOffset()
    {
        return position.offset() + (STREAMING == state ? input.length() : 0);
    }

    /** Seconds since anything came from the primary. */
    long silentSeconds(final long nowNs)
    {
        return (nowNs - lastIoNs) / SECOND_NS;
    }

    /** Seconds since the stream broke off, -1 if it never flowed. */
    long downSeconds(final long nowNs)
    {
        return NO_TIME == downSinceNs ? -1 : (nowNs - downSinceNs) / SECOND_NS;
    }

    /** Length of the payload being received: -1 until known, 0 if it ends with a mark. */
    long syncTotalBytes()
    {
        return receiver.totalBytes();
    }

    long syncReadBytes()
    {
        return receiver.readBytes();
    }

    /** Why the last attempt or stream ended; empty once all is well again. */
    String lastError()
    {
        return lastError;
    }

    /** Full resyncs that have failed in a row. */
    int failedResyncs()
    {
        return retry.failures();
    }

    /** Time until the next attempt, 0 if none is being waited for. */
    long retryDelayMs(final long nowNs)
    {
        return BACKOFF == state ? Math.max(0, TimeUnit.NANOSECONDS.toMillis(retryAtNs - nowNs)) : 0;
    }

    /** This node has become a primary: the time without a link counts from when it is a replica again. */
    void forgetDownTime()
    {
        downSinceNs = NO_TIME;
    }

    /** Memory held for bytes that have come and are not applied. */
    long inputCapacity()
    {
        return input.capacity();
    }

    @Override
    public void close()
    {
        if (IDLE != state)
        {
            stop(lastIoNs);
        }

        input.close();
        output.close();
        applier.close();
    }

    private int backoff(final long nowNs)
    {
        if (nowNs < retryAtNs)
        {
            return 0;
        }

        log.notice(connectPrefix + host + ":" + port + connectSuffix);
        channel = new LinkChannel(input, output);
        channel.connect(context.reactor(), host, port, settings.bindSource);
        lastIoNs = nowNs;
        lineBegunNs = NO_TIME;
        log.notice("MASTER <-> REPLICA sync started");
        return moveTo(CONNECTING);
    }

    private int connecting(final long nowNs)
    {
        if (!channel.isConnectDone())
        {
            return checkHandshakeTimeout(nowNs);
        }

        if (!channel.connection().isOpen())
        {
            return refuse(nowNs, "Error condition on socket for SYNC: " + channel.failure());
        }

        log.notice("Non blocking connect for SYNC fired the event.");
        lastIoNs = nowNs;
        channel.connection().noDelay(true);
        if (settings.keepAliveSeconds > 0)
        {
            channel.connection().keepAlive(settings.keepAliveSeconds);
        }

        channel.command("PING");
        channel.flush();
        return moveTo(AWAIT_PONG);
    }

    private int awaitPong(final long nowNs)
    {
        final String line = pollLine(nowNs);
        if (null == line)
        {
            return 0;
        }

        if (!LinkHandshake.isAlive(line))
        {
            return refuse(nowNs, "Error reply to PING from master: '" + line + "'");
        }

        log.notice("Master replied to PING, replication can continue...");
        handshake.introduce(channel);
        return moveTo(AWAIT_REPLCONF);
    }

    private int awaitReplconf(final long nowNs)
    {
        final String line = pollLine(nowNs);
        if (null == line)
        {
            return 0;
        }

        final String refusal = handshake.onReply(line);
        if (null != refusal)
        {
            return refuse(nowNs, refusal);
        }

        if (!handshake.isIntroduced())
        {
            return 1;
        }

        handshake.ask(channel);
        return moveTo(AWAIT_PSYNC);
    }

    private int awaitPsync(final long nowNs)
    {
        final String line = pollLine(nowNs);
        if (null == line)
        {
            return 0;
        }

        final PsyncReply psync = PsyncReply.parse(line);
        return switch (psync.kind())
        {
            case WAIT -> 1;
            case FULL -> beginFullResync(psync);
            case CONTINUE -> resume(psync, nowNs);
            case TRANSIENT -> refuse(
                nowNs, "Master is currently unable to PSYNC but should be in the future: " + line);
            case UNSUPPORTED -> fallBackToSync(psync, line);
        };
    }

    private int beginFullResync(final PsyncReply psync)
    {
        if (null == psync.replid())
        {
            log.warning("Master replied with wrong +FULLRESYNC syntax.");
        }
        else
        {
            log.notice("Full resync from master: " + psync.replid() + ":" + psync.offset());
        }

        fullResync = psync;
        receiver = new SnapshotReceiver(context, position, loaders, psync.replid());
        return moveTo(SNAPSHOT);
    }

    private int fallBackToSync(final PsyncReply psync, final String line)
    {
        if (line.startsWith("-ERR"))
        {
            log.notice("Master does not support PSYNC or is in error state (reply: " + line + ")");
        }
        else
        {
            log.warning("Unexpected reply to PSYNC from master: " + line);
        }

        log.notice("Retrying with SYNC...");
        channel.raw("SYNC\r\n");
        channel.flush();
        fullResync = psync;
        receiver = new SnapshotReceiver(context, position, loaders, null);
        return moveTo(SNAPSHOT);
    }

    private int resume(final PsyncReply psync, final long nowNs)
    {
        if (!handshake.hasAskedToResume())
        {
            return refuse(nowNs, "Master replied +CONTINUE to a request for a full resynchronization");
        }

        log.notice("Successful partial resynchronization with master.");
        if (position.resume(psync.replid()))
        {
            log.notice("Master replication ID changed to " + psync.replid());
            context.subReplicas().disconnectAll("the replication ID has changed");
        }

        log.notice("MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
        retry.onPartialResync();
        return stream(nowNs);
    }

    private int snapshot(final long nowNs)
    {
        final boolean isBusy = receiver.isBusy();
        final int received = isBusy ? 0 : channel.receive();
        if (received > 0)
        {
            statistics.replInputBytes += received;
        }

        if (received > 0 || isBusy)
        {
            // Whom we do not read from is not silent.
            lastIoNs = nowNs;
        }

        final boolean hasWork = isFresh || isBusy || received > 0;
        isFresh = false;
        final SnapshotReceiver.Result result = hasWork
            ? receiver.receive(input, nowMs)
            : SnapshotReceiver.Result.MORE;
        if (SnapshotReceiver.Result.DONE == result)
        {
            return finishFullResync(nowNs);
        }

        if (SnapshotReceiver.Result.MORE == result)
        {
            if (Connection.CLOSED == received)
            {
                receiver.abort("I/O error trying to sync with MASTER: " + channel.failure());
            }
            else if (isSilent(nowNs))
            {
                receiver.abort(
                    "Timeout receiving bulk data from MASTER... If the problem persists try to set the " +
                        "'repl-timeout' parameter in redis.conf to a larger value.");
            }
            else
            {
                tellAlive(nowNs);
                return receiver.isBusy() && !receiver.isWaitingForDisk() ? 1 : received;
            }
        }

        return failFullResync(nowNs);
    }

    private void tellAlive(final long nowNs)
    {
        if (receiver.hasPayload() && nowNs >= nextSignNs)
        {
            nextSignNs = nowNs + SECOND_NS;
            channel.newline();
            channel.flush();
        }
    }

    private int finishFullResync(final long nowNs)
    {
        position.begin(fullResync.replid(), fullResync.offset(), receiver.streamDb());
        log.notice("MASTER <-> REPLICA sync: Finished with success");
        final boolean hasMark = receiver.hasMark();
        receiver.close();
        receiver = null;
        stream(nowNs);
        retry.onFullResync();
        if (hasMark)
        {
            // After a payload that ends with a mark the primary holds its stream back until it hears of us.
            channel.ack(position.isAcknowledged() ? position.offset() : -1);
            channel.flush();
        }

        return 1;
    }

    private int failFullResync(final long nowNs)
    {
        final String failure = receiver.failure();
        final long delayNs = switch (receiver.cause())
        {
            case REFUSED -> RetryDelay.BEAT_NS;
            case CUT -> retry.onFailedResync(true);
            case BAD -> retry.onFailedResync(false);
            case UNHELD -> retry.onUnheldResync();
        };
        if (SnapshotReceiver.Cause.UNHELD == receiver.cause())
        {
            log.warning(
                "The next full resynchronization is tried in " + TimeUnit.NANOSECONDS.toSeconds(delayNs) +
                    " s: none can succeed before the data of the primary have changed. REPLICAOF with the same " +
                    "address tries at once.");
        }

        return retryAfter(nowNs, delayNs, failure);
    }

    /** Begin to apply the stream; what has come behind the reply or the payload belongs to it. */
    private int stream(final long nowNs)
    {
        session = new LinkSession(context.host().nextSessionId(), channel.connection(), applier);
        session.createdMs = nowNs / NS_PER_MS;
        applier.begin(session, input);
        context.host().onLinkSession(session);
        lastIoNs = nowNs;
        streamingSinceNs = nowNs;
        nextSignNs = nowNs + SECOND_NS;
        downSinceNs = NO_TIME;
        if (0 == retry.failures())
        {
            lastError = "";
        }

        return moveTo(STREAMING);
    }

    private int streaming(final long nowNs)
    {
        // What has come is applied before more is taken in.
        final int received = isFresh ? 0 : channel.receive();
        if (received > 0)
        {
            lastIoNs = nowNs;
            statistics.replInputBytes += received;
        }

        if (received > 0 || isFresh)
        {
            final StreamApplier.Result result = applier.apply();
            isFresh = applier.hasMore();
            if (StreamApplier.Result.APPLIED != result)
            {
                return stopApplying(result, nowNs);
            }
        }

        if (Connection.CLOSED == received || session.isKilled())
        {
            return lose(nowNs, Connection.CLOSED == received ? channel.failure() : "closed by CLIENT KILL");
        }

        if (isSilent(nowNs))
        {
            final String reason = "MASTER timeout: no data nor PING received...";
            log.warning(reason);
            return lose(nowNs, reason);
        }

        if (nowNs >= nextSignNs)
        {
            beat(nowNs);
            return 1;
        }

        return isFresh ? 1 : received;
    }

    private void beat(final long nowNs)
    {
        nextSignNs = nowNs + SECOND_NS;
        if (position.isAcknowledged())
        {
            channel.ack(position.offset());
        }

        channel.flush();
        if (retry.failures() > 0 && nowNs - streamingSinceNs >= RetryDelay.STABLE_NS)
        {
            retry.reset();
            lastError = "";
        }
    }

    private void onGetAck(final long offset)
    {
        if (position.isAcknowledged())
        {
            channel.ack(offset);
            channel.flush();
        }
    }

    /** The stream cannot be followed from here: to skip a command would be to differ from the primary silently. */
    private int stopApplying(final StreamApplier.Result result, final long nowNs)
    {
        final boolean isCorrupt = StreamApplier.Result.CORRUPT == result;
        final String failure = applier.failure();
        position.forbidResume();
        log.warning(
            isCorrupt
                ? failure
                : "Replication stopped, for this node would not hold the same data as its primary: " + failure +
                    ". The link is closed; a full resynchronization will be tried.");
        endSession(nowNs);
        return retryAfter(nowNs, retry.onFailedResync(isCorrupt), failure);
    }

    private int lose(final long nowNs, final String reason)
    {
        endSession(nowNs);
        retryAfter(nowNs, retry.onLostStream(nowNs - streamingSinceNs), reason);
        connectSuffix = "";
        return 1;
    }

    private void endSession(final long nowNs)
    {
        log.notice("Connection with master lost.");
        if (position.isResumable())
        {
            log.notice("Caching the disconnected master state.");
        }

        downSinceNs = nowNs;
        session = null;
        context.host().onLinkSession(null);
    }

    /** The next line of the handshake, or null: then none has come, or the attempt has failed. */
    private String pollLine(final long nowNs)
    {
        final int received = channel.receive();
        if (received > 0)
        {
            lastIoNs = nowNs;
            statistics.replInputBytes += received;
        }

        final int length = input.lineLength(LINE_MAX);
        if (length > 0)
        {
            lineBegunNs = NO_TIME;
            return input.takeLine(length);
        }

        if (0 == length && Connection.CLOSED != received)
        {
            if (0 == input.length())
            {
                checkHandshakeTimeout(nowNs);
                return null;
            }

            lineBegunNs = NO_TIME == lineBegunNs ? nowNs : lineBegunNs;
            if (nowNs - lineBegunNs < LINE_TIMEOUT_NS)
            {
                return null;
            }
        }

        final String why = length < 0 ? "the line is too long" : 0 == input.length() ? channel.failure() : "timeout";
        log.warning("Failed to read response from the server: " + why);
        refuse(
            nowNs,
            AWAIT_PSYNC == state
                ? "Master did not reply to PSYNC, will try later"
                : "Master did not respond to command during SYNC handshake");
        return null;
    }

    private int checkHandshakeTimeout(final long nowNs)
    {
        if (!isSilent(nowNs))
        {
            return 0;
        }

        final String reason = "Timeout connecting to the MASTER...";
        log.warning(reason);
        return retryAfter(nowNs, 0, reason);
    }

    /** Strictly more whole seconds than repl-timeout, as Redis counts them. */
    private boolean isSilent(final long nowNs)
    {
        return nowNs >= timeoutAtNs();
    }

    private long timeoutAtNs()
    {
        return lastIoNs + (settings.timeoutSeconds + 1L) * SECOND_NS;
    }

    /** The attempt has failed before a resync: try again at the next beat. */
    private int refuse(final long nowNs, final String reason)
    {
        log.warning(reason);
        return retryAfter(nowNs, RetryDelay.BEAT_NS, reason);
    }

    private int retryAfter(final long nowNs, final long delayNs, final String reason)
    {
        release();
        lastError = reason;
        retryAtNs = nowNs + delayNs;
        connectPrefix = 0 == delayNs ? "Reconnecting to MASTER " : "Connecting to MASTER ";
        connectSuffix = 0 == delayNs ? " after failure" : "";
        return moveTo(BACKOFF);
    }

    private void release()
    {
        if (null != channel)
        {
            channel.close();
            channel = null;
        }

        if (null != receiver)
        {
            receiver.close();
            receiver = null;
        }
    }

    /** The only place that assigns {@link #state}. */
    private int moveTo(final LinkState next)
    {
        Check.that(state.canMoveTo(next), "illegal link transition: from, to", state.code(), next.code());
        state = next;
        isFresh = true;
        return 1;
    }
}
