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

    private Runnable onChange = () ->
    {
    };

    public ReplicationHistory(final String replid)
    {
        this.replid = replid;
    }

    /** Called behind every change, before a byte of the new history can be there. */
    void onChange(final Runnable listener)
    {
        onChange = listener;
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
        onChange.run();
    }

    /** The present history ends at {@code endOffset}, another begins: promotion, or +CONTINUE with another id. */
    public void shift(final String newReplid, final long endOffset)
    {
        replid2 = replid;
        secondOffset = endOffset + 1;
        replid = newReplid;
        onChange.run();
    }

    /** What an earlier process has left. */
    public void adopt(final String savedReplid, final String savedReplid2, final long savedSecondOffset)
    {
        replid = savedReplid;
        replid2 = savedReplid2;
        secondOffset = savedSecondOffset;
        onChange.run();
    }

    /** As {@link #shift}, for a primary that restarts with the id and offset of its snapshot. */
    public void restore(final String newReplid, final String savedReplid, final long savedOffset)
    {
        replid = newReplid;
        replid2 = savedReplid;
        secondOffset = savedOffset + 1;
        onChange.run();
    }
}
