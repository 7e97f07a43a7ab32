package org.millrace.engine.migration;

/** How far a MIGRATE has come; of the connection that it has now, as it may begin again with another one. */
enum MigrationState
{
    /** The connection is to be there. */
    CONNECT,

    /** Replies to AUTH and SELECT are to come: no key goes to a database that was not meant. */
    PREPARE,

    /** Keys go out, and replies to them come in. */
    MOVE,

    /** Everything that will happen has happened; the client is to be answered. */
    DONE;

    /** The whole transition relation: what is not listed here is a bug. */
    boolean canMoveTo(final MigrationState next)
    {
        return switch (this)
        {
            case CONNECT -> PREPARE == next || DONE == next;
            // A connection that was kept from the last time may turn out to be gone.
            case PREPARE -> MOVE == next || CONNECT == next || DONE == next;
            case MOVE -> CONNECT == next || DONE == next;
            case DONE -> false;
        };
    }
}
