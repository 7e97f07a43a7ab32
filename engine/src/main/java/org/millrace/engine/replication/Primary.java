package org.millrace.engine.replication;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.Session;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.snapshot.Image;
import org.millrace.engine.snapshot.ImageCursor;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.Reactor;

/**
 * The primary half of replication on the writer thread: answers PSYNC and SYNC, takes or shares the snapshots of full
 * resyncs, makes and frees the ring, keeps the PING cadence, asks for ACKs, counts. Sockets of replicas belong to the
 * {@link Feeder}; here they are records with numbers that the feeder publishes. A replica with sub-replicas uses it
 * too.
 */
public final class Primary implements SubReplicas
{
    private static final long NS_PER_MS = 1_000_000;

    private final ReplicationStream stream;
    private final SegmentStorage storage;
    private final Snapshots snapshots;
    private final Upstream upstream;
    private final Reactor reactor;
    private final Clock clock;
    private final EventLog log;
    private final LongSupplier random;
    private final PrimarySettings settings;
    private final Feeder feeder;
    private final ReplicaFailures failures;
    private final ArrayList<AttachedReplica> replicas = new ArrayList<>();
    private final ArrayDeque<Runnable> unposted = new ArrayDeque<>();

    /**
     * Connections for the feeder that our reactor still has: it cannot give one up while it dispatches the very event
     * that PSYNC came with.
     */
    private final ArrayDeque<Connection> handOvers = new ArrayDeque<>();
    private final boolean isDedicated;

    private LongSupplier usedMemory = () -> 0;
    private Image ownImage;
    private int waiting;
    private long seenChanges;
    private long cronLoops;
    private long noReplicasSinceMs;
    private long syncFull;
    private long syncPartialOk;
    private long syncPartialErr;
    private boolean isAckAsked;
    private boolean isAckHeld;
    private boolean hasSaver;

    /**
     * @param reactor the writer's.
     * @param feederReactor the feeder's; the same in shared mode.
     * @param random where ids and marks come from.
     */
    public Primary(
        final ReplicationStream stream,
        final SegmentStorage storage,
        final Snapshots snapshots,
        final Upstream upstream,
        final Reactor reactor,
        final Reactor feederReactor,
        final Clock clock,
        final CommandTable table,
        final EventLog log,
        final LongSupplier random,
        final PrimarySettings settings)
    {
        this.stream = stream;
        this.storage = storage;
        this.snapshots = snapshots;
        this.upstream = upstream;
        this.reactor = reactor;
        this.clock = clock;
        this.log = log;
        this.random = random;
        this.settings = settings;
        this.isDedicated = reactor != feederReactor;
        this.feeder = new Feeder(stream, feederReactor, clock, table, log, settings.feederLimits());
        this.failures = new ReplicaFailures(random);
        this.noReplicasSinceMs = nowMs();
    }

    /** The agent that runs beside the writer, or on its own thread. */
    public Feeder feeder()
    {
        return feeder;
    }

    public PrimarySettings settings()
    {
        return settings;
    }

    /** After a change of {@link #settings}. */
    public void settingsChanged()
    {
        stream.historyBytes(settings.historyBytes);
        feeder.limits(settings.feederLimits());
    }

    // PSYNC and SYNC.

    /** {@code PSYNC replid offset [FAILOVER]}, and {@code SYNC}; replies, or gives the connection to the feeder. */
    void sync(final CommandContext context, final boolean isPsync)
    {
        final Session session = context.session();
        if (session.isMonitor || null == session.connection())
        {
            return;
        }

        final ReplicaIdentity identity = ReplicaIdentity.of(session);
        final ReplyWriter reply = context.reply();
        if (!mayFailOver(context, isPsync))
        {
            return;
        }

        if (upstream.isReplica() && !upstream.isLinkUp())
        {
            reply.error("NOMASTERLINK Can't SYNC while not connected with my master");
            return;
        }

        if (session.hasPendingOutput())
        {
            reply.error("ERR SYNC and PSYNC are invalid with pending output");
            return;
        }

        if (identity.hasFilter && !identity.hasEof)
        {
            reply.error("ERR Filtered replica requires EOF capability");
            return;
        }

        final String name = identity.name(session);
        log.notice("Replica " + name + " asks for synchronization");
        if (isPsync)
        {
            if (!context.readLong(2, Replies.NOT_AN_INTEGER))
            {
                log.warning("Replica " + name + " asks for synchronization but with a wrong offset");
                return;
            }

            final String replid = context.argText(1);
            if (tryPartial(session, identity, replid, context.longValue()))
            {
                syncPartialOk++;
                return;
            }

            if (!replid.startsWith("?"))
            {
                syncPartialErr++;
            }
        }

        beginFullResync(session, identity, !isPsync, reply);
    }

    private boolean mayFailOver(final CommandContext context, final boolean isPsync)
    {
        if (!isPsync || context.argCount() < 4 || !context.argIs(3, "FAILOVER"))
        {
            return true;
        }

        final String replid = context.argText(1);
        log.warning("Failover request received for replid " + replid + ".");
        if (!upstream.isReplica())
        {
            context.reply().error("ERR PSYNC FAILOVER can't be sent to a master.");
            return false;
        }

        if (!replid.equalsIgnoreCase(stream.history().replid()))
        {
            context.reply().error("ERR PSYNC FAILOVER replid must match my replid.");
            return false;
        }

        upstream.promote("failover request from '" + context.session().address() + "'");
        return true;
    }

    private boolean tryPartial(
        final Session session, final ReplicaIdentity identity, final String replid, final long offset)
    {
        repairBrokenRing();
        final ReplicationHistory history = stream.history();
        final String name = identity.name(session);
        switch (PsyncRules.decide(stream, replid, offset))
        {
            case FULL_ASKED_FOR -> log.notice("Full resync requested by replica " + name);
            case FULL_OTHER_HISTORY -> log.notice(
                "Partial resynchronization not accepted: Replication ID mismatch (Replica asked for '" + replid +
                    "', my replication IDs are '" + history.replid() + "' and '" + history.replid2() + "')");
            case FULL_PAST_SWITCH -> log.notice(
                "Partial resynchronization not accepted: Requested offset for second ID was " + offset +
                    ", but I can reply up to " + history.secondOffset());
            case FULL_NOT_HELD -> {
                log.notice(
                    "Unable to partial resync with replica " + name +
                        " for lack of backlog (Replica request was: " + offset + ").");
                if (offset > stream.endOffset())
                {
                    log.warning(
                        "Warning: replica " + name +
                            " tried to PSYNC with an offset that is greater than the master replication offset.");
                }
            }
            case CONTINUE -> {
                acceptPartial(session, identity, offset);
                return true;
            }
            default -> throw new IllegalStateException();
        }

        return false;
    }

    private void acceptPartial(final Session session, final ReplicaIdentity identity, final long offset)
    {
        final AttachedReplica replica = attach(session, identity, false);
        final BacklogReader reader = stream.openReader(offset);
        final String line = identity.hasPsync2 ? "+CONTINUE " + stream.history().replid() + "\r\n" : "+CONTINUE\r\n";
        log.notice(
            "Partial resynchronization request from " + replica.view.name() + " accepted. Sending " +
                (stream.endOffset() + 1 - offset) + " bytes of backlog starting from offset " + offset + ".");
        post(() -> replica.session.beginPartial(line, reader, feeder.nowMs()));
    }

    private void beginFullResync(
        final Session session, final ReplicaIdentity identity, final boolean isLegacy, final ReplyWriter reply)
    {
        if (!makeRing())
        {
            reply.error("NOMASTERLINK Can't SYNC: no memory for the replication backlog");
            return;
        }

        syncFull++;
        final AttachedReplica replica = attach(session, identity, isLegacy);
        if (replica.hasFilter)
        {
            sendFiltered(replica);
            return;
        }

        replica.isWaiting = true;
        waiting++;
        if (replica.notBeforeMs > nowMs())
        {
            log.notice(
                "Full resync of replica " + replica.view.name() + " is held back for " +
                    (replica.notBeforeMs - nowMs()) + " ms: the last ones failed (" +
                    failures.lastReason(replica.view.name()) + ")");
            return;
        }

        if (!join(replica))
        {
            announceWait(replica);
            beginWaiting();
        }
    }

    private AttachedReplica attach(final Session session, final ReplicaIdentity identity, final boolean isLegacy)
    {
        final Connection connection = session.connection();
        final long nowMs = nowMs();
        final String name = identity.name(session);
        final ReplicaView view = new ReplicaView(
            session.id(), name, identity.host(session), identity.listeningPort, session.address(),
            connection.localHost() + ":" + connection.localPort(), connection.fileDescriptor(), isLegacy,
            identity.isRdbOnly, nowMs);
        if (settings.isNoDelayDisabled)
        {
            connection.noDelay(false);
        }

        final byte[] unread = session.detach();
        if (isDedicated)
        {
            handOvers.add(connection);
        }

        final AttachedReplica replica = new AttachedReplica(
            view, new ReplicaSession(view, connection, unread), identity.hasEof, identity.hasFilter,
            nowMs + failures.delayMs(name, nowMs));
        replicas.add(replica);
        post(() -> feeder.adopt(replica.session));
        return replica;
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

    // Snapshots.

    /** Join a snapshot that is being made, or was made lately. */
    private boolean join(final AttachedReplica replica)
    {
        final Image image = snapshots.joinable();
        if (null == image || !canJoin(image, replica))
        {
            return false;
        }

        log.notice("Replica " + replica.view.name() + " joins the snapshot at offset " + image.header().offset());
        beginFull(replica, image);
        return true;
    }

    private boolean canJoin(final Image image, final AttachedReplica replica)
    {
        final SnapshotHeader header = image.header();
        if (image.isAborted() || !stream.history().replid().equals(header.replid()))
        {
            return false;
        }

        final boolean isRunning = image == snapshots.running();
        if (replica.view.isRdbOnly())
        {
            // A backup should not be older than the request for it, but for what is being made right now.
            return isRunning || header.offset() == stream.endOffset();
        }

        if (replica.view.isLegacy() && header.offset() != stream.endOffset())
        {
            // SYNC names no offset: who says it means to see the stream from now on, as tools that read along do.
            return false;
        }

        if (!stream.holds(header.offset() + 1))
        {
            return false;
        }

        // Past that, the stream behind it costs the replica more than a new snapshot.
        return isRunning || stream.endOffset() - header.offset() < image.availableLength();
    }

    /** Begin a snapshot for those who wait, if one may begin now. */
    private void beginWaiting()
    {
        if (0 == waiting || upstream.isReplica() && upstream.isInTransaction() || isDelayed())
        {
            return;
        }

        final long nowMs = nowMs();
        boolean isDue = false;
        boolean isSocket = settings.isDiskless;
        for (int i = 0; i < replicas.size(); i++)
        {
            final AttachedReplica replica = replicas.get(i);
            if (replica.isWaiting && nowMs >= replica.notBeforeMs && !join(replica))
            {
                isDue = true;
                isSocket &= replica.hasEof;
            }
        }

        if (!isDue || !snapshots.canBegin())
        {
            return;
        }

        log.notice("Starting BGSAVE for SYNC with target: " + (isSocket ? "replicas sockets" : "disk"));
        final Image image = snapshots.begin(cutHeader());
        if (null == image)
        {
            log.warning("BGSAVE for replication failed");
        }
        else
        {
            ownImage = image;
            log.notice(
                (isSocket ? "Background RDB transfer started by pid " : "Background saving started by pid ") +
                    settings.processId);
        }

        for (int i = 0; i < replicas.size(); i++)
        {
            final AttachedReplica replica = replicas.get(i);
            if (replica.isWaiting && nowMs >= replica.notBeforeMs)
            {
                if (null == image)
                {
                    refuse(replica);
                }
                else
                {
                    beginFull(replica, image);
                }
            }
        }
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
            if (replica.isWaiting &&
                (!replica.hasEof || nowMs - replica.view.attachedMs() >= settings.delaySeconds * 1000L))
            {
                return false;
            }
        }

        return true;
    }

    private void beginFull(final AttachedReplica replica, final Image image)
    {
        final SnapshotHeader header = image.header();
        final ImageCursor cursor = image.openCursor();
        final BacklogReader reader = replica.view.isRdbOnly() ? null : stream.openReader(header.offset() + 1);
        final String line = replica.view.isLegacy()
            ? ""
            : "+FULLRESYNC " + header.replid() + " " + header.offset() + "\r\n";
        final String mark = settings.isDiskless && replica.hasEof ? RandomIds.next(random) : null;
        replica.image = image;
        replica.isWaiting = false;
        waiting--;
        post(() -> replica.session.beginFull(line, mark, cursor, reader, feeder.nowMs()));
    }

    /** Nothing of the data is wanted: functions, of which this node has none, or an empty file. */
    private void sendFiltered(final AttachedReplica replica)
    {
        final long offset = stream.endOffset();
        final BacklogReader reader = replica.view.isRdbOnly() ? null : stream.openReader(offset + 1);
        final String line = replica.view.isLegacy()
            ? ""
            : "+FULLRESYNC " + stream.history().replid() + " " + offset + "\r\n";
        final String mark = RandomIds.next(random);
        if (!upstream.isReplica())
        {
            stream.selectedDb(ReplicationStream.NO_DB);
        }

        post(() -> replica.session.beginFull(line, mark, null, reader, feeder.nowMs()));
    }

    private void refuse(final AttachedReplica replica)
    {
        replica.isWaiting = false;
        waiting--;
        post(() -> replica.session.refuse("-ERR BGSAVE failed, replication can't continue\r\n"));
    }

    /**
     * What the head of a snapshot says that is cut now, between two units; for saves to disk too. On a primary the
     * next command begins with SELECT from here on, so that whoever starts at this offset knows its database.
     */
    public SnapshotHeader cutHeader()
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

    /** Where the used-mem field of snapshots comes from. */
    public void usedMemory(final LongSupplier bytes)
    {
        usedMemory = bytes;
    }

    /** True while the running snapshot also goes to disk: then it is not aborted when its last replica leaves. */
    public void hasSaver(final boolean hasSaver)
    {
        this.hasSaver = hasSaver;
    }

    /** FLUSHALL: a snapshot of what is about to go is of no use, and full resyncs in progress start again. */
    public void onFlushAll()
    {
        abortSnapshot("FLUSHALL");
    }

    private void abortSnapshot(final String reason)
    {
        if (null != snapshots.running())
        {
            snapshots.abort(reason);
        }

        snapshots.drop();
        ownImage = null;
        // Lets sessions whose sockets are full see that their image is gone.
        post(() ->
        {
        });
    }

    // The ring.

    /** Make the ring if there is none; on a primary that begins a new history. */
    private boolean makeRing()
    {
        repairBrokenRing();
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
            newHistory();
            stream.selectedDb(ReplicationStream.NO_DB);
            log.notice(
                "Replication backlog created, my new replication IDs are '" + stream.history().replid() + "' and '" +
                    stream.history().replid2() + "'");
        }

        describe();
        return true;
    }

    /**
     * The data set was loaded at start from the snapshot of a primary or replica at this place of a history. This
     * node begins a history of its own, but whoever had read all of the old one may go on from there.
     */
    public void restore(final String savedReplid, final long savedOffset)
    {
        stream.endOffset(savedOffset);
        newHistory();
        if (stream.activate(storage))
        {
            stream.history().restore(stream.history().replid(), savedReplid, savedOffset);
            stream.selectedDb(ReplicationStream.NO_DB);
            noReplicasSinceMs = nowMs();
            describe();
        }
    }

    /**
     * No segment could be had for a unit: what has been executed since is not in the stream. Nobody may go on from
     * it, so replicas are closed and, on a primary, the history ends here.
     */
    private void repairBrokenRing()
    {
        if (!stream.isBroken())
        {
            return;
        }

        log.warning(
            "The replication backlog could not grow past offset " + stream.endOffset() +
                ": disconnecting replicas, which need a full resync. Free disk space, or set backlog-dir.");
        disconnectAll("no memory for the replication backlog");
        stream.deactivate();
        if (!upstream.isReplica())
        {
            newHistory();
        }
    }

    private void newHistory()
    {
        stream.history().reset(RandomIds.next(random));
        snapshots.drop();
    }

    private void describe()
    {
        final ReplicationHistory history = stream.history();
        storage.describe(history.replid(), history.replid2(), history.secondOffset(), stream.firstOffset());
    }

    // Duty cycle.

    /** Once a duty cycle, between units. @return work count. */
    public int doWork()
    {
        repairBrokenRing();
        int work = stream.doWork();
        if (isAckAsked && !isAckHeld)
        {
            isAckAsked = false;
            stream.getAck();
            feeder.hurry();
            work++;
        }

        if (seenChanges != feeder.changes())
        {
            seenChanges = feeder.changes();
            forgetClosed();
            work++;
        }

        beginWaiting();
        postPending();
        feeder.wakeIfParked();
        return work;
    }

    private void postPending()
    {
        while (!handOvers.isEmpty())
        {
            // May dispatch events of other connections, which may add to the queue.
            reactor.release(handOvers.remove());
        }

        while (!unposted.isEmpty() && feeder.post(unposted.peek()))
        {
            unposted.remove();
        }
    }

    /** Once a second, after {@link #doWork}. */
    public void cron()
    {
        final long nowMs = nowMs();
        if (0 == cronLoops++ % settings.pingSeconds && any() && !upstream.isReplica() && !isAckHeld)
        {
            stream.ping();
        }

        if (stream.isActive())
        {
            describe();
            freeIdleRing(nowMs);
        }

        feeder.wakeIfParked();
    }

    private void freeIdleRing(final long nowMs)
    {
        if (any() || upstream.isReplica())
        {
            noReplicasSinceMs = nowMs;
        }
        else if (settings.historyTtlSeconds > 0 &&
            nowMs - noReplicasSinceMs >= (settings.historyTtlSeconds + 1) * 1000)
        {
            // A new id, as the offset stands still without a ring while the data moves on.
            newHistory();
            stream.deactivate();
            log.notice(
                "Replication backlog freed after " + settings.historyTtlSeconds +
                    " seconds without connected replicas.");
        }
    }

    private void forgetClosed()
    {
        for (int i = replicas.size() - 1; i >= 0; i--)
        {
            final AttachedReplica replica = replicas.get(i);
            if (ReplicaState.CLOSED != replica.view.state())
            {
                if (ReplicaState.ONLINE == replica.view.state())
                {
                    replica.image = null;
                }

                continue;
            }

            replicas.remove(i);
            if (replica.isWaiting)
            {
                waiting--;
            }

            if (!replica.view.closeReason().isEmpty())
            {
                // What we have done to it ourselves is no reason to let it wait.
                final boolean isFault = null != replica.image && !replica.isDismissed;
                failures.lost(replica.view.name(), replica.view.closeReason(), isFault, nowMs());
            }

            abandonImage(replica);
        }

        if (replicas.isEmpty())
        {
            noReplicasSinceMs = nowMs();
        }
    }

    /** A snapshot that nobody wants any more is not finished. */
    private void abandonImage(final AttachedReplica lost)
    {
        if (null == lost.image || lost.image != ownImage || ownImage.isComplete() || hasSaver)
        {
            return;
        }

        for (int i = 0; i < replicas.size(); i++)
        {
            if (ownImage == replicas.get(i).image)
            {
                return;
            }
        }

        log.notice("Diskless rdb transfer, last replica dropped, killing fork child.");
        abortSnapshot("last replica dropped");
    }

    private void post(final Runnable command)
    {
        if (!handOvers.isEmpty() || !unposted.isEmpty() || !feeder.post(command))
        {
            unposted.add(command);
        }
    }

    // Replicas.

    @Override
    public void disconnectAll(final String reason)
    {
        abortSnapshotOfReplicas();
        waiting = 0;
        for (int i = 0; i < replicas.size(); i++)
        {
            final ReplicaSession session = replicas.get(i).session;
            replicas.get(i).isWaiting = false;
            replicas.get(i).isDismissed = true;
            post(() -> session.close(reason));
        }
    }

    private void abortSnapshotOfReplicas()
    {
        if (null != ownImage && ownImage == snapshots.running() && !hasSaver)
        {
            snapshots.abort("replicas disconnected");
        }

        snapshots.drop();
        ownImage = null;
    }

    @Override
    public boolean any()
    {
        return !replicas.isEmpty();
    }

    /** All replicas in any state, oldest first; a view of the moment. */
    public List<ReplicaView> replicas()
    {
        final ArrayList<ReplicaView> views = new ArrayList<>(replicas.size());
        for (final AttachedReplica replica : replicas)
        {
            views.add(replica.view);
        }

        return Collections.unmodifiableList(views);
    }

    /** CLIENT KILL. */
    public void kill(final ReplicaView view)
    {
        for (int i = 0; i < replicas.size(); i++)
        {
            if (view == replicas.get(i).view)
            {
                final ReplicaSession session = replicas.get(i).session;
                replicas.get(i).isDismissed = true;
                post(() -> session.close("killed"));
            }
        }
    }

    /** Have GETACK sent at the end of this duty cycle, or when ACKs are no longer held back. */
    public void askForAcks()
    {
        isAckAsked = true;
    }

    /** While writes are paused the stream must not grow: no GETACK, no PING. */
    public void holdAcks(final boolean isHeld)
    {
        isAckHeld = isHeld;
    }

    /** Online replicas that have applied the stream up to {@code offset}. */
    public int countAcknowledged(final long offset)
    {
        int count = 0;
        for (int i = 0; i < replicas.size(); i++)
        {
            final ReplicaView view = replicas.get(i).view;
            if (view.state().isOnline() && view.ackOffset() >= offset)
            {
                count++;
            }
        }

        return count;
    }

    /** Online replicas with a lag of at most min-replicas-max-lag. */
    public int goodReplicas()
    {
        final long nowMs = nowMs();
        int count = 0;
        for (int i = 0; i < replicas.size(); i++)
        {
            final ReplicaView view = replicas.get(i).view;
            if (view.state().isOnline() && view.lagSeconds(nowMs) <= settings.goodLagSeconds)
            {
                count++;
            }
        }

        return count;
    }

    /** Moves whenever {@link #countAcknowledged} may have changed. */
    public long changes()
    {
        return feeder.changes();
    }

    /** Monotonic ms, the scale of {@link ReplicaView#lagSeconds}. */
    public long nowMs()
    {
        return clock.monotonicNs() / NS_PER_MS;
    }

    ReplicationStream stream()
    {
        return stream;
    }

    Upstream upstream()
    {
        return upstream;
    }

    ReplicaFailures failures()
    {
        return failures;
    }

    int replicaCount()
    {
        return replicas.size();
    }

    ReplicaView replica(final int index)
    {
        return replicas.get(index).view;
    }

    public long syncFull()
    {
        return syncFull;
    }

    public long syncPartialOk()
    {
        return syncPartialOk;
    }

    public long syncPartialErr()
    {
        return syncPartialErr;
    }

    /** CONFIG RESETSTAT. */
    public void resetStatistics()
    {
        syncFull = 0;
        syncPartialOk = 0;
        syncPartialErr = 0;
    }
}
