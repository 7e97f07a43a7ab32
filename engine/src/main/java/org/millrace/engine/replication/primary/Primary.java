package org.millrace.engine.replication.primary;

import java.util.List;
import java.util.function.LongSupplier;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.SegmentStorage;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.replication.SubReplicas;
import org.millrace.engine.replication.Upstream;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;
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
    private final AttachedReplicas replicas = new AttachedReplicas();
    private final FeederMailbox mailbox;
    private final FullResyncs resyncs;
    private final PrimaryRing ring;
    private final SyncRequests requests;

    private final WaitQueue acknowledgements = new WaitQueue();
    private long seenChanges;
    private long seenSynced = -1;
    private boolean seenDurable;
    private long cronLoops;
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
        requests = new SyncRequests(
            stream, upstream, clock, log, settings, feeder, mailbox, failures, replicas, ring, resyncs);
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
        repairRing();
        requests.sync(context, isPsync);
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

    /** A ring is there from the start: made now, unless an earlier process has left it. False: no segment. */
    public boolean beginAtStart()
    {
        final boolean isThere = ring.make();
        ring.recovered(nowMs());
        resyncs.drop();
        return isThere;
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
            acknowledgements.serve();
            work++;
        }

        if (seenSynced != stream.syncedOffset() || seenDurable != stream.isDurable())
        {
            seenSynced = stream.syncedOffset();
            seenDurable = stream.isDurable();
            acknowledgements.serve();
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

    /** In the midst of a script: who is gone is forgotten. Who waits for acknowledgements is served once it has ended. */
    public void doWorkWhileBusy()
    {
        if (seenChanges != feeder.changes())
        {
            forgetClosed();
        }
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
        return replicas.statuses();
    }

    /** CLIENT KILL. */
    public void kill(final ReplicaStatus status)
    {
        final AttachedReplica replica = replicas.find(status);
        if (null != replica)
        {
            final ReplicaSession session = dismiss(replica);
            // What is written until the feeder gets to it counts as written behind the loss.
            final long end = stream.endOffset();
            mailbox.post(() -> session.close("killed", end));
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
        return replicas.countAcknowledged(offset);
    }

    /** Online replicas that have the stream up to {@code offset} on disk. */
    public int countSynced(final long offset)
    {
        return replicas.countSynced(offset);
    }

    /** Online replicas with a lag of at most min-replicas-max-lag. */
    public int goodReplicas()
    {
        return replicas.countGood(settings.goodLagSeconds, nowMs());
    }

    /** Who waits until {@link #countAcknowledged} has changed. */
    WaitQueue acknowledgements()
    {
        return acknowledgements;
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

    public ReplicaStatus replica(final int index)
    {
        return replicas.get(index).status;
    }

    /** How PSYNC and SYNC were answered. */
    public SyncCounts syncCounts()
    {
        return requests.counts();
    }

    /** CONFIG RESETSTAT. */
    public void resetStatistics()
    {
        requests.counts().reset();
    }
}
