package org.millrace.engine.replication.primary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;
import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Replies;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.SubReplicas;
import org.millrace.engine.replication.Upstream;
import org.millrace.engine.resp.ReplyWriter;
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
    private final Upstream upstream;
    private final Clock clock;
    private final EventLog log;
    private final PrimarySettings settings;
    private final Feeder feeder;
    private final ReplicaFailures failures;
    private final ArrayList<AttachedReplica> replicas = new ArrayList<>();
    private final FeederMailbox mailbox;
    private final FullResyncs resyncs;
    private final PrimaryRing ring;

    private long seenChanges;
    private long cronLoops;
    private long syncFull;
    private long syncPartialOk;
    private long syncPartialErr;
    private boolean isAckAsked;
    private boolean isAckHeld;

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
        this.upstream = upstream;
        this.clock = clock;
        this.log = log;
        this.settings = settings;
        feeder = new Feeder(stream, feederReactor, clock, table, log, settings.feederLimits());
        mailbox = new FeederMailbox(feeder, stream, reactor, reactor != feederReactor);
        failures = new ReplicaFailures(random);
        ring = new PrimaryRing(stream, storage, upstream, log, random, settings);
        ring.unusedSince(nowMs());
        resyncs = new FullResyncs(
            stream, snapshots, upstream, clock, log, random, settings, feeder, mailbox, replicas);
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
        final Client client = Client.of(context);
        if (client.isMonitor)
        {
            return;
        }

        final ReplicaIdentity identity = ReplicaIdentity.of(client);
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

        if (client.hasPendingOutput())
        {
            reply.error("ERR SYNC and PSYNC are invalid with pending output");
            return;
        }

        if (identity.hasFilter && !identity.hasEof)
        {
            reply.error("ERR Filtered replica requires EOF capability");
            return;
        }

        final String name = identity.name(client);
        log.notice("Replica " + name + " asks for synchronization");
        if (isPsync)
        {
            if (!context.readLong(2, Replies.NOT_AN_INTEGER))
            {
                log.warning("Replica " + name + " asks for synchronization but with a wrong offset");
                return;
            }

            final String replid = context.argText(1);
            if (tryPartial(client, identity, replid, context.longValue()))
            {
                syncPartialOk++;
                return;
            }

            if (!replid.startsWith("?"))
            {
                syncPartialErr++;
            }
        }

        beginFullResync(client, identity, !isPsync, reply);
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

        upstream.promote(context.session().address());
        return true;
    }

    private boolean tryPartial(
        final Client client, final ReplicaIdentity identity, final String replid, final long offset)
    {
        repairRing();
        final ReplicationHistory history = stream.history();
        final String name = identity.name(client);
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
                acceptPartial(client, identity, offset);
                return true;
            }
            default -> throw new IllegalStateException();
        }

        return false;
    }

    private void acceptPartial(final Client client, final ReplicaIdentity identity, final long offset)
    {
        // First the reader: to attach is to give up the place that was kept for this replica, which may be all that
        // holds the offset.
        final BacklogReader reader = stream.openReader(offset);
        final AttachedReplica replica = attach(client, identity, false);
        replica.stream();
        final String line = identity.hasPsync2 ? "+CONTINUE " + stream.history().replid() + "\r\n" : "+CONTINUE\r\n";
        log.notice(
            "Partial resynchronization request from " + replica.status.name() + " accepted. Sending " +
                (stream.endOffset() + 1 - offset) + " bytes of backlog starting from offset " + offset + ".");
        mailbox.post(() -> replica.session.beginPartial(line, reader, feeder.nowMs()));
    }

    private void beginFullResync(
        final Client client, final ReplicaIdentity identity, final boolean isLegacy, final ReplyWriter reply)
    {
        repairRing();
        final boolean hadRing = stream.isActive();
        if (!ring.make())
        {
            reply.error("NOMASTERLINK Can't SYNC: no memory for the replication backlog");
            return;
        }

        if (!hadRing)
        {
            resyncs.drop();
        }

        syncFull++;
        final AttachedReplica replica = attach(client, identity, isLegacy);
        resyncs.begin(replica, failures.lastReason(replica.status.name()));
    }

    private AttachedReplica attach(final Client client, final ReplicaIdentity identity, final boolean isLegacy)
    {
        final Connection connection = client.connection().base();
        final long nowMs = nowMs();
        final String name = identity.name(client);
        final ReplicaStatus status = new ReplicaStatus(
            client.id(), name, identity.host(client), identity.listeningPort, client.address(),
            connection.localAddress(), connection.fileDescriptor(), isLegacy,
            identity.isRdbOnly, nowMs);
        if (settings.isNoDelayDisabled)
        {
            connection.noDelay(false);
        }

        final byte[] unread = client.detach();
        final AttachedReplica replica = new AttachedReplica(
            status, new ReplicaSession(status, connection, unread), identity.hasEof, identity.hasFilter,
            nowMs + failures.delayMs(name, nowMs));
        replicas.add(replica);
        mailbox.handOver(replica.session);
        return replica;
    }

    /**
     * What the head of a snapshot says that is cut now, between two units; for saves to disk too. On a primary the
     * next command begins with SELECT from here on, so that whoever starts at this offset knows its database.
     */
    public SnapshotHeader cutHeader()
    {
        return resyncs.cutHeader();
    }

    /** Where the used-mem field of snapshots comes from. */
    public void usedMemory(final LongSupplier bytes)
    {
        resyncs.usedMemory(bytes);
    }

    /** FLUSHALL: a snapshot of what is about to go is of no use, and full resyncs in progress start again. */
    public void onFlushAll()
    {
        resyncs.abort("FLUSHALL");
    }

    /**
     * The data set was loaded at start from the snapshot of a primary or replica at this place of a history. This
     * node begins a history of its own, but whoever had read all of the old one may go on from there.
     */
    public void restore(final String savedReplid, final long savedOffset)
    {
        ring.restore(savedReplid, savedOffset, nowMs());
        resyncs.drop();
    }

    /** A ring that lacks bytes, for want of a segment, is of no use to anybody. */
    private void repairRing()
    {
        if (stream.isBroken())
        {
            disconnectAll("no memory for the replication backlog");
            ring.giveUp();
        }
    }

    // Duty cycle.

    /** Once a duty cycle, between units. @return work count. */
    public int doWork()
    {
        repairRing();
        int work = stream.doWork();
        if (isAckAsked && !isAckHeld)
        {
            isAckAsked = false;
            // Asked for as a primary, held back by a pause, and a replica since: its stream is not its own.
            if (!upstream.isReplica())
            {
                stream.getAck();
                feeder.hurry();
            }

            work++;
        }

        if (seenChanges != feeder.changes())
        {
            seenChanges = feeder.changes();
            forgetClosed();
            work++;
        }

        resyncs.doWork();
        mailbox.flush();
        return work;
    }

    /** Once a second, after {@link #doWork}. */
    public void cron()
    {
        if (0 == cronLoops++ % settings.pingSeconds && any() && !upstream.isReplica() && !isAckHeld)
        {
            stream.ping();
        }

        if (stream.isActive())
        {
            ring.describe();
            if (ring.freeIfUnused(any(), nowMs()))
            {
                resyncs.drop();
            }
        }

        mailbox.flush();
    }

    private void forgetClosed()
    {
        for (int i = replicas.size() - 1; i >= 0; i--)
        {
            final AttachedReplica replica = replicas.get(i);
            if (ReplicaState.CLOSED != replica.status.state())
            {
                if (ReplicaState.ONLINE == replica.status.state())
                {
                    replica.online(nowMs());
                }

                continue;
            }

            replicas.remove(i);
            resyncs.leaves(replica);
            final boolean isForNothing = replica.lost(nowMs());
            if (!replica.status.closeReason().isEmpty())
            {
                failures.lost(replica.status.name(), replica.status.closeReason(), isForNothing, nowMs());
            }

            resyncs.forget(replica);
        }

        if (replicas.isEmpty())
        {
            ring.unusedSince(nowMs());
        }
    }

    // Replicas.

    @Override
    public void disconnectAll(final String reason)
    {
        resyncs.cancel();
        for (int i = 0; i < replicas.size(); i++)
        {
            final ReplicaSession session = dismiss(replicas.get(i));
            mailbox.post(() -> session.close(reason));
        }
    }

    private ReplicaSession dismiss(final AttachedReplica replica)
    {
        resyncs.leaves(replica);
        replica.dismiss();
        return replica.session;
    }

    @Override
    public boolean any()
    {
        return !replicas.isEmpty();
    }

    /** All replicas in any state, oldest first; of this moment. */
    public List<ReplicaStatus> replicas()
    {
        final ArrayList<ReplicaStatus> statuses = new ArrayList<>(replicas.size());
        for (final AttachedReplica replica : replicas)
        {
            statuses.add(replica.status);
        }

        return Collections.unmodifiableList(statuses);
    }

    /** CLIENT KILL. */
    public void kill(final ReplicaStatus status)
    {
        for (int i = 0; i < replicas.size(); i++)
        {
            if (status == replicas.get(i).status)
            {
                final ReplicaSession session = dismiss(replicas.get(i));
                // What is written until the feeder gets to it counts as written behind the loss.
                final long end = stream.endOffset();
                mailbox.post(() -> session.close("killed", end));
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
            final ReplicaStatus status = replicas.get(i).status;
            if (status.state().isOnline() && status.ackOffset() >= offset)
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
            final ReplicaStatus status = replicas.get(i).status;
            if (status.state().isOnline() && status.lagSeconds(nowMs) <= settings.goodLagSeconds)
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

    /** Monotonic ms, the scale of {@link ReplicaStatus#lagSeconds}. */
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

    /** Replicas attached in any state. */
    public int replicaCount()
    {
        return replicas.size();
    }

    ReplicaStatus replica(final int index)
    {
        return replicas.get(index).status;
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
