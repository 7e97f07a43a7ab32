package org.millrace.engine.replication.replica;

import static org.millrace.engine.replication.replica.LinkState.BACKOFF;
import static org.millrace.engine.replication.replica.LinkState.CONNECTING;
import static org.millrace.engine.replication.replica.LinkState.IDLE;
import static org.millrace.engine.replication.replica.LinkState.SNAPSHOT;
import static org.millrace.engine.replication.replica.LinkState.STREAMING;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.base.Check;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.resp.OutBuffer;

/**
 * The replica's side of replication: keeps one link to the primary alive and brings what arrives into the data. It has
 * the state, the connection and the delay before the next attempt; what is done in each state is the business of
 * {@link HandshakeStage}, {@link SnapshotStage} and {@link StreamingStage}. Writer thread only; never blocks.
 * {@link #doWork} does a bounded step for the present state. It opens sockets through the reactor and gets its time as
 * an argument, so a simulator drives it exactly as a node does.
 */
final class ReplicaLink implements AutoCloseable
{
    private static final int OUTPUT_CAPACITY = 4096;

    private final ReplicaContext context;
    private final StreamPosition position;
    private final EventLog log;
    private final RetryDelay retry;
    private final HandshakeStage handshake;
    private final SnapshotStage snapshot;
    private final StreamingStage streaming;
    private final LinkInput input = new LinkInput();
    private final OutBuffer output = new OutBuffer(OUTPUT_CAPACITY);

    private LinkState state = IDLE;
    private String host = "";
    private int port;
    private LinkChannel channel;
    private String connectPrefix = "";
    private String connectSuffix = "";
    private String lastError = "";
    private long retryAtNs;

    ReplicaLink(final ReplicaContext context, final StreamPosition position, final PayloadLoader.Factory loaders)
    {
        this.context = context;
        this.position = position;
        log = context.log();
        retry = new RetryDelay(context.random());
        handshake = new HandshakeStage(this, context, position);
        snapshot = new SnapshotStage(this, context, position, loaders);
        streaming = new StreamingStage(this, context, position);
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
            snapshot.abort("full resynchronization given up: this node was told to follow another or none");
        }

        if (STREAMING == state)
        {
            streaming.end(nowNs);
        }

        release();
        moveTo(IDLE);
    }

    /** A bounded step; returns how much it did. */
    int doWork(final long wallMs, final long nowNs)
    {
        final LinkState before = state;
        final int work = workIn(before, wallMs, nowNs);
        return before == state ? work : Math.max(1, work);
    }

    /** In the midst of a script: no more than a sign of life. */
    void doWorkWhileBusy(final long nowNs)
    {
        if (STREAMING == state)
        {
            streaming.stepWhileBusy(nowNs);
        }
    }

    private int workIn(final LinkState present, final long wallMs, final long nowNs)
    {
        return switch (present)
        {
            case IDLE -> 0;
            case BACKOFF -> backoff(nowNs);
            case CONNECTING -> handshake.connecting(nowNs);
            case AWAIT_PONG -> handshake.awaitPong(nowNs);
            case AWAIT_REPLCONF -> handshake.awaitReplconf(nowNs);
            case AWAIT_PSYNC -> handshake.awaitPsync(nowNs);
            case SNAPSHOT -> snapshot.step(wallMs, nowNs);
            case STREAMING -> streaming.step(nowNs);
        };
    }

    void handover(final Handover handover)
    {
        handshake.handover(handover);
    }

    /** Time at which {@link #doWork} has something to do even if no event comes; Long.MAX_VALUE for none. */
    long nextDeadlineNs()
    {
        return switch (state)
        {
            case IDLE -> Long.MAX_VALUE;
            case BACKOFF -> retryAtNs;
            case CONNECTING, AWAIT_PONG, AWAIT_REPLCONF, AWAIT_PSYNC -> handshake.deadlineNs();
            case SNAPSHOT -> snapshot.deadlineNs();
            case STREAMING -> streaming.deadlineNs();
        };
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
        return streaming.session();
    }

    /** Offset of the last byte that has come, applied or not. */
    long readOffset()
    {
        return position.offset() + (STREAMING == state ? input.length() : 0);
    }

    /** Seconds since anything came from the primary; only while there is a connection to it. */
    long silentSeconds(final long nowNs)
    {
        return TimeUnit.NANOSECONDS.toSeconds(nowNs - channel.lastIoNs());
    }

    /** Seconds since the stream broke off, -1 if it never flowed. */
    long downSeconds(final long nowNs)
    {
        return streaming.downSeconds(nowNs);
    }

    /** The full resync that is under way; only in {@link LinkState#SNAPSHOT}. */
    SnapshotStage resync()
    {
        return snapshot;
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
        streaming.forgetDownTime();
    }

    /** Memory held for bytes that have come and are not applied. */
    long inputCapacity()
    {
        return input.capacity();
    }

    @Override
    public void close()
    {
        stop(null == channel ? 0 : channel.lastIoNs());
        input.close();
        output.close();
        streaming.close();
    }

    private int backoff(final long nowNs)
    {
        if (nowNs < retryAtNs)
        {
            return 0;
        }

        log.notice(connectPrefix + host + ":" + port + connectSuffix);
        channel = new LinkChannel(input, output, context.settings(), context.statistics(), nowNs);
        channel.connect(context.reactor(), host, port);
        handshake.begin(channel);
        log.notice("MASTER <-> REPLICA sync started");
        return moveTo(CONNECTING);
    }

    // For the stages: what becomes of the link. Each gives the work count of the step that ends so.

    RetryDelay retry()
    {
        return retry;
    }

    /** A payload follows. */
    int receiveSnapshot(final PsyncReply psync, final long nowNs)
    {
        snapshot.begin(channel, psync, nowNs);
        return moveTo(SNAPSHOT);
    }

    /** The stream follows. */
    int stream(final long nowNs)
    {
        streaming.begin(channel, nowNs);
        if (0 == retry.failures())
        {
            lastError = "";
        }

        return moveTo(STREAMING);
    }

    /** The stream has flowed for so long that what failed before is forgotten. */
    void isStable()
    {
        if (retry.failures() > 0)
        {
            retry.reset();
            lastError = "";
        }
    }

    /** The attempt has failed before a resync: try again at the next beat. */
    int refuse(final long nowNs, final String reason)
    {
        log.warning(reason);
        return retryAfter(nowNs, RetryDelay.BEAT_NS, reason);
    }

    /** The attempt has failed, or what it led to. */
    int retryAfter(final long nowNs, final long delayNs, final String reason)
    {
        return backOff(nowNs, delayNs, reason, 0 == delayNs ? " after failure" : "");
    }

    /** A stream that flowed has broken off. */
    int reconnectAfter(final long nowNs, final long delayNs, final String reason)
    {
        return backOff(nowNs, delayNs, reason, "");
    }

    private int backOff(final long nowNs, final long delayNs, final String reason, final String suffix)
    {
        release();
        lastError = reason;
        retryAtNs = nowNs + delayNs;
        connectPrefix = 0 == delayNs ? "Reconnecting to MASTER " : "Connecting to MASTER ";
        connectSuffix = suffix;
        return moveTo(BACKOFF);
    }

    private void release()
    {
        if (null != channel)
        {
            channel.close();
            channel = null;
        }
    }

    /** The only place that assigns {@link #state}. */
    int moveTo(final LinkState next)
    {
        Check.that(state.canMoveTo(next), "illegal link transition: from, to", state.code(), next.code());
        state = next;
        return 1;
    }
}
