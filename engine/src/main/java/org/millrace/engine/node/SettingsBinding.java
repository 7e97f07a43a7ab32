package org.millrace.engine.node;

import org.millrace.engine.command.EvictionPolicy;
import org.millrace.engine.command.EvictionPolicy.Order;
import org.millrace.engine.command.Settings;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.node.clients.PubSub;
import org.millrace.engine.resp.RespLimits;
import org.millrace.engine.value.Thresholds;

/** Copies options that commands read into plain fields, at start and whenever CONFIG SET changes one of them. */
final class SettingsBinding
{
    private static final ConfigOption[] OPTIONS = {
        ConfigOption.PROTO_MAX_BULK_LEN,
        ConfigOption.HLL_SPARSE_MAX_BYTES,
        ConfigOption.HASH_MAX_LISTPACK_ENTRIES,
        ConfigOption.HASH_MAX_LISTPACK_VALUE,
        ConfigOption.SET_MAX_INTSET_ENTRIES,
        ConfigOption.SET_MAX_LISTPACK_ENTRIES,
        ConfigOption.SET_MAX_LISTPACK_VALUE,
        ConfigOption.ZSET_MAX_LISTPACK_ENTRIES,
        ConfigOption.ZSET_MAX_LISTPACK_VALUE,
        ConfigOption.LIST_MAX_LISTPACK_SIZE,
        ConfigOption.STREAM_NODE_MAX_BYTES,
        ConfigOption.STREAM_NODE_MAX_ENTRIES,
        ConfigOption.RDB_VERSION,
        ConfigOption.LAZYFREE_LAZY_EXPIRE,
        ConfigOption.LAZYFREE_LAZY_USER_DEL,
        ConfigOption.MAXMEMORY,
        ConfigOption.MAXMEMORY_POLICY,
        ConfigOption.MAXMEMORY_SAMPLES,
        ConfigOption.MAXMEMORY_EVICTION_TENACITY,
        ConfigOption.REPLICA_IGNORE_MAXMEMORY,
        ConfigOption.LAZYFREE_LAZY_EVICTION,
        ConfigOption.LFU_LOG_FACTOR,
        ConfigOption.LFU_DECAY_TIME,
        ConfigOption.NOTIFY_KEYSPACE_EVENTS,
        ConfigOption.MIN_REPLICAS_TO_WRITE,
        ConfigOption.MIN_REPLICAS_MAX_LAG,
        ConfigOption.REPLICA_READ_ONLY,
        ConfigOption.REPLICA_SERVE_STALE_DATA,
        ConfigOption.SLOWLOG_LOG_SLOWER_THAN,
        ConfigOption.LATENCY_MONITOR_THRESHOLD,
        ConfigOption.LATENCY_TRACKING,
        ConfigOption.BUSY_REPLY_THRESHOLD,
        ConfigOption.STOP_WRITES_ON_BGSAVE_ERROR,
        ConfigOption.SAVE};

    private final Config config;
    private final Settings settings;
    private final RespLimits limits;
    private final PubSub pubSub;

    private SettingsBinding(
        final Config config, final Settings settings, final RespLimits limits, final PubSub pubSub)
    {
        this.config = config;
        this.settings = settings;
        this.limits = limits;
        this.pubSub = pubSub;
    }

    static void bind(
        final Config config, final Settings settings, final RespLimits limits, final PubSub pubSub)
    {
        final SettingsBinding binding = new SettingsBinding(config, settings, limits, pubSub);
        binding.copy();
        for (final ConfigOption option : OPTIONS)
        {
            config.listen(option, (c, o) ->
            {
                binding.copy();
                return null;
            });
        }
    }

    private void copy()
    {
        settings.protoMaxBulkLength = config.number(ConfigOption.PROTO_MAX_BULK_LEN);
        settings.hllSparseMaxBytes = (int)Math.min(
            Integer.MAX_VALUE, config.number(ConfigOption.HLL_SPARSE_MAX_BYTES));
        settings.rdbVersion = config.rdbVersion();
        settings.lazyExpire = config.is(ConfigOption.LAZYFREE_LAZY_EXPIRE);
        settings.lazyUserDel = config.is(ConfigOption.LAZYFREE_LAZY_USER_DEL);
        settings.maxMemory = config.number(ConfigOption.MAXMEMORY);
        settings.evictionPolicy = EvictionPolicy.of(config.choice(ConfigOption.MAXMEMORY_POLICY));
        settings.evictionSamples = config.integer(ConfigOption.MAXMEMORY_SAMPLES);
        settings.evictionTenacity = config.integer(ConfigOption.MAXMEMORY_EVICTION_TENACITY);
        settings.replicaIgnoresMaxMemory = config.is(ConfigOption.REPLICA_IGNORE_MAXMEMORY);
        settings.lazyEviction = config.is(ConfigOption.LAZYFREE_LAZY_EVICTION);
        settings.clock.isByRecency = Order.RECENCY == settings.evictionPolicy.order();
        settings.clock.isByFrequency = Order.FREQUENCY == settings.evictionPolicy.order();
        settings.clock.logFactor = config.integer(ConfigOption.LFU_LOG_FACTOR);
        settings.clock.decayMinutes = config.integer(ConfigOption.LFU_DECAY_TIME);
        settings.notifyEvents = config.keyspaceEvents();
        settings.minReplicasToWrite = config.integer(ConfigOption.MIN_REPLICAS_TO_WRITE);
        settings.minReplicasMaxLag = config.integer(ConfigOption.MIN_REPLICAS_MAX_LAG);
        settings.replicaReadOnly = config.is(ConfigOption.REPLICA_READ_ONLY);
        settings.replicaServeStale = config.is(ConfigOption.REPLICA_SERVE_STALE_DATA);
        settings.slowlogMicros = config.number(ConfigOption.SLOWLOG_LOG_SLOWER_THAN);
        settings.latencyTracking = config.is(ConfigOption.LATENCY_TRACKING);
        settings.busyReplyMs = config.number(ConfigOption.BUSY_REPLY_THRESHOLD);
        settings.latencyMs = config.number(ConfigOption.LATENCY_MONITOR_THRESHOLD);
        settings.stopsWritesOnSaveError = config.is(ConfigOption.STOP_WRITES_ON_BGSAVE_ERROR) &&
            config.savePoints().count() > 0;
        limits.bulkMax = settings.protoMaxBulkLength;
        pubSub.notifyEvents(settings.notifyEvents);
        copy(settings.thresholds);
    }

    private void copy(final Thresholds thresholds)
    {
        thresholds.hashEntries = config.number(ConfigOption.HASH_MAX_LISTPACK_ENTRIES);
        thresholds.hashValue = config.number(ConfigOption.HASH_MAX_LISTPACK_VALUE);
        thresholds.setIntset = config.number(ConfigOption.SET_MAX_INTSET_ENTRIES);
        thresholds.setEntries = config.number(ConfigOption.SET_MAX_LISTPACK_ENTRIES);
        thresholds.setValue = config.number(ConfigOption.SET_MAX_LISTPACK_VALUE);
        thresholds.zsetEntries = config.number(ConfigOption.ZSET_MAX_LISTPACK_ENTRIES);
        thresholds.zsetValue = config.number(ConfigOption.ZSET_MAX_LISTPACK_VALUE);
        thresholds.listSize = config.integer(ConfigOption.LIST_MAX_LISTPACK_SIZE);
        thresholds.streamNodeBytes = config.number(ConfigOption.STREAM_NODE_MAX_BYTES);
        thresholds.streamNodeEntries = config.number(ConfigOption.STREAM_NODE_MAX_ENTRIES);
    }
}
