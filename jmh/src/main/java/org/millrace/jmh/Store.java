package org.millrace.jmh;

/**
 * A map under test with the keys that are asked of it: 16-byte keys, 64-byte values of which the first eight hold
 * {@link KeySequence#stamp}. All keys are bytes, never objects that the caller keeps from call to call. Every store
 * does the same work:
 * <ul>
 * <li>put: key and value stand in buffers of the caller, who uses them again; the store keeps a copy. Values are
 * chosen from a few that were written long before: a copy in wide registers of what has just been written would wait
 * until all stores before it are done, and a put would be measured together with the one before;</li>
 * <li>get: the value is copied to a buffer of the caller;</li>
 * <li>visit: the first eight bytes of key and value are read.</li>
 * </ul>
 * Stores that want to know sizes are told them: number of entries, length of keys and values. Thread-confined.
 */
abstract class Store implements AutoCloseable
{
    static final int VALUE_LENGTH = KeySequence.VALUE_LENGTH;
    static final long SEED = 20_261_120L;

    /** Keys of a batch: as many as the writer takes from a pipeline at once. */
    static final int BATCH = 16;

    final int entries;
    final KeySequence keys;

    /** Keys not found where they had to be. */
    long misses;

    /** Of what was visited. */
    long sum;

    Store(final int entries)
    {
        this.entries = entries;
        keys = new KeySequence(entries, SEED);
    }

    /** Put the keys 0 to entries - 1. */
    void fill()
    {
        for (int i = 0; i < entries; i++)
        {
            keys.at(i);
            put();
        }

        verifySize();
    }

    /** Set the present key. */
    abstract void put();

    /** Copy the value of the present key to the target; returns its length. */
    abstract long get();

    /** Remove the present key. */
    abstract void remove();

    /** Copy the values of the next sixteen keys, one after another; returns the sum of their lengths. */
    long getBatch()
    {
        long length = 0;
        for (int i = 0; i < BATCH; i++)
        {
            keys.next();
            length += get();
        }

        return length;
    }

    /** Visit the next entries of an iteration that begins again at its end; returns how many it were. */
    abstract int visitSome();

    abstract long size();

    /** First eight bytes of the target. */
    abstract long stampRead();

    @Override
    public abstract void close();

    /** What was read last must be the value of the present key, and none may have been missed. */
    final void verifyReads()
    {
        EngineBenchmark.check(0 == misses, "keys missed", misses, 0);
        EngineBenchmark.check(keys.stamp() == stampRead(), "value of another key", stampRead(), keys.stamp());
    }

    final void verifySize()
    {
        EngineBenchmark.check(size() == entries, "keys", size(), entries);
    }

    final void visited(final long keyStart, final long valueStart)
    {
        sum += keyStart ^ valueStart;
    }
}
