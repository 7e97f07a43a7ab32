package org.millrace.engine.node;

import static org.millrace.engine.node.InfoSections.line;

import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.migration.Migrations;
import org.millrace.engine.node.clients.PubSub;
import org.millrace.engine.node.clients.Tracking;
import org.millrace.engine.readers.Readers;

/**
 * The section Stats of INFO: Redis's fields in its order, then those of our own. What there is none of here, as forks and
 * buffers that shrink, is 0, which is what dashboards draw for a server at rest.
 */
final class StatsInfo
{
    private final Statistics statistics;
    private final CommandTable table;
    private final Replication replication;
    private final Readers readers;
    private final Rates rates;
    private final NodeData data;
    private final Migrations migrations;
    private final Tracking tracking;
    private final Clock clock;

    StatsInfo(final NodeParts parts)
    {
        statistics = parts.statistics();
        table = parts.table();
        replication = parts.replication();
        readers = parts.readers();
        rates = parts.rates();
        data = parts.nodeData();
        migrations = parts.migrations();
        tracking = parts.tracking();
        clock = parts.host().clock();
    }

    void append(final StringBuilder out)
    {
        final long[] syncs = replication.syncCounts();
        traffic(out, syncs[3]);
        line(out, "rejected_connections", statistics.connectionsRejected);
        line(out, "sync_full", syncs[0]);
        line(out, "sync_partial_ok", syncs[1]);
        line(out, "sync_partial_err", syncs[2]);
        expiry(out);
        eviction(out);
        line(out, "keyspace_hits", statistics.keyspaceHits);
        line(out, "keyspace_misses", statistics.keyspaceMisses);
        line(out, "pubsub_channels", data.pubSub().count(PubSub.CHANNEL));
        line(out, "pubsub_patterns", data.pubSub().count(PubSub.PATTERN));
        line(out, "pubsubshard_channels", data.pubSub().count(PubSub.SHARD));
        line(out, "latest_fork_usec", 0);
        line(out, "total_forks", 0);
        line(out, "migrate_cached_sockets", migrations.keptLinks());
        line(out, "slave_expires_tracked_keys", statistics.replicaKeys);
        compaction(out);
        line(out, "tracking_total_keys", tracking.keys());
        line(out, "tracking_total_items", tracking.items());
        line(out, "tracking_total_prefixes", tracking.prefixes());
        line(out, "unexpected_error_replies", statistics.unexpectedErrorReplies);
        line(out, "total_error_replies", statistics.errorReplies);
        line(out, "dump_payload_sanitizations", statistics.payloadsChecked);
        sockets(out);
        turns(out);
        line(out, "acl_access_denied_auth", statistics.authDenied);
        line(out, "acl_access_denied_cmd", statistics.commandsDenied);
        line(out, "acl_access_denied_key", statistics.keysDenied);
        line(out, "acl_access_denied_channel", statistics.channelsDenied);
        line(out, "millrace_reader_threads", readers.threads());
        line(out, "millrace_reader_commands", readers.served());
    }

    private void traffic(final StringBuilder out, final long sentToReplicas)
    {
        line(out, "total_connections_received", statistics.connectionsReceived);
        line(out, "total_commands_processed", statistics.commandsProcessed);
        line(out, "instantaneous_ops_per_sec", rates.commandsPerSecond());
        line(out, "total_net_input_bytes", statistics.netInputBytes);
        line(out, "total_net_output_bytes", statistics.netOutputBytes);
        line(out, "total_net_repl_input_bytes", statistics.replInputBytes);
        line(out, "total_net_repl_output_bytes", sentToReplicas);
        line(out, "instantaneous_input_kbps", rates.inputKbps());
        line(out, "instantaneous_output_kbps", rates.outputKbps());
        line(out, "instantaneous_input_repl_kbps", rates.replInputKbps());
        line(out, "instantaneous_output_repl_kbps", rates.replOutputKbps());
    }

    /** Keys that are due go in the turn in which they are, so none is stale; unless more are due than a turn takes. */
    private void expiry(final StringBuilder out)
    {
        line(out, "expired_keys", statistics.expiredKeys);
        if (statistics.expiredFields > 0)
        {
            // Not of 7.2: it is there once there is something to tell.
            line(out, "expired_subkeys", statistics.expiredFields);
        }

        line(out, "expired_stale_perc", "0.00");
        line(out, "expired_time_cap_reached_count", statistics.expireLimitsReached);
        line(out, "expire_cycle_cpu_milliseconds", statistics.expireNanos / 1_000_000);
    }

    private void eviction(final StringBuilder out)
    {
        line(out, "evicted_keys", statistics.evictedKeys);
        line(out, "evicted_clients", statistics.evictedClients);
        final long exceededNs = statistics.evictionExceededNs(clock.monotonicNs());
        line(out, "total_eviction_exceeded_time", (statistics.evictionExceededNs + exceededNs) / 1_000_000);
        line(out, "current_eviction_exceeded_time", exceededNs / 1_000_000);
    }

    private void compaction(final StringBuilder out)
    {
        line(out, "active_defrag_hits", data.current().entriesMoved() + data.current().nodesMoved());
        line(out, "active_defrag_misses", data.current().blocksNotMoved());
        line(out, "active_defrag_key_hits", data.current().entriesMoved());
        line(out, "active_defrag_key_misses", 0);
        line(out, "total_active_defrag_time", rates.compactingMs());
        line(out, "current_active_defrag_time", rates.nowCompactingMs());
    }

    private void sockets(final StringBuilder out)
    {
        line(out, "total_reads_processed", statistics.socketReads);
        line(out, "total_writes_processed", statistics.socketWrites);
        line(out, "io_threaded_reads_processed", readers.socketReads());
        line(out, "io_threaded_writes_processed", readers.socketWrites());
        line(out, "reply_buffer_shrinks", 0);
        line(out, "reply_buffer_expands", 0);
    }

    private void turns(final StringBuilder out)
    {
        line(out, "eventloop_cycles", statistics.turns);
        line(out, "eventloop_duration_sum", statistics.turnNanos / 1000);
        line(out, "eventloop_duration_cmd_sum", commandMicros());
        line(out, "instantaneous_eventloop_cycles_per_sec", rates.turnsPerSecond());
        line(out, "instantaneous_eventloop_duration_usec", rates.turnMicros());
    }

    private long commandMicros()
    {
        long nanos = 0;
        for (final CommandSpec spec : table.all())
        {
            nanos += spec.nanos();
            for (final CommandSpec sub : spec.subcommands().values())
            {
                nanos += sub.nanos();
            }
        }

        return nanos / 1000;
    }
}
