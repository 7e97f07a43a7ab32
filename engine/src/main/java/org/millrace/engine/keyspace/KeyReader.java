package org.millrace.engine.keyspace;

/**
 * Lock-free reads of single keys from one foreign thread while the writer writes. Thread-confined; holds a slot of
 * the epoch table until closed.
 */
public final class KeyReader implements AutoCloseable
{
    /** Result of a read: no such key. */
    public static final int ABSENT = -1;

    KeyReader()
    {
    }

    /**
     * Copy the value of a string key that has not expired at {@code nowMs}.
     *
     * @return the value's length (more than {@code capacity}: nothing usable was copied, come back with more room),
     *         or {@link #ABSENT}.
     */
    public long get(
        final int database,
        final long keyAddress,
        final int keyLength,
        final long nowMs,
        final long target,
        final long capacity)
    {
        throw new IllegalStateException("skeleton");
    }

    @Override
    public void close()
    {
        throw new IllegalStateException("skeleton");
    }
}
