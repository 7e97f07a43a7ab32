package org.millrace.engine.replication.replica;

import java.util.function.LongSupplier;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.RandomIds;
import org.millrace.engine.replication.SubReplicas;

/**
 * Where the data of this node stands in the stream of its primary: replid, applied offset, and the selected database,
 * which belongs to it as no SELECT follows a +CONTINUE. Redis calls it the cached master. The first two are those of
 * the node's own stream, since a replica appends what it applies, byte for byte. Writer thread.
 */
final class StreamPosition
{
    private final ReplicationStream stream;
    private final SubReplicas subReplicas;
    private final SegmentStorage storage;
    private final LongSupplier random;
    private final EventLog log;
    private boolean isResumable;
    private boolean isAcknowledged = true;
    private int db;

    StreamPosition(final ReplicaContext context)
    {
        stream = context.stream();
        subReplicas = context.subReplicas();
        storage = context.storage();
        random = context.random();
        log = context.log();
    }

    ReplicationHistory history()
    {
        return stream.history();
    }

    /** Offset of the last byte applied. */
    long offset()
    {
        return stream.endOffset();
    }

    /** Offset of the last byte that is on disk, -1 if none is to be. */
    long synced()
    {
        return stream.syncedOffset();
    }

    /** Database selected in the stream at {@link #offset}. */
    int db()
    {
        return db;
    }

    void selectDb(final int newDb)
    {
        db = newDb;
        stream.selectedDb(newDb);
    }

    /** True if a primary may be asked to go on from the next byte. */
    boolean isResumable()
    {
        return isResumable;
    }

    /** False after a legacy SYNC: the primary has told no offset, so it gets no ACKs and is never asked to resume. */
    boolean isAcknowledged()
    {
        return isAcknowledged;
    }

    /** The next resync must be full, for the data cannot be brought forward; data and offset stay. */
    void forbidResume()
    {
        isResumable = false;
    }

    /** The data is at no point of the history any more, so nobody may take it for that. */
    void leaveHistory()
    {
        isResumable = false;
        stream.history().reset(RandomIds.next(random));
    }

    /** A primary turns into a replica: perhaps the new primary knows its history. */
    void becomeReplica()
    {
        log.notice(
            "Before turning into a replica, using my own master parameters to synthesize a cached master: " +
                "I may be able to synchronize with the new master with just a partial transfer.");
        isResumable = true;
        isAcknowledged = true;
        // The new primary begins with a SELECT if it was promoted; the database of the own stream is right if not.
        selectDb(Math.max(0, stream.selectedDb()));
    }

    /** The data was loaded from a snapshot that says where it stands. */
    void restore(final String replid, final long offset, final int streamDb)
    {
        stream.deactivate();
        stream.history().reset(replid);
        stream.endOffset(offset);
        selectDb(streamDb);
        isResumable = true;
        isAcknowledged = true;
    }

    /** A replica turns into a primary: the old history ends here. */
    void becomePrimary()
    {
        isResumable = false;
        isAcknowledged = true;
        final ReplicationHistory history = stream.history();
        history.shift(RandomIds.next(random), offset());
        stream.selectedDb(-1);
        log.notice(
            "Setting secondary replication ID to " + history.replid2() + ", valid up to offset: " +
                history.secondOffset() + ". New replication ID is " + history.replid());
    }

    /**
     * The primary goes on from the next byte.
     *
     * @param replid its present id, or null for the one it was asked for.
     * @return true if the id has changed, so that replicas of this node must ask again.
     */
    boolean resume(final String replid)
    {
        final boolean hasChanged = null != replid && !replid.equals(stream.history().replid());
        if (hasChanged)
        {
            stream.history().shift(replid, offset());
        }

        selectDb(db);
        activate();
        return hasChanged;
    }

    /** The data is about to be replaced. */
    void abandon()
    {
        stream.deactivate();
        leaveHistory();
    }

    /**
     * The data is now that of a snapshot.
     *
     * @param replid of the primary, or null if it told none.
     */
    void begin(final String replid, final long offset, final int streamDb)
    {
        isAcknowledged = null != replid;
        isResumable = isAcknowledged;
        if (isAcknowledged)
        {
            stream.history().reset(replid);
            stream.endOffset(offset);
        }

        selectDb(streamDb);
        activate();
    }

    /** Bytes that have been applied, a whole number of units. */
    void append(final long address, final long length)
    {
        stream.appendVerbatim(address, length);
        if (stream.isBroken())
        {
            log.warning("Replication backlog lost for want of storage: replicas of this replica must resynchronize");
            subReplicas.disconnectAll("the replication backlog was lost");
            stream.deactivate();
        }
    }

    /** False if there is no segment. */
    boolean beginRing()
    {
        return stream.isActive() || stream.activate(storage);
    }

    private void activate()
    {
        if (!beginRing())
        {
            log.warning(
                "No memory for a replication backlog: replicas of this replica will need a full resynchronization");
        }
    }
}
