package org.millrace.engine.replication.primary;

/**
 * What the primary does for one replica. Codes are exported and never renumbered; the comment names the matching Redis
 * {@code replstate}.
 */
public enum ReplicaState
{
    /** Waits for a snapshot to begin; gets newlines. {@code WAIT_BGSAVE_START}. */
    AWAIT_SNAPSHOT(0, "wait_bgsave"),

    /** Snapshot with an end mark is sent while it is made. {@code WAIT_BGSAVE_END} with a socket child. */
    STREAM_SNAPSHOT(1, "wait_bgsave"),

    /** Waits for the snapshot to be complete, as its length goes first; gets newlines. {@code WAIT_BGSAVE_END}. */
    AWAIT_LENGTH(2, "wait_bgsave"),

    /** Snapshot of known length is sent. {@code SEND_BULK}. */
    SEND_SNAPSHOT(3, "send_bulk"),

    /** Snapshot and mark are sent; the first ACK starts the stream. {@code ONLINE} with start-on-ack. */
    AWAIT_ACK(4, "online"),

    /** Gets the stream. {@code ONLINE}. */
    ONLINE(5, "online"),

    /** Wanted the snapshot only and has it; closed as soon as it has closed, or soon. {@code RDB_TRANSMITTED}. */
    RDB_SENT(6, ""),

    /** The connection has ended. */
    CLOSED(7, "");

    private final int code;
    private final String wireName;

    ReplicaState(final int code, final String wireName)
    {
        this.code = code;
        this.wireName = wireName;
    }

    public int code()
    {
        return code;
    }

    /** The word after {@code state=} in INFO. */
    public String wireName()
    {
        return wireName;
    }

    /** True if it counts for WAIT, ROLE and min-replicas. */
    public boolean isOnline()
    {
        return ONLINE == this || AWAIT_ACK == this;
    }

    /** True if a bare newline may be sent, which keeps the replica's timer quiet and is not part of any payload. */
    boolean isBeforePayload()
    {
        return AWAIT_SNAPSHOT == this || AWAIT_LENGTH == this;
    }

    /** The whole transition relation: what is not listed here is a bug. Any state may end in CLOSED. */
    boolean canMoveTo(final ReplicaState next)
    {
        if (CLOSED == next)
        {
            return CLOSED != this;
        }

        return switch (this)
        {
            case AWAIT_SNAPSHOT -> STREAM_SNAPSHOT == next || AWAIT_LENGTH == next || ONLINE == next;
            case STREAM_SNAPSHOT -> AWAIT_ACK == next || RDB_SENT == next;
            case AWAIT_LENGTH -> SEND_SNAPSHOT == next;
            case SEND_SNAPSHOT -> ONLINE == next || RDB_SENT == next;
            case AWAIT_ACK -> ONLINE == next;
            case ONLINE, RDB_SENT, CLOSED -> false;
        };
    }
}
