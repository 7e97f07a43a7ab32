package org.millrace.engine.readers;

/**
 * Who serves a client's socket, as the writer sees it: what the reader thread has said, and what it was told.
 *
 * <pre>
 *                        input that the reader leaves alone
 *              +------------- READER ------------> WRITER &lt;---- given to a reader ---- NOBODY
 *              |            ^  |   |                |  |  ^
 *              |            |  |   +---- claimed    |  |  |  given back
 *              |            +--|-- nothing left ----+  |  |
 *              |  claimed      |                       |  +---------------+
 *              v               |  it leaves by itself  |                  |
 *         CALLED_BACK          +-----------------------+---------> WRITER_ALONE
 *              |                                       |               ^  |
 *              +-- says something --> LEAVING &lt;--------+               |  | claimed before its input is taken
 *              |                         |          claimed            |  v
 *              +-- has left -------------+--------------------------> CLAIMED
 * </pre>
 *
 * From NOBODY also to WRITER_ALONE, while the writer looks at nothing that readers hand over.
 * Each may end in CLOSED.
 */
enum Ownership
{
    /** Not given to a reader yet. */
    NOBODY,

    /** The reader may answer, and nobody else may write. */
    READER,

    /** The reader passes on what comes in. */
    WRITER,

    /** The reader may still answer, and has been told to leave. */
    CALLED_BACK,

    /** As {@link #WRITER}, and the reader has been told to leave. */
    LEAVING,

    /** The reader has nothing to do with it any more; who asked for that is still to be told. */
    CLAIMED,

    /** The reader has nothing to do with it any more. */
    WRITER_ALONE,

    /** Closed by the writer. */
    CLOSED;

    /** The reader thread has the socket. */
    boolean isWithReader()
    {
        return switch (this)
        {
            case READER, WRITER, CALLED_BACK, LEAVING -> true;
            case NOBODY, CLAIMED, WRITER_ALONE, CLOSED -> false;
        };
    }

    /** The socket is registered with the writer's reactor. */
    boolean isAlone()
    {
        return CLAIMED == this || WRITER_ALONE == this;
    }

    /** The reader may be writing to the socket at this moment. */
    boolean isReadersTurn()
    {
        return READER == this || CALLED_BACK == this;
    }

    /** After something has come from the reader, which has ended its turn with it. */
    Ownership onMessage()
    {
        return switch (this)
        {
            case READER -> WRITER;
            case CALLED_BACK -> LEAVING;
            default -> this;
        };
    }

    /** After somebody has asked for the socket itself, and cannot have it at once. */
    Ownership onClaim()
    {
        return switch (this)
        {
            case READER -> CALLED_BACK;
            case WRITER -> LEAVING;
            case WRITER_ALONE -> CLAIMED;
            default -> this;
        };
    }

    /** After the reader has let go of it, asked to or not. */
    Ownership onLeft()
    {
        return CALLED_BACK == this || LEAVING == this ? CLAIMED : WRITER_ALONE;
    }

    /** The whole transition relation: what is not listed here is a bug. Any may end in CLOSED. */
    boolean canMoveTo(final Ownership next)
    {
        if (CLOSED == next)
        {
            return CLOSED != this;
        }

        return switch (this)
        {
            case NOBODY -> WRITER == next || WRITER_ALONE == next;
            case READER -> WRITER == next || CALLED_BACK == next || WRITER_ALONE == next;
            case WRITER -> READER == next || LEAVING == next || WRITER_ALONE == next;
            case CALLED_BACK -> LEAVING == next || CLAIMED == next;
            case LEAVING -> CLAIMED == next;
            case CLAIMED -> WRITER_ALONE == next;
            case WRITER_ALONE -> WRITER == next || CLAIMED == next;
            case CLOSED -> false;
        };
    }
}
