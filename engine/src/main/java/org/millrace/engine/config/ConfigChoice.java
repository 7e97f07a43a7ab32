package org.millrace.engine.config;

/** The numbers behind the words of the options that code asks for: indices for one word, bits for several. */
public final class ConfigChoice
{
    public static final int LOG_DEBUG = 0;
    public static final int LOG_VERBOSE = 1;
    public static final int LOG_NOTICE = 2;
    public static final int LOG_WARNING = 3;
    public static final int LOG_NOTHING = 4;

    public static final int LOAD_DISABLED = 0;
    public static final int LOAD_ON_EMPTY_DB = 1;
    public static final int LOAD_SWAPDB = 2;

    public static final int POLICY_VOLATILE_LRU = 0;
    public static final int POLICY_VOLATILE_LFU = 1;
    public static final int POLICY_VOLATILE_RANDOM = 2;
    public static final int POLICY_VOLATILE_TTL = 3;
    public static final int POLICY_ALLKEYS_LRU = 4;
    public static final int POLICY_ALLKEYS_LFU = 5;
    public static final int POLICY_ALLKEYS_RANDOM = 6;
    public static final int POLICY_NOEVICTION = 7;

    /** For {@code enable-debug-command} and its like. */
    public static final int ALLOWED_NO = 0;
    public static final int ALLOWED_YES = 1;
    public static final int ALLOWED_LOCAL = 2;

    public static final int SANITIZE_NO = 0;
    public static final int SANITIZE_YES = 1;
    public static final int SANITIZE_CLIENTS = 2;

    public static final int PROPAGATION_ERROR_IGNORE = 0;
    public static final int PROPAGATION_ERROR_PANIC = 1;
    public static final int PROPAGATION_ERROR_PANIC_ON_REPLICAS = 2;

    /** Bits of {@code shutdown-on-sigint} and {@code shutdown-on-sigterm}; 0 is the default behaviour. */
    public static final int SHUTDOWN_SAVE = 1;
    public static final int SHUTDOWN_NOSAVE = 1 << 1;
    public static final int SHUTDOWN_NOW = 1 << 2;
    public static final int SHUTDOWN_FORCE = 1 << 3;

    public static final int THREADING_SHARED = 0;
    public static final int THREADING_DEDICATED = 1;

    public static final int IDLE_BACKOFF = 0;
    public static final int IDLE_BUSY_SPIN = 1;

    private ConfigChoice()
    {
    }
}
