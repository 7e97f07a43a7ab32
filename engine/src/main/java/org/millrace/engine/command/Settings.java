package org.millrace.engine.command;

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

    /** True when maxmemory-policy is one of the LFU ones: then the access clock holds frequency. */
    public boolean lfu;

    /** lfu-log-factor. */
    public int lfuLogFactor = 10;

    /** lfu-decay-time, minutes. */
    public int lfuDecayMinutes = 1;

    /** DEBUG SET-ACTIVE-EXPIRE. */
    public boolean activeExpire = true;

    /** DEBUG SET-SKIP-CHECKSUM-VALIDATION: RESTORE goes by what stands behind a wrong checksum. */
    public boolean isDumpChecksumSkipped;

    /** maxmemory, bytes; 0 for no limit but that of the data set's references. */
    public long maxMemory;

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
