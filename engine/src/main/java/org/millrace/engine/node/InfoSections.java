package org.millrace.engine.node;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.node.clients.Clients;
import org.millrace.engine.readers.Readers;

/**
 * The sections of INFO that are about neither replication nor memory, without {@link StatsInfo}. Names and order of
 * fields are Redis's; ours come last.
 */
final class InfoSections
{
    private final NodeHost host;
    private final NodeIdentity identity;
    private final Config config;
    private final ExecutionState state;
    private final Clients clients;
    private final Readers readers;
    private final ErrorCounts errors;
    private final CommandTable table;
    private final Persistence persistence;
    private final Durability durability;
    private final NodeData data;
    private final long startNs;

    InfoSections(
        final NodeHost host,
        final NodeIdentity identity,
        final Config config,
        final NodeData data,
        final ExecutionState state,
        final Clients clients,
        final Readers readers,
        final ErrorCounts errors,
        final CommandTable table,
        final Persistence persistence,
        final Durability durability)
    {
        this.host = host;
        this.identity = identity;
        this.config = config;
        this.data = data;
        this.state = state;
        this.clients = clients;
        this.readers = readers;
        this.errors = errors;
        this.table = table;
        this.persistence = persistence;
        this.durability = durability;
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
        line(out, "process_supervised", host.supervisor());
        line(out, "run_id", identity.runId());
        line(out, "tcp_port", config.anyPort());
        line(out, "server_time_usec", host.clock().wallMicros());
        line(out, "uptime_in_seconds", upSeconds);
        line(out, "uptime_in_days", upSeconds / 86_400);
        line(out, "hz", config.number(ConfigOption.HZ));
        line(out, "configured_hz", config.number(ConfigOption.HZ));
        line(out, "lru_clock", now() / 1000 & 0xFF_FFFF);
        line(out, "executable", identity.executable());
        line(out, "config_file", identity.configFile());
        line(out, "io_threads_active", readers.isEmpty() ? 0 : 1);
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
        if (config.is(ConfigOption.PORT))
        {
            line(out, "listener" + number++, listener("tcp", ConfigOption.PORT));
        }

        if (!config.text(ConfigOption.UNIXSOCKET).isEmpty())
        {
            line(out, "listener" + number++, "name=unix,bind=" + config.text(ConfigOption.UNIXSOCKET));
        }

        if (config.is(ConfigOption.TLS_PORT))
        {
            line(out, "listener" + number, listener("tls", ConfigOption.TLS_PORT));
        }
    }

    private String listener(final String name, final ConfigOption port)
    {
        final StringBuilder listener = new StringBuilder("name=").append(name);
        config.addresses().forEach((address) -> listener.append(",bind=").append(address));
        return listener.append(",port=").append(config.number(port)).toString();
    }

    void clients(final StringBuilder out)
    {
        line(out, "connected_clients", clients.size());
        line(out, "cluster_connections", 0);
        line(out, "maxclients", config.number(ConfigOption.MAXCLIENTS));
        line(out, "client_recent_max_input_buffer", clients.longestInput());
        line(out, "client_recent_max_output_buffer", clients.longestOutput());
        line(out, "blocked_clients", clients.blockedCount());
        line(out, "tracking_clients", clients.tracking().clients());
        line(out, "clients_in_timeout_table", clients.timedCount());
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
        durability.append(out);
        line(out, "module_fork_in_progress", 0);
        line(out, "module_fork_last_cow_size", 0);
        durability.appendSizes(out);
        if (state.isLoading)
        {
            data.appendLoading(out, now());
        }
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
        out.append("cmdstat_").append(spec.fullName()).append(":calls=").append(spec.calls());
        out.append(",usec=").append(spec.nanos() / 1000).append(",usec_per_call=");
        FixedPoint.append(out, perCall, 2).append(",rejected_calls=").append(spec.rejectedCalls());
        out.append(",failed_calls=").append(spec.failedCalls()).append("\r\n");
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
        return FixedPoint.ofUnits(micros, 6);
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

        return FixedPoint.of(value, 2) + "KMGTP".charAt(unit);
    }
}
