package org.millrace.engine.replication.primary;

/**
 * What the writer has decided for one replica. {@link ReplicaState} is how far the feeder has come with it, which the
 * writer learns of a moment later.
 */
enum AttachedState
{
    /** It has just asked. */
    NEW,

    /** It is to get a snapshot, and there is none for it yet. */
    AWAIT_SNAPSHOT,

    /** It is being sent a snapshot. */
    SNAPSHOT,

    /** It has a snapshot and gets the stream behind it. */
    STREAM_AFTER_SNAPSHOT,

    /** It gets the stream from where it was, or behind a snapshot of nothing. */
    STREAM,

    /** No snapshot could be made for it: it was told so, and is being closed. */
    REFUSED,

    /** Closed by this node: killed, or because the history has changed. */
    DISMISSED,

    /** Its connection has ended; it is remembered no more. */
    GONE;

    /** The whole transition relation: what is not listed here is a bug. Each may be dismissed, and go. */
    boolean canMoveTo(final AttachedState next)
    {
        if (GONE == next)
        {
            return GONE != this;
        }

        if (DISMISSED == next)
        {
            return DISMISSED != this && GONE != this;
        }

        return switch (this)
        {
            case NEW -> AWAIT_SNAPSHOT == next || STREAM == next;
            case AWAIT_SNAPSHOT -> SNAPSHOT == next || REFUSED == next;
            case SNAPSHOT -> STREAM_AFTER_SNAPSHOT == next;
            case STREAM_AFTER_SNAPSHOT, STREAM, REFUSED, DISMISSED, GONE -> false;
        };
    }
}
