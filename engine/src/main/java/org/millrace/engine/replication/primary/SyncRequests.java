package org.millrace.engine.replication.primary;

import org.millrace.engine.backlog.BacklogReader;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Replies;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.Upstream;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.transport.Connection;

/**
 * Answers PSYNC and SYNC: a client becomes a replica, with a place in the stream as {@link PsyncRules} allow, or with a
 * snapshot that {@link FullResyncs} finds for it. Writer thread.
 */
final class SyncRequests
{
    private static final long NS_PER_MS = 1_000_000;

    private final ReplicationStream stream;
    private final Upstream upstream;
    private final Clock clock;
    private final EventLog log;
    private final PrimarySettings settings;
    private final Feeder feeder;
    private final FeederMailbox mailbox;
    private final ReplicaFailures failures;
    private final AttachedReplicas replicas;
    private final PrimaryRing ring;
    private final FullResyncs resyncs;
    private final SyncCounts counts = new SyncCounts();

    SyncRequests(
        final ReplicationStream stream,
        final Upstream upstream,
        final Clock clock,
        final EventLog log,
        final PrimarySettings settings,
        final Feeder feeder,
        final FeederMailbox mailbox,
        final ReplicaFailures failures,
        final AttachedReplicas replicas,
        final PrimaryRing ring,
        final FullResyncs resyncs)
    {
        this.stream = stream;
        this.upstream = upstream;
        this.clock = clock;
        this.log = log;
        this.settings = settings;
        this.feeder = feeder;
        this.mailbox = mailbox;
        this.failures = failures;
        this.replicas = replicas;
        this.ring = ring;
        this.resyncs = resyncs;
    }

    SyncCounts counts()
    {
        return counts;
    }

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

        if (upstream.isFailingOver())
        {
            reply.error("NOMASTERLINK Can't SYNC while failing over");
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
                counts.partial++;
                return;
            }

            if (!replid.startsWith("?"))
            {
                counts.refused++;
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
        final String refusal = identity.hasFilter ? null : resyncs.refusal(identity.rdbVersion);
        if (null != refusal)
        {
            log.warning("Full resync of replica " + identity.name(client) + " refused: " + refusal);
            reply.error("ERR Full resync refused: " + refusal);
            return;
        }

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

        counts.full++;
        final AttachedReplica replica = attach(client, identity, isLegacy);
        resyncs.begin(replica, failures.lastReason(replica.status.name()));
    }

    private AttachedReplica attach(final Client client, final ReplicaIdentity identity, final boolean isLegacy)
    {
        final Connection connection = client.connection().base();
        final long nowMs = clock.monotonicNs() / NS_PER_MS;
        final String name = identity.name(client);
        final ReplicaStatus status = new ReplicaStatus(
            client.id(), name, identity.host(client), identity.listeningPort, client.address(),
            connection.localAddress(), connection.fileDescriptor(), isLegacy,
            identity.isRdbOnly, nowMs);
        status.user(client.rights);
        if (settings.isNoDelayDisabled)
        {
            connection.noDelay(false);
        }

        final byte[] unread = client.detach();
        final AttachedReplica replica = new AttachedReplica(
            status, new ReplicaSession(status, connection, unread), identity,
            nowMs + failures.delayMs(name, nowMs));
        replicas.add(replica);
        mailbox.handOver(replica.session);
        return replica;
    }
}
