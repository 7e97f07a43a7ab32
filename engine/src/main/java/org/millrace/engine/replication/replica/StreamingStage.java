package org.millrace.engine.replication.replica;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.transport.Connection;

/**
 * What the link does in {@link LinkState#STREAMING}: lets a {@link StreamApplier} run what comes, acknowledges it once
 * a second, and says what becomes of the link when the stream ends. Writer thread.
 */
final class StreamingStage implements AutoCloseable
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long NO_TIME = Long.MIN_VALUE;

    private final ReplicaLink link;
    private final ReplicaContext context;
    private final StreamPosition position;
    private final EventLog log;
    private final StreamApplier applier;

    private LinkChannel channel;
    private LinkSession session;
    private boolean isFresh;
    private long sinceNs;
    private long nextSignNs;
    private long downSinceNs = NO_TIME;

    StreamingStage(final ReplicaLink link, final ReplicaContext context, final StreamPosition position)
    {
        this.link = link;
        this.context = context;
        this.position = position;
        log = context.log();
        applier = new StreamApplier(context, position, this::onGetAck);
    }

    /** The stream follows; what has come behind the reply or the payload belongs to it. */
    void begin(final LinkChannel connected, final long nowNs)
    {
        channel = connected;
        session = new LinkSession(context.host().nextSessionId(), channel.connection(), applier);
        session.createdMs = nowNs / NS_PER_MS;
        applier.begin(session, channel.input());
        context.host().onLinkSession(session);
        channel.heard(nowNs);
        isFresh = true;
        sinceNs = nowNs;
        nextSignNs = nowNs + SECOND_NS;
        downSinceNs = NO_TIME;
    }

    /** Time at which {@link #step} has something to do even if nothing comes. */
    long deadlineNs()
    {
        return isFresh ? channel.lastIoNs() : nextSignNs;
    }

    /** The session of the live stream, or null. */
    LinkSession session()
    {
        return session;
    }

    /** Seconds since the stream broke off, -1 if it never flowed. */
    long downSeconds(final long nowNs)
    {
        return NO_TIME == downSinceNs ? -1 : (nowNs - downSinceNs) / SECOND_NS;
    }

    /** This node has become a primary: the time without a link counts from when it is a replica again. */
    void forgetDownTime()
    {
        downSinceNs = NO_TIME;
    }

    int step(final long nowNs)
    {
        // What has come is applied before more is taken in.
        final int received = isFresh ? 0 : channel.receive(nowNs);
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

        if (channel.isSilent(nowNs))
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

    /** Nothing is read or applied for now, and that is not the primary's fault. */
    void stepWhileBusy(final long nowNs)
    {
        channel.heard(nowNs);
        if (nowNs >= nextSignNs)
        {
            beat(nowNs);
        }
    }

    private void beat(final long nowNs)
    {
        nextSignNs = nowNs + SECOND_NS;
        if (position.isAcknowledged())
        {
            channel.ack(position.offset(), position.synced());
        }

        channel.flush();
        if (nowNs - sinceNs >= RetryDelay.STABLE_NS)
        {
            link.isStable();
        }
    }

    private void onGetAck(final long offset)
    {
        if (position.isAcknowledged())
        {
            channel.ack(offset, position.synced());
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
        end(nowNs);
        return link.retryAfter(nowNs, link.retry().onFailedResync(isCorrupt), failure);
    }

    private int lose(final long nowNs, final String reason)
    {
        end(nowNs);
        return link.reconnectAfter(nowNs, link.retry().onLostStream(nowNs - sinceNs), reason);
    }

    /** The link is down. */
    void end(final long nowNs)
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

    @Override
    public void close()
    {
        applier.close();
    }
}
