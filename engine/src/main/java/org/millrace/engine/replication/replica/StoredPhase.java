package org.millrace.engine.replication.replica;

/** How far a payload has come that goes through a file. See {@link StoredIntake}. */
enum StoredPhase
{
    /** Bytes are coming in; the old data serve. */
    RECEIVING,

    /** All have come, and were right; the file has not got them all. The old data serve. */
    WRITING,

    /** The old data have given way, their memory has not been given back yet. */
    RELEASING,

    /** The file is being loaded. */
    LOADING,

    /** The new data are in service. */
    LOADED,

    /** It cannot come into service. */
    FAILED;

    /** The whole transition relation: what is not listed here is a bug. */
    boolean canMoveTo(final StoredPhase next)
    {
        return switch (this)
        {
            case RECEIVING -> WRITING == next;
            case WRITING -> RELEASING == next || FAILED == next;
            case RELEASING -> LOADING == next;
            case LOADING -> LOADED == next || FAILED == next;
            case LOADED, FAILED -> false;
        };
    }
}
