package org.millrace.engine.replication.primary;

/** How requests for synchronization were answered, since the start or CONFIG RESETSTAT. Writer thread. */
public final class SyncCounts
{
    long full;
    long partial;
    long refused;

    /** Answered with a snapshot. */
    public long full()
    {
        return full;
    }

    /** Answered with a place in the stream. */
    public long partial()
    {
        return partial;
    }

    /** Had asked for a place in the stream, which was not to be had. */
    public long refused()
    {
        return refused;
    }

    void reset()
    {
        full = 0;
        partial = 0;
        refused = 0;
    }
}
