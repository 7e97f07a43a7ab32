package org.millrace.engine.replication.replica;

/** How far a full resync has come, from the line that follows +FULLRESYNC on. See {@link SnapshotReceiver}. */
enum SnapshotPhase
{
    /** The line before the payload is to come, perhaps behind empty ones. */
    HEADER,

    /** The image is coming in. */
    IMAGE,

    /** The image is there, the mark that ends the payload is to come. */
    MARK,

    /** The image is there, the rest of the announced length is to come. */
    TAIL,

    /** The payload is there: the new data are on their way into service. */
    FINISH,

    /** The new data are in service, the stream follows. */
    DONE,

    /** Nothing of the snapshot is left in service. */
    FAILED;

    /** Nothing more will happen. */
    boolean isEnd()
    {
        return DONE == this || FAILED == this;
    }

    /** The whole transition relation: what is not listed here is a bug. What has not ended may fail. */
    boolean canMoveTo(final SnapshotPhase next)
    {
        if (FAILED == next)
        {
            return !isEnd();
        }

        return switch (this)
        {
            case HEADER -> IMAGE == next;
            case IMAGE -> MARK == next || TAIL == next;
            case MARK, TAIL -> FINISH == next;
            case FINISH -> DONE == next;
            case DONE, FAILED -> false;
        };
    }
}
