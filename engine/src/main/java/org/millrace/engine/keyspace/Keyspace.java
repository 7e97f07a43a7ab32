package org.millrace.engine.keyspace;

/**
 * One database: keys to entries. The writer thread alone calls it (foreign threads read through {@link KeyReader}).
 * Knows deadlines but never decides that a key is gone: callers compare {@link Entry#deadlineMs} with their time.
 * Every method that may change a bucket first serves the running cut.
 */
public final class Keyspace
{
    Keyspace()
    {
    }

    /** Number of this database now; SWAPDB changes it. */
    public int index()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Keys held, expired ones that nobody has removed yet included. */
    public long size()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Keys with a deadline. */
    public long volatileKeys()
    {
        throw new IllegalStateException("skeleton");
    }

    /** Address of the entry, or 0. Valid until the writer next changes this key. */
    public long find(final long keyAddress, final int keyLength)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Load the buckets that a later {@link #find} of this key will read, so that cache misses overlap. */
    public void prefetch(final long keyAddress, final int keyLength)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Publish an entry that {@code DataSet} made, in place of the one with the same key if there is one (which is
     * retired together with those chunks that the new one does not share).
     *
     * @return false if memory for the index ran out; the entry is freed, nothing has changed.
     */
    public boolean put(final int entryRef)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Remove a key; false if it is not there. Never fails for lack of memory. */
    public boolean remove(final long keyAddress, final int keyLength)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Give an entry another deadline, or none with {@link Entry#NO_DEADLINE}; value and encoding stay.
     *
     * @return address of the entry that now stands for the key, or 0 if memory ran out and nothing has changed.
     */
    public long withDeadline(final long entry, final long deadlineMs)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Some entry, chosen evenly enough by {@code random}; 0 if there is none. */
    public long any(final long random)
    {
        throw new IllegalStateException("skeleton");
    }

    /**
     * Visit the keys of one home bucket, in hash order. A key that is there during a whole iteration is visited at
     * least once, whatever happens between the calls. The visitor must not change the keyspace.
     *
     * @param cursor 0 to begin, else what the last call returned, as an unsigned number; any value is safe.
     * @return the next cursor, 0 when the iteration is complete.
     */
    public long scan(final long cursor, final EntryVisitor visitor)
    {
        throw new IllegalStateException("skeleton");
    }

    /** Touch: set the 24-bit access clock. */
    public void touch(final long entry, final int clock)
    {
        throw new IllegalStateException("skeleton");
    }
}
