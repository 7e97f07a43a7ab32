package org.millrace.engine.keyspace;

import org.millrace.engine.memory.OffHeap;

/**
 * The databases of one node with the memory they share, reclamation, expiry index and the running cut. Owned by the
 * writer thread.
 */
public final class DataSet implements AutoCloseable
{
    /** @param hashSeed keys the hash of key names: random per process, an argument in the simulator. */
    public DataSet(final OffHeap memory, final int databases, final long hashSeed)
    {
        throw new IllegalStateException("skeleton");
    }

    public OffHeap memory()
    {
        throw new IllegalStateException("skeleton");
    }

    public int databases()
    {
        throw new IllegalStateException("skeleton");
    }

    public Keyspace keyspace(final int index)
    {
        throw new IllegalStateException("skeleton");
    }

    /** SWAPDB. */
    public void swap(final int a, final int b)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Empty one database: its root is detached now and freed in {@link #doWork}, or once a cut has left it. */
    public void flush(final int index)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Empty all; a running cut must have been aborted before. */
    public void flushAll()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Move an entry to another key and database, over what is there; false: no memory, nothing changed. */
    public boolean move(
        final Keyspace from, final long entry, final Keyspace to, final long keyAddress, final int keyLength)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Copy an entry with its deadline to another key and database, over what is there; false: no memory. */
    public boolean copy(final long entry, final Keyspace to, final long keyAddress, final int keyLength)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Free retired and detached memory, a bounded step. @return work count. */
    public int doWork()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Earliest deadline that any key may have, or Long.MAX_VALUE: a lower bound. */
    public long nextDeadlineMs()
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Report keys whose deadline is at or before {@code nowMs}, earliest segments first, at most about {@code limit}.
     * The visitor removes each (or leaves it: it is then reported again by a later call).
     */
    public int expireDue(final long nowMs, final int limit, final EntryVisitor visitor)
    {
        throw new IllegalStateException("skeleton");
    }

    /** A reader for one foreign thread; explicit, closeable. */
    public KeyReader openReader()
    {
        throw new IllegalStateException("skeleton");
    }

    /** The point-in-time walk over this data set. */
    public Cut cut()
    {
        throw new IllegalStateException("skeleton");
    }

    @Override
    public void close()
    {
        throw new IllegalStateException("skeleton");
    }
}
