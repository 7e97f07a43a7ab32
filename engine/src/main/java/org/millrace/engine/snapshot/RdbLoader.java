package org.millrace.engine.snapshot;

import org.millrace.engine.keyspace.DataSet;

/**
 * Loads an RDB image that arrives in pieces split anywhere. A push parser: memory beyond the data set is bounded by one
 * element (a large value is written to its chunks as it arrives). Never throws on bad input.
 */
public final class RdbLoader implements AutoCloseable
{
    public enum State
    {
        /** Wants more bytes. */
        LOADING,
        /** EOF opcode and checksum were read and are right. */
        DONE,
        /** {@link #error()} says why; part of the data may be in the target. */
        FAILED
    }

    /**
     * @param target data set to load into; it must be empty by the time {@link #hasStartedData} turns true.
     * @param nowMs keys whose deadline is before this are dropped when {@code dropExpired}, as a primary does at start.
     * @param verifyChecksum whether the trailer is compared.
     */
    public RdbLoader(
        final DataSet target, final long nowMs, final boolean dropExpired, final boolean verifyChecksum)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Take bytes in; all are consumed unless the state becomes DONE in the middle.
     *
     * @return bytes consumed.
     */
    public int consume(final long address, final int length)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * True when header and leading AUX fields were accepted and the next thing is data: the moment to give up the old
     * data. Until then {@link #consume} stops before the first key (returns fewer bytes) and waits for
     * {@link #startData}.
     */
    public boolean isAtData()
    {
        throw new IllegalStateException("skeleton");
    }

    public void startData()
    {
        throw new IllegalStateException("skeleton");
    }

    public State state()
    {
        throw new IllegalStateException("skeleton");
    }

    public String error()
    {
        throw new IllegalStateException("skeleton");
    }

    /** AUX repl-stream-db, or -1. */
    public int streamDb()
    {
        throw new IllegalStateException("skeleton");
    }

    /** AUX repl-id, or null. */
    public String replid()
    {
        throw new IllegalStateException("skeleton");
    }

    /** AUX repl-offset, or -1. */
    public long replOffset()
    {
        throw new IllegalStateException("skeleton");
    }

    /** AUX redis-ver or valkey-ver as it stood, for the log; null if there was none. */
    public String producer()
    {
        throw new IllegalStateException("skeleton");
    }

    public long keysLoaded()
    {
        throw new IllegalStateException("skeleton");
    }

    public long keysExpired()
    {
        throw new IllegalStateException("skeleton");
    }

    @Override
    public void close()
    {
        throw new IllegalStateException("skeleton");
    }
}
