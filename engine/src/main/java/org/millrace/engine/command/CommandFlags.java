package org.millrace.engine.command;

import java.util.ArrayList;
import java.util.List;

/** Flags of a command, as bits; the names are those of COMMAND INFO. */
public final class CommandFlags
{
    public static final int WRITE = 1;
    public static final int READONLY = 1 << 1;
    public static final int DENYOOM = 1 << 2;
    public static final int ADMIN = 1 << 3;
    public static final int PUBSUB = 1 << 4;
    public static final int NOSCRIPT = 1 << 5;
    public static final int BLOCKING = 1 << 6;
    public static final int LOADING = 1 << 7;
    public static final int STALE = 1 << 8;
    public static final int SKIP_MONITOR = 1 << 9;
    public static final int SKIP_SLOWLOG = 1 << 10;
    public static final int FAST = 1 << 11;
    public static final int NO_AUTH = 1 << 12;
    public static final int MAY_REPLICATE = 1 << 13;
    public static final int NO_MULTI = 1 << 14;
    public static final int ALLOW_BUSY = 1 << 15;
    public static final int NO_ASYNC_LOADING = 1 << 16;

    /** Visits keys nobody has named (SCAN, RANDOMKEY): its expiry deletions are sent without MULTI. */
    public static final int TOUCHES_ARBITRARY_KEYS = 1 << 17;

    /** About the client's own connection: means nothing to the link to a primary, nor to a session within the process. */
    public static final int CLIENT_ONLY = 1 << 18;

    /** Gives the client's socket to another agent: waits until the writer has it to itself. */
    public static final int TAKES_SOCKET = 1 << 19;

    /** Runs at once even inside MULTI. */
    public static final int NOT_QUEUED = 1 << 20;

    /** Ends a MULTI: with {@link #NOT_QUEUED}; all that is left inside one when there is no memory. */
    public static final int ENDS_MULTI = 1 << 21;

    /** Runs what MULTI has queued: what its commands may not, it may not. */
    public static final int RUNS_QUEUED = 1 << 22;

    /** Allowed to a RESP2 client with subscriptions. */
    public static final int WHILE_SUBSCRIBED = 1 << 23;

    /** Refused as writes are while saving fails, so that whoever asks for the node's health hears of it. */
    public static final int FAILS_WITH_DISK = 1 << 24;

    /** A write with one store, so that a reader on another thread sees it whole or not at all. All others are guarded. */
    public static final int STORES_ONCE = 1 << 25;

    /** A write with one store for each of its keys. */
    public static final int STORES_BY_KEY = 1 << 26;

    /** Changes whether reader threads may serve, or runs other commands; for its subcommands, too. */
    public static final int MOVES_READ_GATE = 1 << 27;

    /** Shows figures that reader threads count as well, or sets them back; for its subcommands, too. */
    public static final int TELLS_FIGURES = 1 << 28;

    /** Takes keys, but not in every call; said by the row's {@link CommandKeys}. */
    static final int NO_MANDATORY_KEYS = 1 << 29;

    /** Keys have no fixed places; said by the row's {@link CommandKeys}. */
    static final int MOVABLE_KEYS = 1 << 30;

    /** Those that COMMAND INFO shows, in its order. */
    private static final int[] SHOWN = {
        WRITE, READONLY, DENYOOM, ADMIN, PUBSUB, NOSCRIPT, BLOCKING, LOADING, STALE, SKIP_MONITOR, SKIP_SLOWLOG, FAST,
        NO_AUTH, NO_MANDATORY_KEYS, NO_ASYNC_LOADING, NO_MULTI, MOVABLE_KEYS, ALLOW_BUSY};

    private static final String[] NAMES = {
        "write", "readonly", "denyoom", "admin", "pubsub", "noscript", "blocking", "loading", "stale", "skip_monitor",
        "skip_slowlog", "fast", "no_auth", "no_mandatory_keys", "no_async_loading", "no_multi", "movablekeys",
        "allow_busy"};

    private CommandFlags()
    {
    }

    /** The words of COMMAND INFO for these bits; bits of our own have none. */
    static List<String> names(final int flags)
    {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < SHOWN.length; i++)
        {
            if (0 != (flags & SHOWN[i]))
            {
                names.add(NAMES[i]);
            }
        }

        return names;
    }
}
