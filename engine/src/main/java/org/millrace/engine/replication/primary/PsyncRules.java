package org.millrace.engine.replication.primary;

import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;

/** Whether a replica that asks for a place in the stream may go on from there. Pure decisions; writer thread. */
final class PsyncRules
{
    /** Outcome of a request. */
    enum Verdict
    {
        /** Partial resync from the offset asked for. */
        CONTINUE,
        /** The replica has asked for a full resync itself: its id begins with a question mark. */
        FULL_ASKED_FOR,
        /** Neither of our ids. */
        FULL_OTHER_HISTORY,
        /** Our previous id, but past the offset at which that history ended for us. */
        FULL_PAST_SWITCH,
        /** Our history, but the byte asked for is not held (any more, or yet). */
        FULL_NOT_HELD
    }

    private PsyncRules()
    {
    }

    /**
     * Decide by ids and ring.
     *
     * @param replid as the replica wrote it; case does not matter.
     * @param offset of the next byte that the replica wants: its applied offset plus one.
     */
    static Verdict decide(final ReplicationStream stream, final String replid, final long offset)
    {
        final ReplicationHistory history = stream.history();
        final boolean isCurrent = replid.equalsIgnoreCase(history.replid());
        final boolean isPrevious = replid.equalsIgnoreCase(history.replid2());
        // The switch offset itself is still good: it is the first byte the replica lacks, not one it has applied.
        if (!isCurrent && (!isPrevious || offset > history.secondOffset()))
        {
            if (replid.startsWith("?"))
            {
                return Verdict.FULL_ASKED_FOR;
            }

            return isPrevious ? Verdict.FULL_PAST_SWITCH : Verdict.FULL_OTHER_HISTORY;
        }

        return stream.holds(offset) ? Verdict.CONTINUE : Verdict.FULL_NOT_HELD;
    }
}
