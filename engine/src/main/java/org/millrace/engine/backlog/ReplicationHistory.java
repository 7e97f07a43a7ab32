package org.millrace.engine.backlog;

/**
 * Which history of the stream this node is on: replid, the previous one (replid2), and the first offset that is not
 * valid under it. Owned by the writer thread. New ids come from the caller, which owns randomness.
 */
public final class ReplicationHistory
{
    public static final String NO_REPLID = "0".repeat(40);

    private String replid;
    private String replid2 = NO_REPLID;
    private long secondOffset = -1;

    public ReplicationHistory(final String replid)
    {
        this.replid = replid;
    }

    public String replid()
    {
        return replid;
    }

    public String replid2()
    {
        return replid2;
    }

    /** First offset that is not valid under replid2, or -1. */
    public long secondOffset()
    {
        return secondOffset;
    }

    /** A new history with no past: backlog created or freed, CHANGE-REPL-ID, full resync done. */
    public void reset(final String newReplid)
    {
        replid = newReplid;
        replid2 = NO_REPLID;
        secondOffset = -1;
    }

    /** The present history ends at {@code endOffset}, another begins: promotion, or +CONTINUE with another id. */
    public void shift(final String newReplid, final long endOffset)
    {
        replid2 = replid;
        secondOffset = endOffset + 1;
        replid = newReplid;
    }

    /** As {@link #shift}, for a primary that restarts with the id and offset of its snapshot. */
    public void restore(final String newReplid, final String savedReplid, final long savedOffset)
    {
        replid = newReplid;
        replid2 = savedReplid;
        secondOffset = savedOffset + 1;
    }
}
