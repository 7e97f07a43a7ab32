package org.millrace.engine.replication.replica;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.transport.Connection;

/**
 * What the link does in {@link LinkState#SNAPSHOT}: lets a {@link SnapshotReceiver} have what comes, tells the primary
 * that this node is alive, and says what becomes of the link when the resync has ended, well or badly. Writer thread.
 */
final class SnapshotStage
{
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final ReplicaLink link;
    private final ReplicaContext context;
    private final StreamPosition position;
    private final PayloadLoader.Factory loaders;
    private final EventLog log;

    private LinkChannel channel;
    private PsyncReply psync;
    private SnapshotReceiver receiver;
    private boolean isFresh;
    private long nextSignNs;

    SnapshotStage(
        final ReplicaLink link,
        final ReplicaContext context,
        final StreamPosition position,
        final PayloadLoader.Factory loaders)
    {
        this.link = link;
        this.context = context;
        this.position = position;
        this.loaders = loaders;
        log = context.log();
    }

    /** A payload follows; what has come behind the reply belongs to it. */
    void begin(final LinkChannel connected, final PsyncReply reply, final long nowNs)
    {
        channel = connected;
        psync = reply;
        receiver = new SnapshotReceiver(context, position, loaders, reply.replid());
        isFresh = true;
        // PSYNC was a sign of life.
        nextSignNs = nowNs + SECOND_NS;
    }

    /** Time at which {@link #step} has something to do even if nothing comes. */
    long deadlineNs()
    {
        if (isFresh || receiver.isBusy())
        {
            return channel.lastIoNs();
        }

        return receiver.hasPayload() ? nextSignNs : channel.timeoutAtNs();
    }

    /** Length of the payload: -1 until known, 0 if it ends with a mark. */
    long totalBytes()
    {
        return receiver.totalBytes();
    }

    long readBytes()
    {
        return receiver.readBytes();
    }

    int step(final long wallMs, final long nowNs)
    {
        final boolean isBusy = receiver.isBusy();
        final int received = isBusy ? 0 : channel.receive(nowNs);
        if (isBusy)
        {
            // Whom we do not read from is not silent.
            channel.heard(nowNs);
        }

        final boolean hasWork = isFresh || isBusy || received > 0;
        isFresh = false;
        final SnapshotReceiver.Result result = hasWork
            ? receiver.receive(channel.input(), wallMs)
            : SnapshotReceiver.Result.MORE;
        return switch (result)
        {
            case DONE -> finish(nowNs);
            case FAILED -> fail(nowNs);
            case MORE -> goOn(received, nowNs);
        };
    }

    private int goOn(final int received, final long nowNs)
    {
        if (Connection.CLOSED == received)
        {
            receiver.abort("I/O error trying to sync with MASTER: " + channel.failure());
            return fail(nowNs);
        }

        if (channel.isSilent(nowNs))
        {
            receiver.abort(
                "Timeout receiving bulk data from MASTER... If the problem persists try to set the " +
                    "'repl-timeout' parameter in redis.conf to a larger value.");
            return fail(nowNs);
        }

        if (receiver.hasPayload() && nowNs >= nextSignNs)
        {
            nextSignNs = nowNs + SECOND_NS;
            channel.newline();
            channel.flush();
        }

        return receiver.isBusy() && !receiver.isWaitingForDisk() ? 1 : received;
    }

    private int finish(final long nowNs)
    {
        position.begin(psync.replid(), psync.offset(), receiver.streamDb());
        log.notice("MASTER <-> REPLICA sync: Finished with success");
        final boolean hasMark = receiver.hasMark();
        end();
        link.stream(nowNs);
        link.retry().onFullResync();
        if (hasMark)
        {
            // After a payload that ends with a mark the primary holds its stream back until it hears of us.
            channel.ack(position.isAcknowledged() ? position.offset() : -1, -1);
            channel.flush();
        }

        return 1;
    }

    private int fail(final long nowNs)
    {
        final String failure = receiver.failure();
        final RetryDelay retry = link.retry();
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

        end();
        return link.retryAfter(nowNs, delayNs, failure);
    }

    /** The link is being stopped. */
    void abort(final String reason)
    {
        receiver.abort(reason);
        end();
    }

    private void end()
    {
        receiver.close();
        receiver = null;
    }
}
