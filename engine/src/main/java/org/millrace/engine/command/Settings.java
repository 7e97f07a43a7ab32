package org.millrace.engine.command;

import org.millrace.engine.keyspace.ClockRules;
import org.millrace.engine.value.Thresholds;

/**
 * Options that commands read while they run, as plain fields of the writer thread; set from the configuration at start
 * and at each CONFIG SET.
 */
public final class Settings
{
    /** hash-max-listpack-entries and the like: the one object that all data sets of the node go by. */
    public final Thresholds thresholds = new Thresholds();

    /** Longest bulk string, bytes: proto-max-bulk-len; also the longest string value. */
    public long protoMaxBulkLength = 512L << 20;

    /** hll-sparse-max-bytes. */
    public int hllSparseMaxBytes = 3000;

    /** rdb-version: the newest that replicas need to know. */
    public int rdbVersion = 9;

    /** lazyfree-lazy-expire: expiry sends UNLINK in place of DEL. */
    public boolean lazyExpire;

    /** lazyfree-lazy-user-del: DEL behaves as UNLINK. */
    public boolean lazyUserDel;

    /** lazyfree-lazy-eviction: eviction sends UNLINK in place of DEL. */
    public boolean lazyEviction;

    /** maxmemory-policy, lfu-log-factor and lfu-decay-time, as far as access clocks go by them: of all data sets. */
    public final ClockRules clock = new ClockRules();

    /** DEBUG SET-ACTIVE-EXPIRE. */
    public boolean activeExpire = true;

    /** DEBUG PAUSE-CRON: nothing is done by the second. */
    public boolean isCronPaused;

    /** busy-reply-threshold, ms a script may run before others hear of it; 0 for ever. */
    public long busyReplyMs = 5000;

    /** DEBUG SET-DISABLE-DENY-SCRIPTS: scripts may call what they must not, but for what is about connections. */
    public boolean isScriptDenyOff;

    /** DEBUG SET-SKIP-CHECKSUM-VALIDATION: RESTORE goes by what stands behind a wrong checksum. */
    public boolean isDumpChecksumSkipped;

    /** maxmemory, bytes; 0 for no limit but that of the data set's references. */
    public long maxMemory;

    /** maxmemory-policy. */
    public EvictionPolicy evictionPolicy = EvictionPolicy.NOEVICTION;

    /** maxmemory-samples. */
    public int evictionSamples = 5;

    /** maxmemory-eviction-tenacity. */
    public int evictionTenacity = 10;

    /** replica-ignore-maxmemory. */
    public boolean replicaIgnoresMaxMemory = true;

    /** notify-keyspace-events as bits, see {@link KeyEvents}; 0 for none. */
    public int notifyEvents;

    /** min-replicas-to-write; 0 for off. */
    public int minReplicasToWrite;

    /** min-replicas-max-lag, seconds; 0 for off. */
    public int minReplicasMaxLag = 10;

    /** replica-read-only. */
    public boolean replicaReadOnly = true;

    /** stop-writes-on-bgsave-error, and there are save points: a failed save makes writes be refused. */
    public boolean stopsWritesOnSaveError;

    /** replica-serve-stale-data. */
    public boolean replicaServeStale = true;

    /** slowlog-log-slower-than, microseconds; negative for off. */
    public long slowlogMicros = 10_000;

    /** latency-tracking. */
    public boolean latencyTracking = true;

    /** latency-monitor-threshold, ms; 0 for off. */
    public long latencyMs;
}
