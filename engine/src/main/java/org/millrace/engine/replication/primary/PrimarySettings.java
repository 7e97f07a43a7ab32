package org.millrace.engine.replication.primary;

/**
 * Options of the primary side as plain fields of the writer thread, set at start and at each CONFIG SET; follow with
 * {@link Primary#settingsChanged}.
 */
public final class PrimarySettings
{
    /** Least repl-backlog-size that CONFIG SET leaves. */
    public static final long HISTORY_BYTES_MIN = 16 << 10;

    /** repl-backlog-size. */
    public long historyBytes = 1 << 20;

    /** repl-backlog-max-size: what a replica in full resync may keep in the ring. */
    public long historyBytesMax = 1L << 30;

    /** repl-backlog-ttl, seconds; 0 for never. */
    public long historyTtlSeconds = 3600;

    /** client-output-buffer-limit of class replica. */
    public long hardBytes = 256L << 20;
    public long softBytes = 64L << 20;
    public long softSeconds = 60;

    /** repl-timeout, seconds. */
    public int timeoutSeconds = 60;

    /** repl-ping-replica-period, seconds. */
    public int pingSeconds = 10;

    /** repl-diskless-sync: end marks for those who know them. */
    public boolean isDiskless = true;

    /** repl-diskless-sync-delay in seconds if it was set explicitly, else 0: a late replica joins a running image. */
    public int delaySeconds;

    /** repl-diskless-sync-max-replicas: as many end the delay; 0 for no such number. */
    public int delayReplicas;

    /** repl-disable-tcp-nodelay. */
    public boolean isNoDelayDisabled;

    /** min-replicas-max-lag, seconds. */
    public int goodLagSeconds = 10;

    /** True if min-replicas-to-write and min-replicas-max-lag are both set: INFO shows the good ones. */
    public boolean countsGoodReplicas;

    /** rdb-version. */
    public int rdbVersion = 9;

    /** rdbchecksum. */
    public boolean hasChecksum = true;

    /** What the log calls the process that makes snapshots: there is but one. */
    public long processId;

    FeederLimits feederLimits()
    {
        return new FeederLimits(hardBytes, softBytes, softSeconds, historyBytes, historyBytesMax, timeoutSeconds);
    }
}
