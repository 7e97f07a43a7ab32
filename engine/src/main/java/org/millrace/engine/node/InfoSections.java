package org.millrace.engine.node;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.node.clients.Clients;
import org.millrace.engine.node.clients.PubSub;

/** The sections of INFO that are not about replication. Names and order of fields are Redis's; ours come last. */
final class InfoSections
{
    private final NodeHost host;
    private final NodeIdentity identity;
    private final Config config;
    private final Statistics statistics;
    private final Settings settings;
    private final ExecutionState state;
    private final Clients clients;
    private final Rates rates;
    private final ErrorCounts errors;
    private final CommandTable table;
    private final Persistence persistence;
    private final NodeData data;
    private final long startNs;

    InfoSections(
        final NodeHost host,
        final NodeIdentity identity,
        final Config config,
        final NodeData data,
        final Statistics statistics,
        final Settings settings,
        final ExecutionState state,
        final Clients clients,
        final Rates rates,
        final ErrorCounts errors,
        final CommandTable table,
        final Persistence persistence)
    {
        this.host = host;
        this.identity = identity;
        this.config = config;
        this.data = data;
        this.statistics = statistics;
        this.settings = settings;
        this.state = state;
        this.clients = clients;
        this.rates = rates;
        this.errors = errors;
        this.table = table;
        this.persistence = persistence;
        startNs = host.clock().monotonicNs();
    }

    void server(final StringBuilder out)
    {
        final long upSeconds = TimeUnit.NANOSECONDS.toSeconds(host.clock().monotonicNs() - startNs);
        line(out, "redis_version", NodeIdentity.REDIS_VERSION);
        line(out, "redis_git_sha1", "00000000");
        line(out, "redis_git_dirty", "0");
        line(out, "redis_build_id", "millrace" + identity.version());
        line(out, "redis_mode", identity.mode());
        line(out, "os", identity.operatingSystem());
        line(out, "arch_bits", "64");
        line(out, "monotonic_clock", "System.nanoTime");
        line(out, "multiplexing_api", "java.nio");
        // Of the machine's code, which a compiler of the JVM makes: Redis says 0.0.0 where it was not GCC.
        line(out, "atomicvar_api", "java.lang.invoke.VarHandle");
        line(out, "gcc_version", "0.0.0");
        line(out, "process_id", identity.processId());
        line(out, "process_supervised", "no");
        line(out, "run_id", identity.runId());
        line(out, "tcp_port", config.number(ConfigOption.PORT));
        line(out, "server_time_usec", host.clock().wallMicros());
        line(out, "uptime_in_seconds", upSeconds);
        line(out, "uptime_in_days", upSeconds / 86_400);
        line(out, "hz", config.number(ConfigOption.HZ));
        line(out, "configured_hz", config.number(ConfigOption.HZ));
        line(out, "lru_clock", now() / 1000 & 0xFF_FFFF);
        line(out, "executable", identity.executable());
        line(out, "config_file", identity.configFile());
        line(out, "io_threads_active", "0");
        listeners(out);
        line(out, "server_name", "millrace");
        line(out, "millrace_version", identity.version());
        line(out, "millrace_runtime", identity.runtime());
        line(out, "millrace_threading", config.print(ConfigOption.THREADING));
        line(out, "millrace_idle_strategy", config.print(ConfigOption.IDLE_STRATEGY));
    }

    /** What clients can connect to, in the words of the configuration. */
    private void listeners(final StringBuilder out)
    {
        int number = 0;
        if (config.number(ConfigOption.PORT) > 0)
        {
            final StringBuilder listener = new StringBuilder("name=tcp");
            config.addresses().forEach((address) -> listener.append(",bind=").append(address));
            listener.append(",port=").append(config.number(ConfigOption.PORT));
            line(out, "listener" + number++, listener.toString());
        }

        if (!config.text(ConfigOption.UNIXSOCKET).isEmpty())
        {
            line(out, "listener" + number, "name=unix,bind=" + config.text(ConfigOption.UNIXSOCKET));
        }
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

    void clients(final StringBuilder out)
    {
        final int blocked = clients.blockedCount();
        line(out, "connected_clients", clients.size());
        line(out, "cluster_connections", 0);
        line(out, "maxclients", config.number(ConfigOption.MAXCLIENTS));
        line(out, "client_recent_max_input_buffer", clients.longestInput());
        line(out, "client_recent_max_output_buffer", clients.longestOutput());
        line(out, "blocked_clients", blocked);
        line(out, "tracking_clients", 0);
        line(out, "clients_in_timeout_table", blocked);
        line(out, "total_blocking_keys", clients.waitedKeys());
        line(out, "total_blocking_keys_on_nokey", clients.keysWaitedToGo());
    }

    void persistence(final StringBuilder out)
    {
        line(out, "loading", state.isLoading && !state.isAsyncLoading ? 1 : 0);
        line(out, "async_loading", state.isAsyncLoading ? 1 : 0);
        line(out, "current_cow_peak", 0);
        line(out, "current_cow_size", 0);
        line(out, "current_cow_size_age", 0);
        line(out, "current_fork_perc", "0.00");
        line(out, "current_save_keys_processed", persistence.keysSaved());
        line(out, "current_save_keys_total", persistence.isBusy() ? keys() : 0);
        persistence.append(out);
        line(out, "rdb_last_load_keys_expired", data.lastLoadKeysExpired());
        line(out, "rdb_last_load_keys_loaded", data.lastLoadKeys());
        line(out, "aof_enabled", 0);
        line(out, "aof_rewrite_in_progress", 0);
        line(out, "aof_rewrite_scheduled", 0);
        line(out, "aof_last_rewrite_time_sec", -1);
        line(out, "aof_current_rewrite_time_sec", -1);
        line(out, "aof_last_bgrewrite_status", "ok");
        line(out, "aof_rewrites", 0);
        line(out, "aof_rewrites_consecutive_failures", 0);
        line(out, "aof_last_write_status", "ok");
        line(out, "aof_last_cow_size", 0);
        line(out, "module_fork_in_progress", 0);
        line(out, "module_fork_last_cow_size", 0);
        if (state.isLoading)
        {
            data.appendLoading(out, now());
        }
    }

    private void expiry(final StringBuilder out)
    {
        line(out, "expired_keys", statistics.expiredKeys);
        if (statistics.expiredFields > 0)
        {
            // Not of 7.2: it is there once there is something to tell.
            line(out, "expired_subkeys", statistics.expiredFields);
        }

        line(out, "expired_stale_perc", "0.00");
        line(out, "expired_time_cap_reached_count", 0);
        line(out, "expire_cycle_cpu_milliseconds", 0);
    }

    void statistics(final StringBuilder out, final long[] syncs)
    {
        line(out, "total_connections_received", statistics.connectionsReceived);
        line(out, "total_commands_processed", statistics.commandsProcessed);
        line(out, "instantaneous_ops_per_sec", rates.commandsPerSecond());
        line(out, "total_net_input_bytes", statistics.netInputBytes);
        line(out, "total_net_output_bytes", statistics.netOutputBytes);
        line(out, "total_net_repl_input_bytes", statistics.replInputBytes);
        line(out, "total_net_repl_output_bytes", syncs[3]);
        line(out, "instantaneous_input_kbps", rates.inputKbps());
        line(out, "instantaneous_output_kbps", rates.outputKbps());
        line(out, "instantaneous_input_repl_kbps", rates.replInputKbps());
        line(out, "instantaneous_output_repl_kbps", rates.replOutputKbps());
        line(out, "rejected_connections", statistics.connectionsRejected);
        line(out, "sync_full", syncs[0]);
        line(out, "sync_partial_ok", syncs[1]);
        line(out, "sync_partial_err", syncs[2]);
        expiry(out);
        line(out, "evicted_keys", statistics.evictedKeys);
        line(out, "evicted_clients", statistics.evictedClients);
        final long exceededNs = statistics.evictionExceededNs(host.clock().monotonicNs());
        line(out, "total_eviction_exceeded_time", (statistics.evictionExceededNs + exceededNs) / 1_000_000);
        line(out, "current_eviction_exceeded_time", exceededNs / 1_000_000);
        line(out, "keyspace_hits", statistics.keyspaceHits);
        line(out, "keyspace_misses", statistics.keyspaceMisses);
        line(out, "pubsub_channels", data.pubSub().count(PubSub.CHANNEL));
        line(out, "pubsub_patterns", data.pubSub().count(PubSub.PATTERN));
        line(out, "pubsubshard_channels", data.pubSub().count(PubSub.SHARD));
        line(out, "latest_fork_usec", 0);
        line(out, "total_forks", 0);
        line(out, "migrate_cached_sockets", 0);
        line(out, "slave_expires_tracked_keys", statistics.replicaKeys);
        line(out, "active_defrag_hits", data.current().entriesMoved() + data.current().nodesMoved());
        line(out, "active_defrag_misses", data.current().blocksNotMoved());
        line(out, "active_defrag_key_hits", data.current().entriesMoved());
        line(out, "active_defrag_key_misses", 0);
        line(out, "total_active_defrag_time", rates.compactingMs());
        line(out, "current_active_defrag_time", rates.nowCompactingMs());
        line(out, "tracking_total_keys", 0);
        line(out, "tracking_total_items", 0);
        line(out, "tracking_total_prefixes", 0);
        line(out, "unexpected_error_replies", statistics.unexpectedErrorReplies);
        line(out, "total_error_replies", statistics.errorReplies);
        line(out, "dump_payload_sanitizations", 0);
        line(out, "total_reads_processed", statistics.socketReads);
        line(out, "total_writes_processed", statistics.socketWrites);
        line(out, "io_threaded_reads_processed", 0);
        line(out, "io_threaded_writes_processed", 0);
        line(out, "reply_buffer_shrinks", 0);
        line(out, "reply_buffer_expands", 0);
        line(out, "eventloop_cycles", statistics.turns);
        line(out, "eventloop_duration_sum", statistics.turnNanos / 1000);
        line(out, "eventloop_duration_cmd_sum", commandMicros());
        line(out, "instantaneous_eventloop_cycles_per_sec", rates.turnsPerSecond());
        line(out, "instantaneous_eventloop_duration_usec", rates.turnMicros());
        // There are no users but the default one, who may do all.
        line(out, "acl_access_denied_auth", statistics.authDenied);
        line(out, "acl_access_denied_cmd", 0);
        line(out, "acl_access_denied_key", 0);
        line(out, "acl_access_denied_channel", 0);
    }

    void cpu(final StringBuilder out)
    {
        line(out, "used_cpu_sys", seconds(host.cpuMicros(true)));
        line(out, "used_cpu_user", seconds(host.cpuMicros(false)));
        line(out, "used_cpu_sys_children", "0.000000");
        line(out, "used_cpu_user_children", "0.000000");
        line(out, "used_cpu_sys_main_thread", seconds(host.agentCpuMicros("writer", true)));
        line(out, "used_cpu_user_main_thread", seconds(host.agentCpuMicros("writer", false)));
    }

    void commandStatistics(final StringBuilder out)
    {
        for (final CommandSpec spec : table.all())
        {
            command(out, spec);
            spec.subcommands().values().forEach((sub) -> command(out, sub));
        }
    }

    private static void command(final StringBuilder out, final CommandSpec spec)
    {
        if (spec.calls() + spec.rejectedCalls() + spec.failedCalls() == 0)
        {
            return;
        }

        final double perCall = 0 == spec.calls() ? 0 : spec.nanos() / 1000.0 / spec.calls();
        line(out, "cmdstat_" + spec.fullName(), String.format(
            Locale.ROOT,
            "calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
            spec.calls(),
            spec.nanos() / 1000,
            perCall,
            spec.rejectedCalls(),
            spec.failedCalls()));
    }

    void errorStatistics(final StringBuilder out)
    {
        errors.append(out);
    }

    void keyspace(final StringBuilder out)
    {
        for (final Keyspace keyspace : data.current().occupied())
        {
            line(out, "db" + keyspace.index(), "keys=" + keyspace.size() + ",expires=" + keyspace.volatileKeys() +
                ",avg_ttl=" + keyspace.averageTtlMs(now()) +
                (keyspace.expiringHashes() > 0 ? ",subexpiry=" + keyspace.expiringHashes() : ""));
        }
    }

    private long keys()
    {
        long keys = 0;
        for (int i = 0; i < data.current().databases(); i++)
        {
            keys += data.current().keyspace(i).size();
        }

        return keys;
    }

    private long now()
    {
        return host.clock().wallMs();
    }

    static void line(final StringBuilder out, final String name, final String value)
    {
        out.append(name).append(':').append(value).append("\r\n");
    }

    static void line(final StringBuilder out, final String name, final long value)
    {
        out.append(name).append(':').append(value).append("\r\n");
    }

    private static String seconds(final long micros)
    {
        return String.format(Locale.ROOT, "%d.%06d", micros / 1_000_000, micros % 1_000_000);
    }

    static String human(final long bytes)
    {
        if (bytes < 1024)
        {
            return bytes + "B";
        }

        double value = bytes;
        int unit = -1;
        while (value >= 1024 && unit < 4)
        {
            value /= 1024;
            unit++;
        }

        return String.format(Locale.ROOT, "%.2f%c", value, "KMGTP".charAt(unit));
    }
}
