package org.millrace.engine.replication.replica;

/**
 * State of the link from this replica to its primary. Codes are exported and never renumbered; the comments name the
 * matching {@code repl_state} of Redis.
 */
enum LinkState
{
    /** Not a replica, or told to stop. {@code REPL_STATE_NONE}. */
    IDLE(0, "none"),

    /** Waiting out the delay before the next attempt. {@code REPL_STATE_CONNECT}. */
    BACKOFF(1, "connect"),

    /** Connect in progress. {@code REPL_STATE_CONNECTING}. */
    CONNECTING(2, "connecting"),

    /** PING sent. {@code REPL_STATE_RECEIVE_PING_REPLY}. */
    AWAIT_PONG(3, "handshake"),

    /** AUTH and REPLCONF sent, their replies come in order. The four {@code REPL_STATE_RECEIVE_*_REPLY}. */
    AWAIT_REPLCONF(4, "handshake"),

    /** PSYNC sent. {@code REPL_STATE_RECEIVE_PSYNC_REPLY}. */
    AWAIT_PSYNC(5, "handshake"),

    /** Receiving and loading a snapshot. {@code REPL_STATE_TRANSFER}. */
    SNAPSHOT(6, "sync"),

    /** Applying the live stream. {@code REPL_STATE_CONNECTED}. */
    STREAMING(7, "connected");

    private final int code;
    private final String roleWord;

    LinkState(final int code, final String roleWord)
    {
        this.code = code;
        this.roleWord = roleWord;
    }

    int code()
    {
        return code;
    }

    /** What ROLE calls this state. */
    String roleWord()
    {
        return roleWord;
    }

    /** True from PING to the reply to PSYNC. */
    boolean isHandshake()
    {
        return AWAIT_PONG == this || AWAIT_REPLCONF == this || AWAIT_PSYNC == this;
    }

    /** The whole transition relation: what is not listed here is a bug. Any state may be stopped. */
    boolean canMoveTo(final LinkState next)
    {
        if (IDLE == next)
        {
            return IDLE != this;
        }

        return switch (this)
        {
            case IDLE -> BACKOFF == next;
            case BACKOFF -> CONNECTING == next;
            case CONNECTING -> AWAIT_PONG == next || BACKOFF == next;
            case AWAIT_PONG -> AWAIT_REPLCONF == next || BACKOFF == next;
            case AWAIT_REPLCONF -> AWAIT_PSYNC == next || BACKOFF == next;
            case AWAIT_PSYNC -> SNAPSHOT == next || STREAMING == next || BACKOFF == next;
            case SNAPSHOT -> STREAMING == next || BACKOFF == next;
            case STREAMING -> BACKOFF == next;
        };
    }
}
