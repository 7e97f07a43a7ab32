package org.millrace.engine.keyspace;

/**
 * A point-in-time walk over all databases. The writer begins it between two units and walks in bounded steps; before
 * any bucket changes that the walk has not stamped, its references go out first. References go in order into a
 * one-to-one ring of batches that one snapshotter thread pops; entries are immutable and are not freed while queued.
 */
public final class Cut
{
    Cut()
    {
    }

    /** True from {@link #begin} until the walk (also that of an aborted cut) has stamped every bucket. */
    public boolean isRunning()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Writer: begin; the state is that of this moment. Fails the invariant check while one is running. */
    public void begin()
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Writer: walk on, pushing at most about {@code maxEntries} references, fewer when the ring is full.
     *
     * @return work count; when the walk is complete an end mark is pushed and {@link #isRunning} turns false.
     */
    public int walk(final int maxEntries)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Writer: nobody wants it any more. The walk goes on, stamping only; queued references are dropped. */
    public void abort()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Snapshotter: receives batches in order. */
    public interface Sink
    {
        /** Called before the first record of another database number than the last record's. */
        void onDatabase(int index, long keys, long volatileKeys);

        /**
         * One entry; immutable, and valid until the next call of {@link Cut#drain}.
         *
         * @return false to have no more for now: drain returns after this entry.
         */
        boolean onEntry(long entry);

        /** The walk is complete: every key of the cut has been reported. */
        void onEnd();
    }

    /** Snapshotter: pop at most about {@code maxEntries}; returns how many entries and marks were popped. */
    public int drain(final Sink sink, final int maxEntries)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Called by the writer when a forced push meets a full ring: in shared mode it runs the snapshotter, in dedicated
     * mode it wakes it and spins. It must return only when there is room, or after {@link #abort}.
     */
    public void onRingFull(final Runnable action)
    {
        throw new IllegalStateException("skeleton");
    }
}
