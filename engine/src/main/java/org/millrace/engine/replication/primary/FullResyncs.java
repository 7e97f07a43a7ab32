package org.millrace.engine.replication.primary;

import java.util.List;
import java.util.function.LongSupplier;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Clock;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.RandomIds;
import org.millrace.engine.replication.Upstream;
import org.millrace.engine.snapshot.DatalessSnapshot;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;

/**
 * Gives replicas their snapshots: whoever comes while one is made, or soon after, joins it if the stream behind it is
 * still held; else a new one is begun for all who wait. Aborts what nobody wants any more. Writer thread.
 */
final class FullResyncs
{
    private static final long NS_PER_MS = 1_000_000;

    private final ReplicationStream stream;
    private final Snapshots snapshots;
    private final Upstream upstream;
    private final Clock clock;
    private final EventLog log;
    private final LongSupplier random;
    private final PrimarySettings settings;
    private final Feeder feeder;
    private final FeederMailbox mailbox;
    private final AttachedReplicas replicas;

    private LongSupplier usedMemory = () -> 0;

    /** The snapshot that was begun for replicas last; null once it is of no use. */
    private Image ownImage;
    private boolean isSocketImage;
    private boolean isEndLogged;
    private int waiting;

    /** @param replicas all attached ones; the caller adds and removes. */
    FullResyncs(
        final ReplicationStream stream,
        final Snapshots snapshots,
        final Upstream upstream,
        final Clock clock,
        final EventLog log,
        final LongSupplier random,
        final PrimarySettings settings,
        final Feeder feeder,
        final FeederMailbox mailbox,
        final AttachedReplicas replicas)
    {
        this.stream = stream;
        this.snapshots = snapshots;
        this.upstream = upstream;
        this.clock = clock;
        this.log = log;
        this.random = random;
        this.settings = settings;
        this.feeder = feeder;
        this.mailbox = mailbox;
        this.replicas = replicas;
    }

    void usedMemory(final LongSupplier bytes)
    {
        usedMemory = bytes;
    }

    /** A replica that has just been attached, with a ring there: now, or as soon as a snapshot may begin. */
    void begin(final AttachedReplica replica, final String lastFailure)
    {
        if (replica.hasFilter)
        {
            sendFiltered(replica);
            return;
        }

        replica.await();
        waiting++;
        final long heldBackMs = replica.notBeforeMs - nowMs();
        if (heldBackMs > 0)
        {
            log.notice(
                "Full resync of replica " + replica.status.name() + " is held back for " + heldBackMs +
                    " ms: the last ones failed (" + lastFailure + ")");
        }
        else if (!join(replica))
        {
            announceWait(replica);
            beginWaiting();
        }
    }

    /** Each duty cycle, between units. */
    void doWork()
    {
        if (null != ownImage && !isEndLogged && ownImage.isComplete())
        {
            isEndLogged = true;
            logEnd();
        }

        beginWaiting();
    }

    /**
     * Begin a snapshot for those who wait, if one may begin now. That half a transaction may have come from this node's
     * own primary is no reason to wait: data and offset stand before it until it is there whole.
     */
    private void beginWaiting()
    {
        if (0 == waiting || isDelayed())
        {
            return;
        }

        final long nowMs = nowMs();
        boolean isDue = false;
        boolean isSocket = settings.isDiskless;
        for (int i = 0; i < replicas.size(); i++)
        {
            final AttachedReplica replica = replicas.get(i);
            if (replica.isWaiting() && nowMs >= replica.notBeforeMs && !join(replica))
            {
                isDue = true;
                isSocket &= replica.hasEof;
            }
        }

        if (isDue && snapshots.canBegin())
        {
            beginNew(isSocket, nowMs);
        }
    }

    /** A replica is being closed by this node, or has gone: it waits no more. Before its state says so. */
    void leaves(final AttachedReplica replica)
    {
        waiting -= replica.isWaiting() ? 1 : 0;
    }

    /** A replica has gone: a snapshot that was made for it alone is not finished. */
    void forget(final AttachedReplica lost)
    {
        if (!lost.uses(ownImage) || ownImage.isComplete())
        {
            return;
        }

        for (int i = 0; i < replicas.size(); i++)
        {
            if (replicas.get(i).uses(ownImage))
            {
                return;
            }
        }

        log.notice("Diskless rdb transfer, last replica dropped, killing fork child.");
        abort("last replica dropped");
    }

    /** All replicas are being dismissed: the history has changed. A snapshot to disk goes on. */
    void cancel()
    {
        if (null != ownImage && ownImage == snapshots.running())
        {
            snapshots.abort("replicas disconnected");
        }

        drop();
    }

    /** Whatever is being made is of no use any more. */
    void abort(final String reason)
    {
        if (null != snapshots.running())
        {
            snapshots.abort(reason);
        }

        drop();
        // Lets sessions whose sockets are full see that their image is gone.
        mailbox.post(() ->
        {
        });
    }

    /** Nobody may join the last snapshot: it belongs to another history. */
    void drop()
    {
        snapshots.drop();
        ownImage = null;
    }

    /** See {@link Primary#cutHeader}. */
    SnapshotHeader cutHeader()
    {
        final boolean isReplica = upstream.isReplica();
        final int streamDb = Math.max(0, stream.selectedDb());
        if (!isReplica)
        {
            stream.selectedDb(ReplicationStream.NO_DB);
        }

        return new SnapshotHeader(
            isReplica || stream.isActive() ? stream.history().replid() : null, stream.endOffset(), streamDb,
            clock.wallMs(), usedMemory.getAsLong(), settings.rdbVersion, settings.hasChecksum);
    }

    private void logEnd()
    {
        if (!isSocketImage)
        {
            log.notice("Background saving terminated with success");
            return;
        }

        int users = 0;
        for (int i = 0; i < replicas.size(); i++)
        {
            users += replicas.get(i).uses(ownImage) && ReplicaState.CLOSED != replicas.get(i).status.state() ? 1 : 0;
        }

        log.notice("Diskless rdb transfer, done reading from pipe, " + users + " replicas still up.");
        log.notice("Background RDB transfer terminated with success");
    }

    private void announceWait(final AttachedReplica replica)
    {
        if (null != snapshots.running())
        {
            log.notice("Can't attach the replica to the current BGSAVE. Waiting for next BGSAVE for SYNC");
        }
        else if (settings.isDiskless && replica.hasEof && settings.delaySeconds > 0)
        {
            log.notice("Delay next BGSAVE for diskless SYNC");
        }
        else if (!snapshots.canBegin())
        {
            log.notice(
                "No BGSAVE in progress, but another BG operation is active. BGSAVE for replication delayed");
        }
    }

    private boolean join(final AttachedReplica replica)
    {
        final Image image = snapshots.joinable();
        // A file may be of a newer version than replicas are known to take.
        if (null == image || Snapshots.isTooNew(image, taken(replica.rdbVersion)) ||
            !JoinRules.mayJoin(replica.status, image, image == snapshots.running(), stream))
        {
            return false;
        }

        if (!send(replica, image))
        {
            return false;
        }

        log.notice("Replica " + replica.status.name() + " joins the snapshot at offset " + image.header().offset());
        return true;
    }

    private boolean isDelayed()
    {
        if (!settings.isDiskless || settings.delaySeconds <= 0 ||
            settings.delayReplicas > 0 && waiting >= settings.delayReplicas)
        {
            return false;
        }

        final long nowMs = nowMs();
        for (int i = 0; i < replicas.size(); i++)
        {
            final AttachedReplica replica = replicas.get(i);
            if (replica.isWaiting() &&
                (!replica.hasEof || nowMs - replica.status.attachedMs() >= settings.delaySeconds * 1000L))
            {
                return false;
            }
        }

        return true;
    }

    private void beginNew(final boolean isSocket, final long nowMs)
    {
        log.notice("Starting BGSAVE for SYNC with target: " + (isSocket ? "replicas sockets" : "disk"));
        final int version = versionOfNew(nowMs);
        final String refusal = snapshots.refusal(version);
        final Image image = null == refusal ? snapshots.begin(cutHeader().atLeast(version)) : null;
        if (null == image)
        {
            log.warning("BGSAVE for replication failed" + (null == refusal ? "" : ": " + refusal));
        }
        else
        {
            ownImage = image;
            isSocketImage = isSocket;
            isEndLogged = false;
            log.notice(
                (isSocket ? "Background RDB transfer started by pid " : "Background saving started by pid ") +
                    settings.processId);
        }

        for (int i = 0; i < replicas.size(); i++)
        {
            final AttachedReplica replica = replicas.get(i);
            if (!replica.isWaiting() || nowMs < replica.notBeforeMs)
            {
                continue;
            }

            if (null == image || taken(replica.rdbVersion) < version)
            {
                refuse(replica);
            }
            else
            {
                send(replica, image);
            }
        }
    }

    /** False if the image has lost bytes a moment ago, for want of room: then the replica goes on waiting. */
    private boolean send(final AttachedReplica replica, final Image image)
    {
        final ImageCursor cursor = image.tryOpenCursor();
        if (null == cursor)
        {
            return false;
        }

        final SnapshotHeader header = image.header();
        final BacklogReader reader = replica.status.isRdbOnly() ? null : stream.openReader(header.offset() + 1);
        final String line = line(replica, header.replid(), header.offset());
        final String mark = settings.isDiskless && replica.hasEof ? RandomIds.next(random) : null;
        replica.snapshot(image);
        waiting--;
        mailbox.post(() -> replica.session.beginFull(line, mark, cursor, reader, feeder.nowMs()));
        return true;
    }

    /** Nothing of the data is wanted: functions, or an empty file. */
    private void sendFiltered(final AttachedReplica replica)
    {
        final long offset = stream.endOffset();
        final BacklogReader reader = replica.status.isRdbOnly() ? null : stream.openReader(offset + 1);
        final String line = line(replica, stream.history().replid(), offset);
        final String mark = RandomIds.next(random);
        replica.stream();
        if (!upstream.isReplica())
        {
            stream.selectedDb(ReplicationStream.NO_DB);
        }

        final byte[] content = DatalessSnapshot.of(replica.isFunctionsWanted ? snapshots.libraries() : List.of());
        mailbox.post(() -> replica.session.beginDataless(line, mark, content, reader, feeder.nowMs()));
    }

    private void refuse(final AttachedReplica replica)
    {
        replica.refuse();
        waiting--;
        mailbox.post(() -> replica.session.refuse("-ERR BGSAVE failed, replication can't continue\r\n"));
    }

    /** Why there can be no full resync of who says that he loads a version, or nothing (0); null if there can. */
    String refusal(final int announced)
    {
        return snapshots.refusal(taken(announced));
    }

    /** The newest version that who has announced one takes; the settings know of all. */
    private int taken(final int announced)
    {
        return Math.max(settings.rdbVersion, Math.min(announced, Snapshots.NEWEST_VERSION));
    }

    /** Version of a snapshot for those who wait: that of the settings, unless the data need another and some take it. */
    private int versionOfNew(final long nowMs)
    {
        int version = settings.rdbVersion;
        if (null == snapshots.refusal(version))
        {
            return version;
        }

        for (int i = 0; i < replicas.size(); i++)
        {
            final AttachedReplica replica = replicas.get(i);
            if (replica.isWaiting() && nowMs >= replica.notBeforeMs)
            {
                version = Math.max(version, taken(replica.rdbVersion));
            }
        }

        return version;
    }

    private static String line(final AttachedReplica replica, final String replid, final long offset)
    {
        return replica.status.isLegacy() ? "" : "+FULLRESYNC " + replid + " " + offset + "\r\n";
    }

    private long nowMs()
    {
        return clock.monotonicNs() / NS_PER_MS;
    }
}
