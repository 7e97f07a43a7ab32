package org.millrace.engine.eviction;

/**
 * The best candidates of all that were looked at lately, sorted. A key is remembered by its database and hash, and by
 * what its access clock was: whoever takes it out sees by that whether it is there still and has not been used since.
 */
final class CandidatePool
{
    /** As many as Redis keeps. */
    static final int CAPACITY = 16;

    /** Ascending. */
    private final long[] scores = new long[CAPACITY];
    private final long[] hashes = new long[CAPACITY];
    private final int[] databases = new int[CAPACITY];
    private final int[] clocks = new int[CAPACITY];
    private int count;

    boolean isEmpty()
    {
        return 0 == count;
    }

    void clear()
    {
        count = 0;
    }

    /** True if a candidate with this score would be kept: worth computing its hash for. */
    boolean wants(final long score)
    {
        return count < CAPACITY || score > scores[0];
    }

    /** Add a candidate, in place of the worst if there is no room; once, however often the same key is seen. */
    void add(final long score, final long hash, final int database, final int clock)
    {
        for (int i = 0; i < count; i++)
        {
            if (hashes[i] == hash && databases[i] == database)
            {
                return;
            }
        }

        if (CAPACITY == count)
        {
            // The worst goes, all others move down.
            move(1, 0, CAPACITY - 1);
            count--;
        }

        int at = count;
        while (at > 0 && scores[at - 1] > score)
        {
            at--;
        }

        move(at, at + 1, count - at);
        scores[at] = score;
        hashes[at] = hash;
        databases[at] = database;
        clocks[at] = clock;
        count++;
    }

    /** Take the best one out; what it was is told until the next one is added. */
    void takeBest()
    {
        count--;
    }

    /** Of the candidate taken out last. */
    long hash()
    {
        return hashes[count];
    }

    /** Of the candidate taken out last. */
    int database()
    {
        return databases[count];
    }

    /** Of the candidate taken out last. */
    int clock()
    {
        return clocks[count];
    }

    private void move(final int from, final int to, final int length)
    {
        System.arraycopy(scores, from, scores, to, length);
        System.arraycopy(hashes, from, hashes, to, length);
        System.arraycopy(databases, from, databases, to, length);
        System.arraycopy(clocks, from, clocks, to, length);
    }
}
