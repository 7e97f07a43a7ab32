package org.millrace.engine.node;

import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.OutputLimits;
import org.millrace.engine.replication.primary.PrimarySettings;
import org.millrace.engine.replication.replica.ReplicaSettings;

/** Copies the options of replication into plain fields, at start and whenever CONFIG SET changes one of them. */
final class ReplicationSettings
{
    private static final ConfigOption[] OPTIONS = {
        ConfigOption.REPL_BACKLOG_SIZE,
        ConfigOption.REPL_BACKLOG_MAX_SIZE,
        ConfigOption.REPL_BACKLOG_TTL,
        ConfigOption.CLIENT_OUTPUT_BUFFER_LIMIT,
        ConfigOption.REPL_TIMEOUT,
        ConfigOption.REPL_PING_REPLICA_PERIOD,
        ConfigOption.REPL_DISKLESS_SYNC,
        ConfigOption.REPL_DISKLESS_SYNC_DELAY,
        ConfigOption.REPL_DISKLESS_SYNC_MAX_REPLICAS,
        ConfigOption.REPL_DISABLE_TCP_NODELAY,
        ConfigOption.REPL_DISKLESS_LOAD,
        ConfigOption.MIN_REPLICAS_MAX_LAG,
        ConfigOption.MIN_REPLICAS_TO_WRITE,
        ConfigOption.MASTERAUTH,
        ConfigOption.MASTERUSER,
        ConfigOption.PORT,
        ConfigOption.TLS_PORT,
        ConfigOption.TLS_REPLICATION,
        ConfigOption.REPLICA_ANNOUNCE_PORT,
        ConfigOption.REPLICA_ANNOUNCE_IP,
        ConfigOption.REPLICA_ANNOUNCED,
        ConfigOption.REPLICA_PRIORITY,
        ConfigOption.BIND_SOURCE_ADDR,
        ConfigOption.TCP_KEEPALIVE,
        ConfigOption.PROPAGATION_ERROR_BEHAVIOR,
        ConfigOption.REPLICA_IGNORE_DISK_WRITE_ERRORS,
        ConfigOption.REPLICA_REFUSE_EMPTY_PRIMARY,
        ConfigOption.RDB_VERSION,
        ConfigOption.RDBCHECKSUM};

    private ReplicationSettings()
    {
    }

    static void bind(
        final Config config,
        final PrimarySettings primary,
        final ReplicaSettings replica,
        final Runnable onChange)
    {
        copy(config, primary, replica);
        for (final ConfigOption option : OPTIONS)
        {
            config.listen(option, (c, o) ->
            {
                copy(config, primary, replica);
                onChange.run();
                return null;
            });
        }
    }

    private static void copy(final Config config, final PrimarySettings primary, final ReplicaSettings replica)
    {
        final OutputLimits limits = config.outputLimits();
        primary.historyBytes = config.number(ConfigOption.REPL_BACKLOG_SIZE);
        primary.historyBytesMax = config.backlogLengthMax();
        primary.historyTtlSeconds = config.number(ConfigOption.REPL_BACKLOG_TTL);
        primary.hardBytes = limits.hard(OutputLimits.REPLICA);
        primary.softBytes = limits.soft(OutputLimits.REPLICA);
        primary.softSeconds = limits.softSeconds(OutputLimits.REPLICA);
        primary.timeoutSeconds = config.integer(ConfigOption.REPL_TIMEOUT);
        primary.pingSeconds = config.integer(ConfigOption.REPL_PING_REPLICA_PERIOD);
        primary.isDiskless = config.is(ConfigOption.REPL_DISKLESS_SYNC);
        // Joining late is free here, so waiting for others is only for those who ask for it.
        primary.delaySeconds = config.isGiven(ConfigOption.REPL_DISKLESS_SYNC_DELAY)
            ? config.integer(ConfigOption.REPL_DISKLESS_SYNC_DELAY)
            : 0;
        primary.delayReplicas = config.integer(ConfigOption.REPL_DISKLESS_SYNC_MAX_REPLICAS);
        primary.isNoDelayDisabled = config.is(ConfigOption.REPL_DISABLE_TCP_NODELAY);
        primary.goodLagSeconds = config.integer(ConfigOption.MIN_REPLICAS_MAX_LAG);
        primary.countsGoodReplicas = config.integer(ConfigOption.MIN_REPLICAS_TO_WRITE) > 0 &&
            primary.goodLagSeconds > 0;
        primary.rdbVersion = config.rdbVersion();
        primary.hasChecksum = config.is(ConfigOption.RDBCHECKSUM);

        replica.primaryAuth = config.text(ConfigOption.MASTERAUTH);
        replica.primaryUser = config.text(ConfigOption.MASTERUSER);
        replica.databases = config.integer(ConfigOption.DATABASES);
        replica.isTls = config.is(ConfigOption.TLS_REPLICATION);
        replica.port = config.integer(
            replica.isTls && config.is(ConfigOption.TLS_PORT) ? ConfigOption.TLS_PORT : ConfigOption.PORT);
        replica.announcePort = config.integer(ConfigOption.REPLICA_ANNOUNCE_PORT);
        replica.announceIp = config.text(ConfigOption.REPLICA_ANNOUNCE_IP);
        replica.isAnnounced = config.is(ConfigOption.REPLICA_ANNOUNCED);
        replica.priority = config.integer(ConfigOption.REPLICA_PRIORITY);
        replica.keepAliveSeconds = config.integer(ConfigOption.TCP_KEEPALIVE);
        replica.bindSource = config.text(ConfigOption.BIND_SOURCE_ADDR);
        replica.timeoutSeconds = primary.timeoutSeconds;
        replica.verifyChecksum = primary.hasChecksum;
        replica.panicsOnError = !"ignore".equals(config.print(ConfigOption.PROPAGATION_ERROR_BEHAVIOR));
        replica.refusesEmptyPrimary = config.is(ConfigOption.REPLICA_REFUSE_EMPTY_PRIMARY);
        replica.ignoresDiskErrors = config.is(ConfigOption.REPLICA_IGNORE_DISK_WRITE_ERRORS);
        replica.disklessLoad = switch (config.print(ConfigOption.REPL_DISKLESS_LOAD))
        {
            case "swapdb" -> ReplicaSettings.DisklessLoad.SWAPDB;
            case "on-empty-db" -> ReplicaSettings.DisklessLoad.ON_EMPTY_DB;
            default -> ReplicaSettings.DisklessLoad.DISABLED;
        };
    }
}
