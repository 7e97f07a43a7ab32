package org.millrace.engine.snapshot;

import org.millrace.engine.counters.EventLog;
import org.millrace.engine.keyspace.DataSet;

/**
 * The writer thread's side of snapshots: begins cuts, walks them at the pace of the fastest cursor, keeps the last
 * image for late joiners, aborts.
 */
public final class Snapshots
{
    /** @param windowBytes image bytes kept in memory ahead of the slowest cursor; the rest goes to the spool file. */
    public Snapshots(final DataSet data, final SpoolStorage storage, final EventLog log, final long windowBytes)
    {
        throw new IllegalStateException("skeleton");
    }

    /** The agent that turns references into bytes; runs on its own thread in dedicated mode. */
    public Snapshotter snapshotter()
    {
        throw new IllegalStateException("skeleton");
    }

    /** True if a new cut may begin now (none runs, not even the tail of an aborted one). */
    public boolean canBegin()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Begin a cut between two units. Null if no spool can be made; then the log says why. */
    public Image begin(final SnapshotHeader header)
    {
        throw new IllegalStateException("skeleton");
    }

    /** The running image, or null. */
    public Image running()
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * The running or last complete image while it is still kept, or null. A joiner may use it if stream byte S+1 is
     * in the backlog under the same replid; the caller checks and pins that.
     */
    public Image joinable()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Drop the kept image: the replid has changed, or joining it costs more than a new one. */
    public void drop()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Abort the running cut, if any (FLUSHALL, SHUTDOWN, replaced data set, nobody wants it). */
    public void abort(final String reason)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * A bounded step of the walk and of housekeeping.
     *
     * @return work count.
     */
    public int doWork(final long nowMs)
    {
        throw new IllegalStateException("skeleton");
    }
}
