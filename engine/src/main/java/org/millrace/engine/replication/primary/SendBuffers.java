package org.millrace.engine.replication.primary;

import java.util.List;

/**
 * What the kernel may hold for all replicas together where they are many: left to itself it takes some megabytes for
 * each that is behind. A few replicas may have as much as it likes, which long distances need. Feeder's thread.
 */
final class SendBuffers
{
    private static final int TOTAL = 32 << 20;
    private static final int LENGTH_MIN = 128 << 10;
    private static final int MANY = 8;

    private SendBuffers()
    {
    }

    /** One has joined, the last of these: each gets its part, anew at each power of two. */
    static void share(final List<ReplicaSession> sessions)
    {
        final int count = sessions.size();
        if (count < MANY)
        {
            return;
        }

        final int length = Math.max(LENGTH_MIN, TOTAL / Integer.highestOneBit(count));
        final int first = Integer.highestOneBit(count) == count ? 0 : count - 1;
        for (int i = first; i < count; i++)
        {
            sessions.get(i).connection().sendBuffer(length);
        }
    }
}
