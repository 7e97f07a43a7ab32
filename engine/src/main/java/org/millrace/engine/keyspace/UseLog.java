package org.millrace.engine.keyspace;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keys that a foreign reader has used lately. It cannot move their access clocks itself: it may be expelled at any
 * moment, and what it then writes to is no longer the entry. So it leaves a word, and the writer moves the clocks.
 *
 * <p>Words may get lost: a reader that is faster than the writer comes to look writes over what is there, and a word that
 * is read while it is written may name any key. Either does no more harm than a sample taken elsewhere.
 */
final class UseLog
{
    static final int CAPACITY = 256;

    private static final int MASK = CAPACITY - 1;

    private final long[] hashes = new long[CAPACITY];
    private final int[] databases = new int[CAPACITY];

    /** Words written; published after the word. */
    private final AtomicInteger written = new AtomicInteger();

    /** The writer's. */
    private int taken;

    /** Reader: a key was used. */
    void note(final int database, final long hash)
    {
        final int next = written.getPlain();
        databases[next & MASK] = database;
        hashes[next & MASK] = hash;
        written.setRelease(next + 1);
    }

    /** Writer: move the clocks of the keys noted since the last time. @return how many words there were. */
    int take(final DataSet data, final KeySampler sampler, final long nowMs, final long random)
    {
        final int end = written.getAcquire();
        final int count = Math.min(CAPACITY, end - taken);
        for (int at = end - count; at != end; at++)
        {
            touch(data, sampler, databases[at & MASK], hashes[at & MASK], nowMs, random + at);
        }

        taken = end;
        return count;
    }

    private static void touch(
        final DataSet data,
        final KeySampler sampler,
        final int database,
        final long hash,
        final long nowMs,
        final long random)
    {
        final Keyspace keyspace = data.keyspace(database);
        final long entry = sampler.withHash(keyspace, hash);
        if (Entry.NO_ENTRY != entry)
        {
            keyspace.touch(entry, AccessClock.next(Entry.clock(entry), nowMs, data.clockRules(), random));
        }
    }
}
