package org.millrace.engine.command;

import org.millrace.engine.resp.ErrorKind;
import org.millrace.engine.resp.ErrorReply;

/** Error replies that more than one command gives, in Redis's words. */
public final class Replies
{
    /** From a client it is a mistake; what a primary sends is right, and has an option that this node lacks. */
    public static final ErrorReply SYNTAX = new ErrorReply(ErrorKind.NOT_HELD, "ERR syntax error");
    public static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
    public static final String NOT_AN_INT = "ERR value is out of range, value must between -2147483648 and 2147483647";
    public static final String NOT_A_FLOAT = "ERR value is not a valid float";
    public static final String OUT_OF_RANGE = "ERR index out of range";
    public static final String NO_SUCH_KEY = "ERR no such key";
    public static final String WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
    public static final ErrorReply OUT_OF_MEMORY = new ErrorReply(
        ErrorKind.NO_MEMORY, "OOM command not allowed when used memory > 'maxmemory'.");
    public static final String DB_OUT_OF_RANGE = "ERR DB index is out of range";
    public static final String INVALID_DB = "ERR invalid DB index";
    public static final String STRING_TOO_LONG = "ERR string exceeds maximum allowed size (proto-max-bulk-len)";
    public static final String READONLY = "READONLY You can't write against a read only replica.";
    public static final String NO_REPLICAS = "NOREPLICAS Not enough good replicas to write.";
    public static final String LOADING = "LOADING Redis is loading the dataset in memory";
    public static final String MASTER_DOWN = "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";
    public static final String MISCONF = "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
        "Commands that may modify the data set are disabled, because this instance is configured to report " +
        "errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option). " +
        "Please check the Redis logs for details about the RDB error.";
    public static final String NOT_IN_MULTI = "ERR Command not allowed inside a transaction";
    public static final String NESTED_TOO_DEEP = "ERR Commands that run commands are nested too deep";
    public static final String UNBLOCKED_BY_ROLE = "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)";
    public static final String NO_AUTH = "NOAUTH Authentication required.";

    private Replies()
    {
    }
}
