package org.millrace.engine.config;

import static org.millrace.engine.config.OptionRow.INT_MAX;
import static org.millrace.engine.config.OptionRow.INT_MIN;
import static org.millrace.engine.config.OptionRow.UINT_MAX;
import static org.millrace.engine.config.OptionRow.UNSIGNED_MAX;
import static org.millrace.engine.config.OptionRow.bool;
import static org.millrace.engine.config.OptionRow.choice;
import static org.millrace.engine.config.OptionRow.choices;
import static org.millrace.engine.config.OptionRow.fileOnly;
import static org.millrace.engine.config.OptionRow.integer;
import static org.millrace.engine.config.OptionRow.memory;
import static org.millrace.engine.config.OptionRow.memoryOrPercent;
import static org.millrace.engine.config.OptionRow.octal;
import static org.millrace.engine.config.OptionRow.optionalText;
import static org.millrace.engine.config.OptionRow.special;
import static org.millrace.engine.config.OptionRow.text;
import static org.millrace.engine.config.OptionRow.unsigned;
import static org.millrace.engine.config.OptionRow.unsignedMemory;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The option table: one row per directive of a redis.conf 7.x and per option of Millrace itself. CONFIG GET, CONFIG
 * SET, the file parser and the start-up warnings all come from these rows. Immutable, usable from any thread; the
 * values live in {@link Config}.
 * <p>
 * Each row is either read somewhere, or says what it is worth, see {@link OptionEffect}; a test holds that.
 */
public enum ConfigOption
{
    RDBCHECKSUM(bool("rdbchecksum", true).immutable(),
        "Whether a snapshot ends in a CRC-64: costs a little CPU per byte, finds damaged files and transfers."),
    DAEMONIZE(bool("daemonize", false).immutable().warned(),
        "Run in the background; a service manager or the shell does this for Millrace."),
    IO_THREADS_DO_READS(bool("io-threads-do-reads", false).immutable().withoutMeaning(),
        "Let extra threads read and parse requests; Millrace has its own threading modes."),
    ALWAYS_SHOW_LOGO(bool("always-show-logo", false).immutable(),
        "Print the start banner even when the log is not a terminal."),
    PROTECTED_MODE(bool("protected-mode", true),
        "Without a password, serve loopback clients only."),
    RDBCOMPRESSION(bool("rdbcompression", true).withoutMeaning(),
        "Compress long strings in snapshots; Millrace writes them raw, which costs space and saves CPU."),
    RDB_DEL_SYNC_FILES(bool("rdb-del-sync-files", false).withoutMeaning(),
        "Remove snapshot files that only served a resync; here they never have a name to be found by."),
    ACTIVEREHASHING(bool("activerehashing", true).withoutMeaning(),
        "Spend idle time on growing tables; the index here grows by single segments and needs none."),
    STOP_WRITES_ON_BGSAVE_ERROR(bool("stop-writes-on-bgsave-error", true),
        "Refuse writes after a failed save, so that a full disk does not go unnoticed."),
    SET_PROC_TITLE(bool("set-proc-title", true).immutable().withoutMeaning(),
        "Rewrite the process title; a JVM cannot."),
    DYNAMIC_HZ(bool("dynamic-hz", true).withoutMeaning(),
        "Raise the housekeeping rate with the number of clients."),
    LAZYFREE_LAZY_EVICTION(bool("lazyfree-lazy-eviction", false).withoutMeaning(),
        "Evicted keys leave the stream as UNLINK instead of DEL; nothing is evicted here."),
    LAZYFREE_LAZY_EXPIRE(bool("lazyfree-lazy-expire", false),
        "Expired keys leave the stream as UNLINK instead of DEL."),
    LAZYFREE_LAZY_SERVER_DEL(bool("lazyfree-lazy-server-del", false).withoutMeaning(),
        "Keys overwritten by RENAME and the like are released in the background; here in small steps, always."),
    LAZYFREE_LAZY_USER_DEL(bool("lazyfree-lazy-user-del", false),
        "DEL behaves as UNLINK."),
    LAZYFREE_LAZY_USER_FLUSH(bool("lazyfree-lazy-user-flush", false).withoutMeaning(),
        "FLUSHDB and FLUSHALL without an argument behave as with ASYNC; here they always do."),
    REPL_DISABLE_TCP_NODELAY(bool("repl-disable-tcp-nodelay", false),
        "Let the kernel collect small writes to replicas: fewer packets, up to 40 ms more lag."),
    REPL_DISKLESS_SYNC(bool("repl-diskless-sync", true),
        "Tell replicas by a mark where the snapshot ends, instead of its length first; never through a file."),
    AOF_REWRITE_INCREMENTAL_FSYNC(bool("aof-rewrite-incremental-fsync", true).withoutMeaning(),
        "Sync the append-only file in steps while it is rewritten."),
    NO_APPENDFSYNC_ON_REWRITE(bool("no-appendfsync-on-rewrite", false).withoutMeaning(),
        "Do not sync the append-only file while a child writes."),
    CLUSTER_REQUIRE_FULL_COVERAGE(bool("cluster-require-full-coverage", true).withoutMeaning(),
        "Stop serving when some hash slot has no owner."),
    RDB_SAVE_INCREMENTAL_FSYNC(bool("rdb-save-incremental-fsync", true).withoutMeaning(),
        "Sync a snapshot file in steps while it is written, which avoids one long stall at its end."),
    AOF_LOAD_TRUNCATED(bool("aof-load-truncated", true).withoutMeaning(),
        "Accept an append-only file whose end is missing."),
    AOF_USE_RDB_PREAMBLE(bool("aof-use-rdb-preamble", true).withoutMeaning(),
        "Start a rewritten append-only file with a snapshot."),
    AOF_TIMESTAMP_ENABLED(bool("aof-timestamp-enabled", false).withoutMeaning(),
        "Write time stamps into the append-only file."),
    CLUSTER_REPLICA_NO_FAILOVER(
        bool("cluster-replica-no-failover", false).alias("cluster-slave-no-failover").withoutMeaning(),
        "Never promote this node by cluster failover."),
    REPLICA_LAZY_FLUSH(bool("replica-lazy-flush", false).alias("slave-lazy-flush"),
        "Load a full resync that was kept in a file before the memory of the old data has been given back."),
    REPLICA_SERVE_STALE_DATA(bool("replica-serve-stale-data", true).alias("slave-serve-stale-data"),
        "Answer reads while the link to the primary is down: old data instead of MASTERDOWN."),
    REPLICA_READ_ONLY(bool("replica-read-only", true).alias("slave-read-only"),
        "Refuse writes of clients on a replica; what is written there is lost at the next resync."),
    REPLICA_IGNORE_MAXMEMORY(
        bool("replica-ignore-maxmemory", true).alias("slave-ignore-maxmemory")
            .onlyDefault("a replica of Millrace always takes what its primary sends, whatever its own maxmemory says"),
        "Leave memory limits to the primary, so that both hold the same keys."),
    JEMALLOC_BG_THREAD(bool("jemalloc-bg-thread", true).withoutMeaning(),
        "Purge allocator pages in a thread of the allocator that Redis uses."),
    ACTIVEDEFRAG(bool("activedefrag", false).withoutMeaning(),
        "Move entries to gather free memory; Millrace always does, a few entries at a time."),
    SYSLOG_ENABLED(bool("syslog-enabled", false).immutable().warned(),
        "Log to syslog as well."),
    CLUSTER_ENABLED(
        bool("cluster-enabled", false).immutable().onlyDefault("Millrace does not take part in a Redis Cluster"),
        "Take part in a Redis Cluster."),
    APPENDONLY(
        bool("appendonly", false).deniedWhileLoading()
            .onlyDefault("Millrace has no append-only file: data are kept by snapshots (save) and by replicas"),
        "Keep an append-only file."),
    CLUSTER_ALLOW_READS_WHEN_DOWN(bool("cluster-allow-reads-when-down", false).withoutMeaning(),
        "Serve reads while the cluster is down."),
    CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN(bool("cluster-allow-pubsubshard-when-down", true).withoutMeaning(),
        "Serve shard channels while the cluster is down."),
    CRASH_LOG_ENABLED(bool("crash-log-enabled", true).withoutMeaning(),
        "Print a crash report; the JVM writes its own hs_err file."),
    CRASH_MEMCHECK_ENABLED(bool("crash-memcheck-enabled", true).withoutMeaning(),
        "Test memory after a crash."),
    USE_EXIT_ON_PANIC(bool("use-exit-on-panic", false).hidden().withoutMeaning(),
        "Exit instead of abort on an internal error."),
    DISABLE_THP(bool("disable-thp", true).immutable().withoutMeaning(),
        "Switch transparent huge pages off for the process."),
    CLUSTER_ALLOW_REPLICA_MIGRATION(bool("cluster-allow-replica-migration", true).withoutMeaning(),
        "Let replicas move to primaries that have none."),
    REPLICA_ANNOUNCED(bool("replica-announced", true),
        "Let Sentinel see this replica."),
    LATENCY_TRACKING(bool("latency-tracking", true),
        "Keep a latency histogram per command."),
    AOF_DISABLE_AUTO_GC(bool("aof-disable-auto-gc", false).withoutMeaning(),
        "Keep outdated append-only files."),
    REPLICA_IGNORE_DISK_WRITE_ERRORS(bool("replica-ignore-disk-write-errors", false),
        "Let a replica apply the stream although its last save has failed; else it stops."),
    LUA_ENABLE_DEPRECATED_API(bool("lua-enable-deprecated-api", false).immutable().hidden().withoutMeaning(),
        "Offer the old scripting interface."),
    DUAL_CHANNEL_REPLICATION_ENABLED(bool("dual-channel-replication-enabled", false).hidden().withoutMeaning(),
        "Valkey's second connection for the snapshot; not needed when the backlog is shared."),
    CLOSE_ON_REPLICA_WRITE(bool("close-on-replica-write", true).hidden().withoutMeaning(),
        "Close the link of a replica that sends a write command."),
    ENABLE_DEBUG_ASSERT(bool("enable-debug-assert", false).immutable().hidden().withoutMeaning(),
        "Extra assertions of Redis's debug builds."),
    ACLFILE(
        text("aclfile", "").immutable()
            .onlyDefault("Millrace has no access control list: only requirepass restricts clients"),
        "File with the access control list."),
    UNIXSOCKET(optionalText("unixsocket").immutable(),
        "Path of a local socket to listen on."),
    PIDFILE(optionalText("pidfile").immutable(),
        "File that holds the process id while the server runs."),
    REPLICA_ANNOUNCE_IP(optionalText("replica-announce-ip").alias("slave-announce-ip"),
        "Address a replica tells its primary, where the seen one cannot be reached."),
    MASTERUSER(optionalText("masteruser").alias("primaryuser").sensitive(),
        "User name for AUTH at the primary, used at the next handshake."),
    CLUSTER_ANNOUNCE_IP(optionalText("cluster-announce-ip").withoutMeaning(),
        "Address told to the cluster."),
    CLUSTER_CONFIG_FILE(text("cluster-config-file", "nodes.conf").immutable().withoutMeaning(),
        "File with the cluster's state."),
    CLUSTER_ANNOUNCE_HOSTNAME(optionalText("cluster-announce-hostname").withoutMeaning(),
        "Host name told to the cluster."),
    CLUSTER_ANNOUNCE_HUMAN_NODENAME(optionalText("cluster-announce-human-nodename").withoutMeaning(),
        "Readable node name told to the cluster."),
    SYSLOG_IDENT(text("syslog-ident", "redis").immutable().withoutMeaning(),
        "Name used in syslog."),
    DBFILENAME(text("dbfilename", "dump.rdb").guarded(),
        "Name of the snapshot file inside dir."),
    APPENDFILENAME(text("appendfilename", "appendonly.aof").immutable().withoutMeaning(),
        "Base name of the append-only files."),
    APPENDDIRNAME(text("appenddirname", "appendonlydir").immutable().withoutMeaning(),
        "Directory of the append-only files."),
    SERVER_CPULIST(optionalText("server_cpulist").immutable().warned(),
        "Processors the server may run on; use taskset."),
    BIO_CPULIST(optionalText("bio_cpulist").immutable().warned(),
        "Processors for background threads."),
    AOF_REWRITE_CPULIST(optionalText("aof_rewrite_cpulist").immutable().withoutMeaning(),
        "Processors for rewriting the append-only file."),
    BGSAVE_CPULIST(optionalText("bgsave_cpulist").immutable().withoutMeaning(),
        "Processors for the saving child; Millrace has none."),
    IGNORE_WARNINGS(text("ignore-warnings", "").withoutMeaning(),
        "Start-up checks to skip."),
    PROC_TITLE_TEMPLATE(text("proc-title-template", "{title} {listen-addr} {server-mode}").withoutMeaning(),
        "Shape of the process title."),
    BIND_SOURCE_ADDR(optionalText("bind-source-addr"),
        "Local address of outgoing connections."),
    LOGFILE(text("logfile", "").immutable(),
        "Log file, relative to dir; empty means standard output."),
    LOCALE_COLLATE(text("locale-collate", "").withoutMeaning(),
        "Locale for sorting text."),
    MASTERAUTH(optionalText("masterauth").alias("primaryauth").sensitive(),
        "Password for AUTH at the primary, used at the next handshake."),
    REQUIREPASS(optionalText("requirepass").sensitive(),
        "Password of the default user."),
    SUPERVISED(choice("supervised", "no", "upstart,systemd,auto,no").immutable(),
        "Tell a service manager when the server is ready: systemd by NOTIFY_SOCKET, upstart by a stop."),
    SYSLOG_FACILITY(
        choice("syslog-facility", "local0", "user,local0,local1,local2,local3,local4,local5,local6,local7").immutable()
            .withoutMeaning(),
        "Facility used in syslog."),
    REPL_DISKLESS_LOAD(choice("repl-diskless-load", "disabled", "disabled,on-empty-db,swapdb").deniedWhileLoading(),
        "How a received snapshot replaces data: once it is there in a file, or beside them; without data always at once."),
    LOGLEVEL(choice("loglevel", "notice", "debug,verbose,notice,warning,nothing"),
        "Least important lines that are still logged."),
    MAXMEMORY_POLICY(
        choice("maxmemory-policy", "noeviction",
            "volatile-lru,volatile-lfu,volatile-random,volatile-ttl,allkeys-lru,allkeys-lfu,allkeys-random,noeviction")
            .onlyDefault("Millrace evicts nothing: at maxmemory writes are answered with -OOM, which is noeviction"),
        "What happens at maxmemory; Millrace answers -OOM."),
    APPENDFSYNC(choice("appendfsync", "everysec", "everysec,always,no").withoutMeaning(),
        "How often the append-only file is synced."),
    OOM_SCORE_ADJ(choice("oom-score-adj", "no", "no,yes,relative,absolute").warned(),
        "Tell the kernel whom to kill first."),
    ACL_PUBSUB_DEFAULT(choice("acl-pubsub-default", "resetchannels", "allchannels,resetchannels").withoutMeaning(),
        "Channels a new user may use."),
    SANITIZE_DUMP_PAYLOAD(choice("sanitize-dump-payload", "no", "no,yes,clients").withoutMeaning(),
        "Check the content of RESTORE payloads and snapshots in depth; here that is always done."),
    ENABLE_PROTECTED_CONFIGS(choice("enable-protected-configs", "no", "no,yes,local").immutable(),
        "Who may change dir and dbfilename with CONFIG SET."),
    ENABLE_DEBUG_COMMAND(choice("enable-debug-command", "no", "no,yes,local").immutable(),
        "Who may use DEBUG."),
    ENABLE_MODULE_COMMAND(choice("enable-module-command", "no", "no,yes,local").immutable().withoutMeaning(),
        "Who may use MODULE."),
    CLUSTER_PREFERRED_ENDPOINT_TYPE(
        choice("cluster-preferred-endpoint-type", "ip", "ip,hostname,unknown-endpoint").withoutMeaning(),
        "What a redirect names."),
    PROPAGATION_ERROR_BEHAVIOR(choice("propagation-error-behavior", "ignore", "ignore,panic,panic-on-replicas"),
        "What a replica does when a command of the stream fails."),
    SHUTDOWN_ON_SIGINT(choices("shutdown-on-sigint", "default", "default,save,nosave,now,force").multiple(),
        "Options of the SHUTDOWN that SIGINT means."),
    SHUTDOWN_ON_SIGTERM(choices("shutdown-on-sigterm", "default", "default,save,nosave,now,force").multiple(),
        "Options of the SHUTDOWN that SIGTERM means."),
    TLS_AUTH_CLIENTS(choice("tls-auth-clients", "yes", "no,yes,optional").withoutMeaning(),
        "Whether clients need a certificate."),
    DATABASES(integer("databases", 16, 1, INT_MAX).immutable(),
        "Number of databases, at most 16777216; one that is empty takes 12 bytes."),
    PORT(integer("port", 6379, 0, 65535),
        "Port for clients and replicas; 0 listens on none."),
    IO_THREADS(integer("io-threads", 1, 1, 128).immutable().withoutMeaning(),
        "Threads for socket work in Redis; see threading."),
    AUTO_AOF_REWRITE_PERCENTAGE(integer("auto-aof-rewrite-percentage", 100, 0, INT_MAX).withoutMeaning(),
        "Growth at which the append-only file is rewritten."),
    CLUSTER_REPLICA_VALIDITY_FACTOR(
        integer("cluster-replica-validity-factor", 10, 0, INT_MAX).alias("cluster-slave-validity-factor")
            .withoutMeaning(),
        "Age at which a replica no longer stands for election."),
    LIST_MAX_LISTPACK_SIZE(
        integer("list-max-listpack-size", -2, INT_MIN, INT_MAX).alias("list-max-ziplist-size").withoutMeaning(),
        "Size of one node of a list."),
    TCP_KEEPALIVE(integer("tcp-keepalive", 300, 0, INT_MAX),
        "Seconds between keepalive probes; 0 sends none."),
    CLUSTER_MIGRATION_BARRIER(integer("cluster-migration-barrier", 1, 0, INT_MAX).withoutMeaning(),
        "Replicas a primary keeps before one may move."),
    ACTIVE_DEFRAG_CYCLE_MIN(integer("active-defrag-cycle-min", 1, 1, 99).withoutMeaning(),
        "Least share of CPU for defragmentation."),
    ACTIVE_DEFRAG_CYCLE_MAX(integer("active-defrag-cycle-max", 25, 1, 99).withoutMeaning(),
        "Largest share of CPU for defragmentation."),
    ACTIVE_DEFRAG_THRESHOLD_LOWER(integer("active-defrag-threshold-lower", 10, 0, 1000).withoutMeaning(),
        "Fragmentation at which defragmentation starts."),
    ACTIVE_DEFRAG_THRESHOLD_UPPER(integer("active-defrag-threshold-upper", 100, 0, 1000).withoutMeaning(),
        "Fragmentation at which it works hardest."),
    LFU_LOG_FACTOR(integer("lfu-log-factor", 10, 0, INT_MAX).withoutMeaning(),
        "How slowly the access counter of a key saturates; counters are kept for eviction alone."),
    LFU_DECAY_TIME(integer("lfu-decay-time", 1, 0, INT_MAX).withoutMeaning(),
        "Minutes after which the access counter is lowered; counters are kept for eviction alone."),
    REPLICA_PRIORITY(integer("replica-priority", 100, 0, INT_MAX).alias("slave-priority"),
        "Rank for promotion by Sentinel, lower first; 0 means never."),
    REPL_DISKLESS_SYNC_DELAY(integer("repl-diskless-sync-delay", 5, 0, INT_MAX),
        "Seconds a cut waits for more replicas; honoured only if set, because joining late is free here."),
    MAXMEMORY_SAMPLES(integer("maxmemory-samples", 5, 1, INT_MAX).withoutMeaning(),
        "Keys looked at to find one to evict."),
    MAXMEMORY_EVICTION_TENACITY(integer("maxmemory-eviction-tenacity", 10, 0, 100).withoutMeaning(),
        "How long eviction may hold up clients."),
    TIMEOUT(integer("timeout", 0, 0, INT_MAX),
        "Seconds after which an idle client is closed; 0 means never."),
    REPLICA_ANNOUNCE_PORT(integer("replica-announce-port", 0, 0, 65535).alias("slave-announce-port"),
        "Port a replica tells its primary."),
    TCP_BACKLOG(integer("tcp-backlog", 511, 0, INT_MAX).immutable(),
        "Length of the queue of connections not yet accepted."),
    CLUSTER_PORT(integer("cluster-port", 0, 0, 65535).immutable().withoutMeaning(),
        "Port of the cluster bus."),
    CLUSTER_ANNOUNCE_BUS_PORT(integer("cluster-announce-bus-port", 0, 0, 65535).withoutMeaning(),
        "Bus port told to the cluster."),
    CLUSTER_ANNOUNCE_PORT(integer("cluster-announce-port", 0, 0, 65535).withoutMeaning(),
        "Port told to the cluster."),
    CLUSTER_ANNOUNCE_TLS_PORT(integer("cluster-announce-tls-port", 0, 0, 65535).withoutMeaning(),
        "TLS port told to the cluster."),
    REPL_TIMEOUT(integer("repl-timeout", 60, 1, INT_MAX),
        "Seconds of silence after which either side of a replication link gives it up."),
    REPL_PING_REPLICA_PERIOD(integer("repl-ping-replica-period", 10, 1, INT_MAX).alias("repl-ping-slave-period"),
        "Seconds between the PINGs in the stream."),
    LIST_COMPRESS_DEPTH(integer("list-compress-depth", 0, 0, INT_MAX).withoutMeaning(),
        "Nodes at each end of a list that stay uncompressed."),
    RDB_KEY_SAVE_DELAY(integer("rdb-key-save-delay", 0, INT_MIN, INT_MAX).hidden(),
        "Microseconds to wait after each key written to a snapshot; for tests."),
    KEY_LOAD_DELAY(integer("key-load-delay", 0, INT_MIN, INT_MAX).hidden().withoutMeaning(),
        "Microseconds to sleep after each key that is loaded; for Redis's own tests."),
    ACTIVE_EXPIRE_EFFORT(integer("active-expire-effort", 1, 1, 10).withoutMeaning(),
        "Share of CPU for finding expired keys; expiry is exact here and needs no search."),
    HZ(integer("hz", 10, 0, INT_MAX).withoutMeaning(),
        "Housekeeping rounds a second, kept between 1 and 500."),
    MIN_REPLICAS_TO_WRITE(integer("min-replicas-to-write", 0, 0, INT_MAX).alias("min-slaves-to-write"),
        "Writes are refused while fewer replicas than this keep up."),
    MIN_REPLICAS_MAX_LAG(integer("min-replicas-max-lag", 10, 0, INT_MAX).alias("min-slaves-max-lag"),
        "Seconds since the last acknowledgement up to which a replica counts as keeping up."),
    WATCHDOG_PERIOD(integer("watchdog-period", 0, 0, INT_MAX).hidden().withoutMeaning(),
        "Milliseconds after which a stuck main loop prints a trace."),
    SHUTDOWN_TIMEOUT(integer("shutdown-timeout", 10, 0, INT_MAX),
        "Seconds SHUTDOWN waits for replicas to catch up."),
    REPL_DISKLESS_SYNC_MAX_REPLICAS(integer("repl-diskless-sync-max-replicas", 0, 0, INT_MAX),
        "A waiting cut starts early once this many replicas have asked; 0 means never."),
    TLS_PORT(
        integer("tls-port", 0, 0, 65535)
            .onlyDefault("Millrace has no TLS: clients would be served in clear or not at all"),
        "Port for TLS clients."),
    TLS_SESSION_CACHE_SIZE(integer("tls-session-cache-size", 20480, 0, INT_MAX).withoutMeaning(),
        "TLS sessions kept for resumption."),
    TLS_SESSION_CACHE_TIMEOUT(integer("tls-session-cache-timeout", 300, 0, INT_MAX).withoutMeaning(),
        "Seconds a TLS session is kept."),
    MAXCLIENTS(unsigned("maxclients", 10000, 1, UINT_MAX),
        "Connections served at a time; more are told so and closed. Lowered at start to what 'ulimit -n' has room for."),
    UNIXSOCKETPERM(octal("unixsocketperm", 0, 0, 511).immutable(),
        "Permissions of the local socket; 0 leaves them to the umask."),
    SOCKET_MARK_ID(
        unsigned("socket-mark-id", 0, 0, UINT_MAX).immutable()
            .onlyDefault("Millrace cannot mark its sockets, so rules that go by the mark would not see them"),
        "Mark put on sockets for routing."),
    ACTIVE_DEFRAG_MAX_SCAN_FIELDS(integer("active-defrag-max-scan-fields", 1000, 1, Long.MAX_VALUE).withoutMeaning(),
        "Fields of one key that are moved at once."),
    SLOWLOG_MAX_LEN(integer("slowlog-max-len", 128, 0, Long.MAX_VALUE),
        "Entries kept in the slow log."),
    ACLLOG_MAX_LEN(integer("acllog-max-len", 128, 0, Long.MAX_VALUE).withoutMeaning(),
        "Entries kept in the access control log."),
    BUSY_REPLY_THRESHOLD(
        integer("busy-reply-threshold", 5000, 0, Long.MAX_VALUE).alias("lua-time-limit").withoutMeaning(),
        "Milliseconds after which others hear that a script is running."),
    CLUSTER_NODE_TIMEOUT(integer("cluster-node-timeout", 15000, 0, Long.MAX_VALUE).withoutMeaning(),
        "Milliseconds after which a cluster node counts as down."),
    SLOWLOG_LOG_SLOWER_THAN(integer("slowlog-log-slower-than", 10000, -1, Long.MAX_VALUE),
        "Microseconds from which a command is slow; -1 logs none, 0 logs all."),
    LATENCY_MONITOR_THRESHOLD(integer("latency-monitor-threshold", 0, 0, Long.MAX_VALUE),
        "Milliseconds from which an event is sampled for LATENCY; 0 samples none."),
    PROTO_MAX_BULK_LEN(memory("proto-max-bulk-len", 512L << 20, 1L << 20, Long.MAX_VALUE),
        "Longest argument a client may send."),
    STREAM_NODE_MAX_ENTRIES(integer("stream-node-max-entries", 100, 0, Long.MAX_VALUE).withoutMeaning(),
        "Entries in one node of a stream."),
    REPL_BACKLOG_SIZE(memory("repl-backlog-size", 1L << 20, 1, Long.MAX_VALUE),
        "Bytes of stream kept for replicas that come back; at least 16 KiB, and more while a reader needs it."),
    MAXMEMORY(unsignedMemory("maxmemory", 0, 0, UNSIGNED_MAX),
        "Limit of memory for data; writes beyond it are refused before any change. 0 means the machine's limit."),
    CLUSTER_LINK_SENDBUF_LIMIT(unsignedMemory("cluster-link-sendbuf-limit", 0, 0, UNSIGNED_MAX).withoutMeaning(),
        "Limit of the send buffer of a cluster link."),
    HASH_MAX_LISTPACK_ENTRIES(
        integer("hash-max-listpack-entries", 512, 0, Long.MAX_VALUE).alias("hash-max-ziplist-entries").withoutMeaning(),
        "Fields up to which a hash is a listpack."),
    SET_MAX_INTSET_ENTRIES(integer("set-max-intset-entries", 512, 0, Long.MAX_VALUE).withoutMeaning(),
        "Members up to which a set of integers is an intset."),
    SET_MAX_LISTPACK_ENTRIES(integer("set-max-listpack-entries", 128, 0, Long.MAX_VALUE).withoutMeaning(),
        "Members up to which a set is a listpack."),
    SET_MAX_LISTPACK_VALUE(memory("set-max-listpack-value", 64, 0, Long.MAX_VALUE).withoutMeaning(),
        "Longest member in a set that is a listpack."),
    ZSET_MAX_LISTPACK_ENTRIES(
        integer("zset-max-listpack-entries", 128, 0, Long.MAX_VALUE).alias("zset-max-ziplist-entries").withoutMeaning(),
        "Members up to which a sorted set is a listpack."),
    ACTIVE_DEFRAG_IGNORE_BYTES(memory("active-defrag-ignore-bytes", 100L << 20, 1, Long.MAX_VALUE).withoutMeaning(),
        "Waste below which nothing is moved."),
    HASH_MAX_LISTPACK_VALUE(
        memory("hash-max-listpack-value", 64, 0, Long.MAX_VALUE).alias("hash-max-ziplist-value").withoutMeaning(),
        "Longest field or value in a hash that is a listpack."),
    STREAM_NODE_MAX_BYTES(memory("stream-node-max-bytes", 4096, 0, Long.MAX_VALUE).withoutMeaning(),
        "Bytes in one node of a stream."),
    ZSET_MAX_LISTPACK_VALUE(
        memory("zset-max-listpack-value", 64, 0, Long.MAX_VALUE).alias("zset-max-ziplist-value").withoutMeaning(),
        "Longest member in a sorted set that is a listpack."),
    HLL_SPARSE_MAX_BYTES(memory("hll-sparse-max-bytes", 3000, 0, Long.MAX_VALUE),
        "Size up to which a HyperLogLog stays sparse: less memory against slower adds."),
    TRACKING_TABLE_MAX_KEYS(integer("tracking-table-max-keys", 1000000, 0, Long.MAX_VALUE).withoutMeaning(),
        "Keys remembered for client-side caching."),
    CLIENT_QUERY_BUFFER_LIMIT(memory("client-query-buffer-limit", 1L << 30, 1L << 20, Long.MAX_VALUE),
        "Unparsed input after which a client is closed."),
    MAXMEMORY_CLIENTS(
        memoryOrPercent("maxmemory-clients", 0, -100, Long.MAX_VALUE).onlyDefault(
            "Millrace closes no clients for the memory of all together: use client-output-buffer-limit and maxclients"),
        "Memory of all clients together, in bytes or percent of maxmemory, beyond which the largest is closed."),
    REPL_BACKLOG_TTL(integer("repl-backlog-ttl", 3600, 0, Long.MAX_VALUE),
        "Seconds without replicas after which the backlog is freed; 0 means never."),
    AUTO_AOF_REWRITE_MIN_SIZE(memory("auto-aof-rewrite-min-size", 64L << 20, 0, Long.MAX_VALUE).withoutMeaning(),
        "Size below which the append-only file is not rewritten."),
    LOADING_PROCESS_EVENTS_INTERVAL_BYTES(
        memory("loading-process-events-interval-bytes", 2L << 20, 1024, INT_MAX).hidden().withoutMeaning(),
        "Bytes loaded between two looks at other clients; for Redis's own tests."),
    TLS_CLUSTER(bool("tls-cluster", false).withoutMeaning(),
        "Use TLS on the cluster bus."),
    TLS_REPLICATION(bool("tls-replication", false).onlyDefault("Millrace has no TLS: the link would be in clear"),
        "Use TLS to the primary."),
    TLS_PREFER_SERVER_CIPHERS(bool("tls-prefer-server-ciphers", false).withoutMeaning(),
        "The server's order of ciphers wins."),
    TLS_SESSION_CACHING(bool("tls-session-caching", true).withoutMeaning(),
        "Allow TLS session resumption."),
    TLS_CERT_FILE(optionalText("tls-cert-file").withoutMeaning(),
        "Certificate of the server."),
    TLS_KEY_FILE(optionalText("tls-key-file").withoutMeaning(),
        "Private key of the server."),
    TLS_KEY_FILE_PASS(optionalText("tls-key-file-pass").sensitive().withoutMeaning(),
        "Password of the server's private key."),
    TLS_CLIENT_CERT_FILE(optionalText("tls-client-cert-file").withoutMeaning(),
        "Certificate for outgoing connections."),
    TLS_CLIENT_KEY_FILE(optionalText("tls-client-key-file").withoutMeaning(),
        "Private key for outgoing connections."),
    TLS_CLIENT_KEY_FILE_PASS(optionalText("tls-client-key-file-pass").sensitive().withoutMeaning(),
        "Password of the private key for outgoing connections."),
    TLS_DH_PARAMS_FILE(optionalText("tls-dh-params-file").withoutMeaning(),
        "Parameters for Diffie-Hellman."),
    TLS_CA_CERT_FILE(optionalText("tls-ca-cert-file").withoutMeaning(),
        "Certificates that are trusted."),
    TLS_CA_CERT_DIR(optionalText("tls-ca-cert-dir").withoutMeaning(),
        "Directory of certificates that are trusted."),
    TLS_PROTOCOLS(optionalText("tls-protocols").withoutMeaning(),
        "TLS versions to offer."),
    TLS_CIPHERS(optionalText("tls-ciphers").withoutMeaning(),
        "Ciphers for TLS 1.2."),
    TLS_CIPHERSUITES(optionalText("tls-ciphersuites").withoutMeaning(),
        "Cipher suites for TLS 1.3."),
    DIR(special("dir", OptionType.DIRECTORY, "").guarded().deniedWhileLoading(),
        "Working directory: snapshots, backlog and relative file names live here."),
    SAVE(special("save", OptionType.SAVE_POINTS, "3600 1 300 100 60 10000").multiple(),
        "Save after so many seconds if so many changes happened; repeated pairs, empty means never."),
    CLIENT_OUTPUT_BUFFER_LIMIT(
        special("client-output-buffer-limit", OptionType.OUTPUT_LIMITS,
            "normal 0 0 0 replica 256mb 64mb 60 pubsub 32mb 8mb 60").multiple(),
        "Unsent bytes after which a client is closed: at once, or after the soft limit has stood for some seconds."),
    OOM_SCORE_ADJ_VALUES(
        special("oom-score-adj-values", OptionType.OOM_VALUES, "0 200 800").multiple().withoutMeaning(),
        "Values for primary, replica and child under oom-score-adj."),
    NOTIFY_KEYSPACE_EVENTS(special("notify-keyspace-events", OptionType.KEYSPACE_EVENTS, ""),
        "Classes of events published on keyspace channels; each costs a PUBLISH per change."),
    BIND(special("bind", OptionType.ADDRESSES, "* -::*").multiple(),
        "Addresses to listen on; a leading minus makes one optional."),
    REPLICAOF(special("replicaof", OptionType.PRIMARY, "").alias("slaveof").immutable().multiple(),
        "Primary to follow; REPLICAOF changes it at run time."),
    LATENCY_TRACKING_INFO_PERCENTILES(
        special("latency-tracking-info-percentiles", OptionType.PERCENTILES, "50 99 99.9").multiple(),
        "Percentiles that INFO latencystats shows."),
    THREADING(choice("threading", "shared", "shared,dedicated").immutable(),
        "Millrace: one thread for everything, or a thread each for writer, feeder and snapshotter."),
    IDLE_STRATEGY(choice("idle-strategy", "backoff", "backoff,busy-spin").immutable(),
        "Millrace: block when idle, or spin for the lowest latency at the price of a whole core per thread."),
    READER_THREADS(integer("reader-threads", 0, 0, 32).immutable(),
        "Millrace: threads that own the clients' sockets and serve reads of single keys beside the writer; 0 for none."),
    LATE_JOINERS(choice("late-joiners", "best-effort", "best-effort,always").immutable(),
        "Millrace: a running full resync keeps what late replicas need as long as the disk is quick enough, or always."),
    REPL_BACKLOG_MAX_SIZE(memory("repl-backlog-max-size", 1L << 30, 16384, Long.MAX_VALUE),
        "Millrace: bytes of stream that replicas in full resync may pin before the slowest is dropped."),
    BACKLOG_DIR(text("backlog-dir", "").immutable(),
        "Millrace: directory of the backlog files, for instance on tmpfs; empty means dir."),
    RDB_VERSION(choice("rdb-version", "9", "9,10,11"),
        "Millrace: RDB version of snapshots; 9 is loaded by every Redis since 5 and every Valkey."),
    RENAME_COMMAND(fileOnly("rename-command"),
        "Give a command another name, or none."),
    USER(fileOnly("user"),
        "Declare a user of the access control list; only a line for the default user that allows everything."),
    LOADMODULE(fileOnly("loadmodule").onlyDefault("Millrace cannot load modules of Redis"),
        "Load a module of Redis."),
    INCLUDE(fileOnly("include"),
        "Read another file, or all that match a pattern, at this place."),
    SENTINEL(fileOnly("sentinel").withoutMeaning(),
        "Directive of Redis Sentinel."),
    LIST_MAX_ZIPLIST_ENTRIES(fileOnly("list-max-ziplist-entries").withoutMeaning(),
        "Accepted for old files, without effect in Redis too."),
    LIST_MAX_ZIPLIST_VALUE(fileOnly("list-max-ziplist-value").withoutMeaning(),
        "Accepted for old files, without effect in Redis too."),
    LUA_REPLICATE_COMMANDS(fileOnly("lua-replicate-commands").withoutMeaning(),
        "Accepted for old files, without effect in Redis too.");

    private static final Map<String, ConfigOption> BY_NAME = new HashMap<>();

    static
    {
        for (final ConfigOption option : values())
        {
            BY_NAME.put(option.row.name, option);
            if (null != option.row.alias)
            {
                BY_NAME.put(option.row.alias, option);
            }
        }
    }

    private final OptionRow row;
    private final String doc;

    ConfigOption(final OptionRow row, final String doc)
    {
        this.row = row;
        this.doc = doc;
    }

    /**
     * Finds a row by its name or alias in any case.
     *
     * @return the row, or null if Redis and Millrace know no such directive.
     */
    public static ConfigOption byName(final String name)
    {
        return BY_NAME.get(name.toLowerCase(Locale.ROOT));
    }

    /** The name as Redis spells it. */
    public String optionName()
    {
        return row.name;
    }

    /** An older or other name, or null. */
    public String alias()
    {
        return row.alias;
    }

    public OptionType type()
    {
        return row.type;
    }

    /** One sentence on what it does and what it costs. */
    public String doc()
    {
        return doc;
    }

    /** CONFIG SET refuses it; only file and command line give it a value. */
    public boolean isImmutable()
    {
        return row.isImmutable;
    }

    /** CONFIG SET refuses it unless {@code enable-protected-configs} lets this client. */
    public boolean isProtected()
    {
        return row.isGuarded;
    }

    /** CONFIG GET shows it only when asked by its exact name. */
    public boolean isHidden()
    {
        return row.isHidden;
    }

    /** Its value must not reach SLOWLOG, MONITOR or the log. */
    public boolean isSensitive()
    {
        return row.isSensitive;
    }

    /** Takes several words, which CONFIG SET gets as one argument. */
    public boolean isMultiple()
    {
        return row.isMultiple;
    }

    /** Known to the file parser alone: CONFIG GET and SET do not know it. */
    public boolean isFileOnly()
    {
        return OptionType.FILE_ONLY == row.type;
    }

    /** The words a {@link OptionType#CHOICE} or {@link OptionType#CHOICES} may have, else an empty array. */
    public String[] words()
    {
        return row.choices.clone();
    }

    /** What the option is worth in Millrace. */
    public OptionEffect effect()
    {
        return row.effect;
    }

    /** Unknown to Redis. */
    boolean isOwn()
    {
        return doc().startsWith("Millrace:");
    }

    OptionRow row()
    {
        return row;
    }
}
