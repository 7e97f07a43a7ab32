package org.millrace.engine.replication.primary;

import java.util.function.LongSupplier;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.RandomIds;
import org.millrace.engine.replication.Upstream;

/**
 * When there is a ring, and which history it belongs to: made for the first replica, given up when it has lost bytes,
 * freed when nobody has come for long. On a primary each of these begins a new history. Writer thread.
 */
final class PrimaryRing
{
    private final ReplicationStream stream;
    private final SegmentStorage storage;
    private final Upstream upstream;
    private final EventLog log;
    private final LongSupplier random;
    private final PrimarySettings settings;
    private long unusedSinceMs;

    PrimaryRing(
        final ReplicationStream stream,
        final SegmentStorage storage,
        final Upstream upstream,
        final EventLog log,
        final LongSupplier random,
        final PrimarySettings settings)
    {
        this.stream = stream;
        this.storage = storage;
        this.upstream = upstream;
        this.log = log;
        this.random = random;
        this.settings = settings;
    }

    /** Make the ring if there is none; on a primary that begins a new history. False: no segment. */
    boolean make()
    {
        if (stream.isActive())
        {
            return true;
        }

        if (!stream.activate(storage))
        {
            return false;
        }

        if (!upstream.isReplica())
        {
            stream.history().reset(RandomIds.next(random));
            stream.selectedDb(ReplicationStream.NO_DB);
            log.notice(
                "Replication backlog created, my new replication IDs are '" + stream.history().replid() + "' and '" +
                    stream.history().replid2() + "'");
        }

        describe();
        return true;
    }

    /** The ring is there since the start, with its history. */
    void recovered(final long nowMs)
    {
        unusedSinceMs = nowMs;
    }

    /** See {@link Primary#restore}. */
    void restore(final String savedReplid, final long savedOffset, final long nowMs)
    {
        stream.endOffset(savedOffset);
        stream.history().reset(RandomIds.next(random));
        if (stream.activate(storage))
        {
            stream.history().restore(stream.history().replid(), savedReplid, savedOffset);
            stream.selectedDb(ReplicationStream.NO_DB);
            unusedSinceMs = nowMs;
            describe();
        }
    }

    /**
     * Give up a ring that lacks bytes, as no segment could be had: what was executed since then is not in the stream.
     * The caller disconnects all replicas, for nobody may go on from it.
     */
    void giveUp()
    {
        log.warning(
            "The replication backlog could not grow past offset " + stream.endOffset() +
                ": disconnecting replicas, which need a full resync. Free disk space, or set backlog-dir.");
        end();
    }

    /** The last replica has gone. */
    void unusedSince(final long nowMs)
    {
        unusedSinceMs = nowMs;
    }

    /** Once a second. @return true if the ring was freed. */
    boolean freeIfUnused(final boolean isUsed, final long nowMs)
    {
        if (isUsed || upstream.isReplica() || stream.isLog())
        {
            unusedSinceMs = nowMs;
            return false;
        }

        if (0 == settings.historyTtlSeconds ||
            nowMs - unusedSinceMs < (settings.historyTtlSeconds + 1) * 1000)
        {
            return false;
        }

        end();
        log.notice(
            "Replication backlog freed after " + settings.historyTtlSeconds +
                " seconds without connected replicas.");
        return true;
    }

    /** Tell the storage which history it holds. */
    void describe()
    {
        final ReplicationHistory history = stream.history();
        storage.describe(history.replid(), history.replid2(), history.secondOffset(), stream.firstOffset());
    }

    private void end()
    {
        stream.deactivate();
        if (!upstream.isReplica())
        {
            // A new id, as the offset stands still without a ring while the data moves on.
            stream.history().reset(RandomIds.next(random));
        }
    }
}
