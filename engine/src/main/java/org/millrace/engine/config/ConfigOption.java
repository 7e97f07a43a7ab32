package org.millrace.engine.config;

import static org.millrace.engine.config.OptionEffect.HELD;
import static org.millrace.engine.config.OptionEffect.NO_MEANING;
import static org.millrace.engine.config.OptionEffect.ONLY_DEFAULT;
import static org.millrace.engine.config.OptionEffect.WARNED;
import static org.millrace.engine.config.OptionRow.EVICTION_POLICIES;
import static org.millrace.engine.config.OptionRow.INT_MAX;
import static org.millrace.engine.config.OptionRow.INT_MIN;
import static org.millrace.engine.config.OptionRow.LOAD_WORDS;
import static org.millrace.engine.config.OptionRow.LOG_LEVELS;
import static org.millrace.engine.config.OptionRow.LONG_MAX;
import static org.millrace.engine.config.OptionRow.OUTPUT_LIMITS_DEFAULT;
import static org.millrace.engine.config.OptionRow.SHUTDOWN_WORDS;
import static org.millrace.engine.config.OptionRow.SYSLOG_FACILITIES;
import static org.millrace.engine.config.OptionRow.UINT_MAX;
import static org.millrace.engine.config.OptionRow.UNSIGNED_MAX;
import static org.millrace.engine.config.OptionRow.bool;
import static org.millrace.engine.config.OptionRow.choice;
import static org.millrace.engine.config.OptionRow.choices;
import static org.millrace.engine.config.OptionRow.count;
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
import static org.millrace.engine.config.OptionTrait.DENIED_WHILE_LOADING;
import static org.millrace.engine.config.OptionTrait.GUARDED;
import static org.millrace.engine.config.OptionTrait.HIDDEN;
import static org.millrace.engine.config.OptionTrait.IMMUTABLE;
import static org.millrace.engine.config.OptionTrait.MULTIPLE;
import static org.millrace.engine.config.OptionTrait.NAMES_CONTENT;
import static org.millrace.engine.config.OptionTrait.OWN;
import static org.millrace.engine.config.OptionTrait.SENSITIVE;
import static org.millrace.engine.config.OptionType.ADDRESSES;
import static org.millrace.engine.config.OptionType.DIRECTORY;
import static org.millrace.engine.config.OptionType.KEYSPACE_EVENTS;
import static org.millrace.engine.config.OptionType.OOM_VALUES;
import static org.millrace.engine.config.OptionType.OUTPUT_LIMITS;
import static org.millrace.engine.config.OptionType.PERCENTILES;
import static org.millrace.engine.config.OptionType.PRIMARY;
import static org.millrace.engine.config.OptionType.SAVE_POINTS;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The option table: one row per directive of a redis.conf 7.x and per option of Millrace itself. CONFIG GET, CONFIG
 * SET, the file parser and the start-up warnings all come from these rows. Immutable, usable from any thread; the
 * values live in {@link Config}.
 * <p>
 * A row says what the option is worth, see {@link OptionEffect} (one that is held is read somewhere, which a test
 * holds); how its words become a value, the default, and the bounds; and what else is to be known of it. Its name is
 * that of the constant, with dashes. What it does, and why a default cannot be changed, stands in options.txt.
 */
public enum ConfigOption
{
    // @formatter:off
    RDBCHECKSUM                           (HELD,         bool(true),                            IMMUTABLE),
    DAEMONIZE                             (WARNED,       bool(false),                           IMMUTABLE),
    IO_THREADS_DO_READS                   (NO_MEANING,   bool(false),                           IMMUTABLE),
    ALWAYS_SHOW_LOGO                      (HELD,         bool(false),                           IMMUTABLE),
    PROTECTED_MODE                        (HELD,         bool(true)),
    RDBCOMPRESSION                        (NO_MEANING,   bool(true)),
    RDB_DEL_SYNC_FILES                    (NO_MEANING,   bool(false)),
    ACTIVEREHASHING                       (NO_MEANING,   bool(true)),
    STOP_WRITES_ON_BGSAVE_ERROR           (HELD,         bool(true)),
    SET_PROC_TITLE                        (NO_MEANING,   bool(true),                            IMMUTABLE),
    DYNAMIC_HZ                            (NO_MEANING,   bool(true)),
    LAZYFREE_LAZY_EVICTION                (HELD,         bool(false)),
    LAZYFREE_LAZY_EXPIRE                  (HELD,         bool(false)),
    LAZYFREE_LAZY_SERVER_DEL              (NO_MEANING,   bool(false)),
    LAZYFREE_LAZY_USER_DEL                (HELD,         bool(false)),
    LAZYFREE_LAZY_USER_FLUSH              (NO_MEANING,   bool(false)),
    REPL_DISABLE_TCP_NODELAY              (HELD,         bool(false)),
    REPL_DISKLESS_SYNC                    (HELD,         bool(true)),
    AOF_REWRITE_INCREMENTAL_FSYNC         (NO_MEANING,   bool(true)),
    NO_APPENDFSYNC_ON_REWRITE             (HELD,         bool(false)),
    CLUSTER_REQUIRE_FULL_COVERAGE         (NO_MEANING,   bool(true)),
    RDB_SAVE_INCREMENTAL_FSYNC            (NO_MEANING,   bool(true)),
    AOF_LOAD_TRUNCATED                    (HELD,         bool(true)),
    AOF_USE_RDB_PREAMBLE                  (NO_MEANING,   bool(true)),
    AOF_TIMESTAMP_ENABLED                 (NO_MEANING,   bool(false)),
    CLUSTER_REPLICA_NO_FAILOVER           (NO_MEANING,   bool(false).alias("cluster-slave-no-failover")),
    REPLICA_LAZY_FLUSH                    (HELD,         bool(false).alias("slave-lazy-flush")),
    REPLICA_SERVE_STALE_DATA              (HELD,         bool(true).alias("slave-serve-stale-data")),
    REPLICA_READ_ONLY                     (HELD,         bool(true).alias("slave-read-only")),
    REPLICA_IGNORE_MAXMEMORY              (HELD,         bool(true).alias("slave-ignore-maxmemory")),
    JEMALLOC_BG_THREAD                    (NO_MEANING,   bool(true)),
    ACTIVEDEFRAG                          (NO_MEANING,   bool(false)),
    SYSLOG_ENABLED                        (WARNED,       bool(false),                           IMMUTABLE),
    CLUSTER_ENABLED                       (ONLY_DEFAULT, bool(false),                           IMMUTABLE),
    APPENDONLY                            (HELD,         bool(false),                           DENIED_WHILE_LOADING),
    CLUSTER_ALLOW_READS_WHEN_DOWN         (NO_MEANING,   bool(false)),
    CLUSTER_ALLOW_PUBSUBSHARD_WHEN_DOWN   (NO_MEANING,   bool(true)),
    CRASH_LOG_ENABLED                     (NO_MEANING,   bool(true)),
    CRASH_MEMCHECK_ENABLED                (NO_MEANING,   bool(true)),
    USE_EXIT_ON_PANIC                     (NO_MEANING,   bool(false),                           HIDDEN),
    DISABLE_THP                           (NO_MEANING,   bool(true),                            IMMUTABLE),
    CLUSTER_ALLOW_REPLICA_MIGRATION       (NO_MEANING,   bool(true)),
    REPLICA_ANNOUNCED                     (HELD,         bool(true)),
    LATENCY_TRACKING                      (HELD,         bool(true)),
    AOF_DISABLE_AUTO_GC                   (NO_MEANING,   bool(false)),
    REPLICA_IGNORE_DISK_WRITE_ERRORS      (HELD,         bool(false)),
    LUA_ENABLE_DEPRECATED_API             (NO_MEANING,   bool(false),                           IMMUTABLE, HIDDEN),
    DUAL_CHANNEL_REPLICATION_ENABLED      (NO_MEANING,   bool(false),                           HIDDEN),
    CLOSE_ON_REPLICA_WRITE                (NO_MEANING,   bool(true),                            HIDDEN),
    ENABLE_DEBUG_ASSERT                   (NO_MEANING,   bool(false),                           IMMUTABLE, HIDDEN),
    ACLFILE                               (HELD,         text(""),                              IMMUTABLE),
    UNIXSOCKET                            (HELD,         optionalText(),                        IMMUTABLE),
    PIDFILE                               (HELD,         optionalText(),                        IMMUTABLE),
    REPLICA_ANNOUNCE_IP                   (HELD,         optionalText().alias("slave-announce-ip")),
    MASTERUSER                            (HELD,         optionalText().alias("primaryuser"),   SENSITIVE),
    CLUSTER_ANNOUNCE_IP                   (NO_MEANING,   optionalText()),
    CLUSTER_CONFIG_FILE                   (NO_MEANING,   text("nodes.conf"),                    IMMUTABLE),
    CLUSTER_ANNOUNCE_HOSTNAME             (NO_MEANING,   optionalText()),
    CLUSTER_ANNOUNCE_HUMAN_NODENAME       (NO_MEANING,   optionalText()),
    SYSLOG_IDENT                          (NO_MEANING,   text("redis"),                         IMMUTABLE),
    DBFILENAME                            (HELD,         text("dump.rdb"),                      GUARDED),
    APPENDFILENAME                        (HELD,         text("appendonly.aof"),                IMMUTABLE),
    APPENDDIRNAME                         (HELD,         text("appendonlydir"),                 IMMUTABLE),
    SERVER_CPULIST                        (WARNED,       optionalText().spelled("server_cpulist"), IMMUTABLE),
    BIO_CPULIST                           (WARNED,       optionalText().spelled("bio_cpulist"), IMMUTABLE),
    AOF_REWRITE_CPULIST                   (NO_MEANING,   optionalText().spelled("aof_rewrite_cpulist"), IMMUTABLE),
    BGSAVE_CPULIST                        (NO_MEANING,   optionalText().spelled("bgsave_cpulist"), IMMUTABLE),
    IGNORE_WARNINGS                       (NO_MEANING,   text("")),
    PROC_TITLE_TEMPLATE                   (NO_MEANING,   text("{title} {listen-addr} {server-mode}")),
    BIND_SOURCE_ADDR                      (HELD,         optionalText()),
    LOGFILE                               (HELD,         text(""),                              IMMUTABLE),
    LOCALE_COLLATE                        (NO_MEANING,   text("")),
    MASTERAUTH                            (HELD,         optionalText().alias("primaryauth"),   SENSITIVE),
    REQUIREPASS                           (HELD,         optionalText(),                        SENSITIVE),
    SUPERVISED                            (HELD,         choice("no", "upstart,systemd,auto,no"), IMMUTABLE),
    SYSLOG_FACILITY                       (NO_MEANING,   choice("local0", SYSLOG_FACILITIES),   IMMUTABLE),
    REPL_DISKLESS_LOAD                    (HELD,         choice("disabled", LOAD_WORDS),        DENIED_WHILE_LOADING),
    LOGLEVEL                              (HELD,         choice("notice", LOG_LEVELS)),
    MAXMEMORY_POLICY                      (HELD,         choice("noeviction", EVICTION_POLICIES)),
    APPENDFSYNC                           (HELD,         choice("everysec", "everysec,always,no")),
    OOM_SCORE_ADJ                         (WARNED,       choice("no", "no,yes,relative,absolute")),
    ACL_PUBSUB_DEFAULT                    (HELD,         choice("resetchannels", "allchannels,resetchannels")),
    SANITIZE_DUMP_PAYLOAD                 (NO_MEANING,   choice("no", "no,yes,clients")),
    ENABLE_PROTECTED_CONFIGS              (HELD,         choice("no", "no,yes,local"),          IMMUTABLE),
    ENABLE_DEBUG_COMMAND                  (HELD,         choice("no", "no,yes,local"),          IMMUTABLE),
    ENABLE_MODULE_COMMAND                 (NO_MEANING,   choice("no", "no,yes,local"),          IMMUTABLE),
    CLUSTER_PREFERRED_ENDPOINT_TYPE       (NO_MEANING,   choice("ip", "ip,hostname,unknown-endpoint")),
    PROPAGATION_ERROR_BEHAVIOR            (HELD,         choice("ignore", "ignore,panic,panic-on-replicas")),
    SHUTDOWN_ON_SIGINT                    (HELD,         choices("default", SHUTDOWN_WORDS),    MULTIPLE),
    SHUTDOWN_ON_SIGTERM                   (HELD,         choices("default", SHUTDOWN_WORDS),    MULTIPLE),
    TLS_AUTH_CLIENTS                      (HELD,         choice("yes", "no,yes,optional")),
    DATABASES                             (HELD,         integer(16, 1, INT_MAX),               IMMUTABLE),
    PORT                                  (HELD,         integer(6379, 0, 65535)),
    IO_THREADS                            (NO_MEANING,   integer(1, 1, 128),                    IMMUTABLE),
    AUTO_AOF_REWRITE_PERCENTAGE           (HELD,         count(100)),
    CLUSTER_REPLICA_VALIDITY_FACTOR       (NO_MEANING,   count(10).alias("cluster-slave-validity-factor")),
    LIST_MAX_LISTPACK_SIZE                (HELD,         integer(-2, INT_MIN, INT_MAX).alias("list-max-ziplist-size")),
    TCP_KEEPALIVE                         (HELD,         count(300)),
    CLUSTER_MIGRATION_BARRIER             (NO_MEANING,   count(1)),
    ACTIVE_DEFRAG_CYCLE_MIN               (NO_MEANING,   integer(1, 1, 99)),
    ACTIVE_DEFRAG_CYCLE_MAX               (NO_MEANING,   integer(25, 1, 99)),
    ACTIVE_DEFRAG_THRESHOLD_LOWER         (NO_MEANING,   integer(10, 0, 1000)),
    ACTIVE_DEFRAG_THRESHOLD_UPPER         (NO_MEANING,   integer(100, 0, 1000)),
    LFU_LOG_FACTOR                        (HELD,         count(10)),
    LFU_DECAY_TIME                        (HELD,         count(1)),
    REPLICA_PRIORITY                      (HELD,         count(100).alias("slave-priority")),
    REPL_DISKLESS_SYNC_DELAY              (HELD,         count(5)),
    MAXMEMORY_SAMPLES                     (HELD,         integer(5, 1, INT_MAX)),
    MAXMEMORY_EVICTION_TENACITY           (HELD,         integer(10, 0, 100)),
    TIMEOUT                               (HELD,         count(0)),
    REPLICA_ANNOUNCE_PORT                 (HELD,         integer(0, 0, 65535).alias("slave-announce-port")),
    TCP_BACKLOG                           (HELD,         count(511),                            IMMUTABLE),
    CLUSTER_PORT                          (NO_MEANING,   integer(0, 0, 65535),                  IMMUTABLE),
    CLUSTER_ANNOUNCE_BUS_PORT             (NO_MEANING,   integer(0, 0, 65535)),
    CLUSTER_ANNOUNCE_PORT                 (NO_MEANING,   integer(0, 0, 65535)),
    CLUSTER_ANNOUNCE_TLS_PORT             (NO_MEANING,   integer(0, 0, 65535)),
    REPL_TIMEOUT                          (HELD,         integer(60, 1, INT_MAX)),
    REPL_PING_REPLICA_PERIOD              (HELD,         integer(10, 1, INT_MAX).alias("repl-ping-slave-period")),
    LIST_COMPRESS_DEPTH                   (NO_MEANING,   count(0)),
    RDB_KEY_SAVE_DELAY                    (HELD,         integer(0, INT_MIN, INT_MAX),          HIDDEN),
    KEY_LOAD_DELAY                        (NO_MEANING,   integer(0, INT_MIN, INT_MAX),          HIDDEN),
    ACTIVE_EXPIRE_EFFORT                  (NO_MEANING,   integer(1, 1, 10)),
    HZ                                    (NO_MEANING,   count(10)),
    MIN_REPLICAS_TO_WRITE                 (HELD,         count(0).alias("min-slaves-to-write")),
    MIN_REPLICAS_MAX_LAG                  (HELD,         count(10).alias("min-slaves-max-lag")),
    WATCHDOG_PERIOD                       (NO_MEANING,   count(0),                              HIDDEN),
    SHUTDOWN_TIMEOUT                      (HELD,         count(10)),
    REPL_DISKLESS_SYNC_MAX_REPLICAS       (HELD,         count(0)),
    TLS_PORT                              (HELD,         integer(0, 0, 65535)),
    TLS_SESSION_CACHE_SIZE                (HELD,         count(20480)),
    TLS_SESSION_CACHE_TIMEOUT             (HELD,         count(300)),
    MAXCLIENTS                            (HELD,         unsigned(10000, 1, UINT_MAX)),
    UNIXSOCKETPERM                        (HELD,         octal(0, 0, 511),                      IMMUTABLE),
    SOCKET_MARK_ID                        (ONLY_DEFAULT, unsigned(0, 0, UINT_MAX),              IMMUTABLE),
    ACTIVE_DEFRAG_MAX_SCAN_FIELDS         (NO_MEANING,   integer(1000, 1, LONG_MAX)),
    SLOWLOG_MAX_LEN                       (HELD,         integer(128, 0, LONG_MAX)),
    ACLLOG_MAX_LEN                        (HELD,         integer(128, 0, LONG_MAX)),
    BUSY_REPLY_THRESHOLD                  (HELD,         integer(5000, 0, LONG_MAX).alias("lua-time-limit")),
    CLUSTER_NODE_TIMEOUT                  (NO_MEANING,   integer(15000, 0, LONG_MAX)),
    SLOWLOG_LOG_SLOWER_THAN               (HELD,         integer(10000, -1, LONG_MAX)),
    LATENCY_MONITOR_THRESHOLD             (HELD,         integer(0, 0, LONG_MAX)),
    PROTO_MAX_BULK_LEN                    (HELD,         memory(512L << 20, 1L << 20, LONG_MAX)),
    STREAM_NODE_MAX_ENTRIES               (HELD,         integer(100, 0, LONG_MAX)),
    REPL_BACKLOG_SIZE                     (HELD,         memory(1L << 20, 1, LONG_MAX)),
    MAXMEMORY                             (HELD,         unsignedMemory(0, 0, UNSIGNED_MAX)),
    CLUSTER_LINK_SENDBUF_LIMIT            (NO_MEANING,   unsignedMemory(0, 0, UNSIGNED_MAX)),
    HASH_MAX_LISTPACK_ENTRIES             (HELD,         integer(512, 0, LONG_MAX).alias("hash-max-ziplist-entries")),
    SET_MAX_INTSET_ENTRIES                (HELD,         integer(512, 0, LONG_MAX)),
    SET_MAX_LISTPACK_ENTRIES              (HELD,         integer(128, 0, LONG_MAX)),
    SET_MAX_LISTPACK_VALUE                (HELD,         integer(64, 0, LONG_MAX)),
    ZSET_MAX_LISTPACK_ENTRIES             (HELD,         integer(128, 0, LONG_MAX).alias("zset-max-ziplist-entries")),
    ACTIVE_DEFRAG_IGNORE_BYTES            (NO_MEANING,   memory(100L << 20, 1, LONG_MAX)),
    HASH_MAX_LISTPACK_VALUE               (HELD,         memory(64, 0, LONG_MAX).alias("hash-max-ziplist-value")),
    STREAM_NODE_MAX_BYTES                 (HELD,         memory(4096, 0, LONG_MAX)),
    ZSET_MAX_LISTPACK_VALUE               (HELD,         memory(64, 0, LONG_MAX).alias("zset-max-ziplist-value")),
    HLL_SPARSE_MAX_BYTES                  (HELD,         memory(3000, 0, LONG_MAX)),
    TRACKING_TABLE_MAX_KEYS               (HELD,         integer(1000000, 0, LONG_MAX)),
    CLIENT_QUERY_BUFFER_LIMIT             (HELD,         memory(1L << 30, 1L << 20, LONG_MAX)),
    MAXMEMORY_CLIENTS                     (HELD,         memoryOrPercent(0, -100, LONG_MAX)),
    REPL_BACKLOG_TTL                      (HELD,         integer(3600, 0, LONG_MAX)),
    AUTO_AOF_REWRITE_MIN_SIZE             (HELD,         memory(64L << 20, 0, LONG_MAX)),
    LOADING_PROCESS_EVENTS_INTERVAL_BYTES (NO_MEANING,   memory(2L << 20, 1024, INT_MAX),       HIDDEN),
    TLS_CLUSTER                           (HELD,         bool(false)),
    TLS_REPLICATION                       (HELD,         bool(false)),
    TLS_PREFER_SERVER_CIPHERS             (HELD,         bool(false)),
    TLS_SESSION_CACHING                   (HELD,         bool(true)),
    TLS_CERT_FILE                         (HELD,         optionalText(),                        NAMES_CONTENT),
    TLS_KEY_FILE                          (HELD,         optionalText(),                        NAMES_CONTENT),
    TLS_KEY_FILE_PASS                     (HELD,         optionalText(),                        SENSITIVE),
    TLS_CLIENT_CERT_FILE                  (HELD,         optionalText(),                        NAMES_CONTENT),
    TLS_CLIENT_KEY_FILE                   (HELD,         optionalText(),                        NAMES_CONTENT),
    TLS_CLIENT_KEY_FILE_PASS              (HELD,         optionalText(),                        SENSITIVE),
    TLS_DH_PARAMS_FILE                    (NO_MEANING,   optionalText(),                        NAMES_CONTENT),
    TLS_CA_CERT_FILE                      (HELD,         optionalText(),                        NAMES_CONTENT),
    TLS_CA_CERT_DIR                       (HELD,         optionalText(),                        NAMES_CONTENT),
    TLS_PROTOCOLS                         (HELD,         optionalText()),
    TLS_CIPHERS                           (HELD,         optionalText()),
    TLS_CIPHERSUITES                      (HELD,         optionalText()),
    DIR                                   (HELD,         special(DIRECTORY, ""), GUARDED, DENIED_WHILE_LOADING),
    SAVE                                  (HELD,         special(SAVE_POINTS, "3600 1 300 100 60 10000"), MULTIPLE),
    CLIENT_OUTPUT_BUFFER_LIMIT            (HELD,         special(OUTPUT_LIMITS, OUTPUT_LIMITS_DEFAULT), MULTIPLE),
    OOM_SCORE_ADJ_VALUES                  (NO_MEANING,   special(OOM_VALUES, "0 200 800"),      MULTIPLE),
    NOTIFY_KEYSPACE_EVENTS                (HELD,         special(KEYSPACE_EVENTS, "")),
    BIND                                  (HELD,         special(ADDRESSES, "* -::*"),          MULTIPLE),
    REPLICAOF                             (HELD,         special(PRIMARY, "").alias("slaveof"), IMMUTABLE, MULTIPLE),
    LATENCY_TRACKING_INFO_PERCENTILES     (HELD,         special(PERCENTILES, "50 99 99.9"),    MULTIPLE),
    THREADING                             (HELD,         choice("shared", "shared,dedicated"),  IMMUTABLE, OWN),
    IDLE_STRATEGY                         (HELD,         choice("backoff", "backoff,busy-spin"), IMMUTABLE, OWN),
    READER_THREADS                        (HELD,         integer(0, 0, 32),                     IMMUTABLE, OWN),
    LATE_JOINERS                          (HELD,         choice("best-effort", "best-effort,always"), IMMUTABLE, OWN),
    REPLICA_REFUSE_EMPTY_PRIMARY          (HELD,         bool(false),                           OWN),
    REPL_BACKLOG_MAX_SIZE                 (HELD,         memory(1L << 30, 16384, LONG_MAX),     OWN),
    BACKLOG_DIR                           (HELD,         text(""),                              IMMUTABLE, OWN),
    RDB_VERSION                           (HELD,         choice("9", "9,10,11,12"),                OWN),
    RENAME_COMMAND                        (HELD,         fileOnly()),
    USER                                  (HELD,         fileOnly()),
    LOADMODULE                            (ONLY_DEFAULT, fileOnly()),
    INCLUDE                               (HELD,         fileOnly()),
    SENTINEL                              (NO_MEANING,   fileOnly()),
    LIST_MAX_ZIPLIST_ENTRIES              (NO_MEANING,   fileOnly()),
    LIST_MAX_ZIPLIST_VALUE                (NO_MEANING,   fileOnly()),
    LUA_REPLICATE_COMMANDS                (NO_MEANING,   fileOnly());
    // @formatter:on

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

    private final OptionEffect effect;
    private final OptionRow row;
    private final EnumSet<OptionTrait> traits = EnumSet.noneOf(OptionTrait.class);

    ConfigOption(final OptionEffect effect, final OptionRow row, final OptionTrait... traits)
    {
        this.effect = effect;
        this.row = row.named(name().toLowerCase(Locale.ROOT).replace('_', '-'));
        this.traits.addAll(List.of(traits));
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
        return OptionTexts.of(this).doc();
    }

    /** Why no other value than the default is accepted: a sentence without its full stop; null if others are. */
    String refusal()
    {
        return OptionTexts.of(this).refusal();
    }

    /** CONFIG SET refuses it; only file and command line give it a value. */
    public boolean isImmutable()
    {
        return traits.contains(IMMUTABLE);
    }

    /** CONFIG SET refuses it unless {@code enable-protected-configs} lets this client. */
    public boolean isProtected()
    {
        return traits.contains(GUARDED);
    }

    /** CONFIG GET shows it only when asked by its exact name. */
    public boolean isHidden()
    {
        return traits.contains(HIDDEN);
    }

    /** Its value must not reach SLOWLOG, MONITOR or the log. */
    public boolean isSensitive()
    {
        return traits.contains(SENSITIVE);
    }

    /** Its value names what counts, which may have changed: CONFIG SET applies it also if it is the same. */
    boolean namesContent()
    {
        return traits.contains(NAMES_CONTENT);
    }

    /** Takes several words, which CONFIG SET gets as one argument. */
    public boolean isMultiple()
    {
        return traits.contains(MULTIPLE);
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
        return effect;
    }

    /** CONFIG SET refuses it while data are being loaded. */
    boolean isDeniedWhileLoading()
    {
        return traits.contains(DENIED_WHILE_LOADING);
    }

    /** Unknown to Redis. */
    public boolean isOwn()
    {
        return traits.contains(OWN);
    }

    OptionRow row()
    {
        return row;
    }
}
