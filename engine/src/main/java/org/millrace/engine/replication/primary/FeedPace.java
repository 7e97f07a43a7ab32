package org.millrace.engine.replication.primary;

import org.millrace.engine.backlog.ReplicationStream;

/**
 * When the feeder serves its replicas, and for how long: at once when something waits for it, else when enough of the
 * stream has come together. Feeder's thread, but for {@link #hurry}.
 */
final class FeedPace
{
    /** A round ends after about so long. */
    private static final long CYCLE_NS = 200_000;

    /**
     * Where the writer shares the thread and fills it, replicas that fall behind get several times as long a turn as
     * everything else had, at most this: a hundred of them would else lag more and more for as long as the load lasts.
     */
    private static final long CYCLE_NS_MAX = 4_000_000;
    private static final int TURNS_WHEN_BEHIND = 4;

    /** So much stream since all replicas had their turn last means that they fall behind. */
    private static final long BEHIND_BYTES = 1 << 20;

    /** How long stream bytes may wait for more, per replica and at most. */
    private static final long WINDOW_NS = 20_000;
    private static final long WINDOW_NS_MAX = 1_000_000;

    private final ReplicationStream stream;
    private volatile boolean isUrgent;
    private boolean hasMore;
    private boolean hasPending;
    private long pendingSinceNs;
    private long lastRoundNs;

    /** End of the stream as the last whole round began. */
    private long fedOffset;

    /** End of the stream as this round began. */
    private long roundOffset;

    FeedPace(final ReplicationStream stream, final long nowNs)
    {
        this.stream = stream;
        lastRoundNs = nowNs;
    }

    /** Any thread: do not wait for more bytes. */
    void hurry()
    {
        isUrgent = true;
    }

    /** Some replica can be served further. */
    void more()
    {
        hasMore = true;
    }

    /** All replicas have been offered all of the stream. */
    boolean isFed()
    {
        return stream.visibleEnd() == fedOffset;
    }

    /** True if so many replicas should be served now. */
    boolean isDue(final int count, final long nowNs)
    {
        if (hasMore || isUrgent)
        {
            return true;
        }

        final long end = stream.visibleEnd();
        if (end == fedOffset)
        {
            hasPending = false;
            return false;
        }

        if (!hasPending)
        {
            hasPending = true;
            pendingSinceNs = nowNs;
        }

        return end - fedOffset >= ReplicaSession.WRITE_MAX ||
            nowNs - pendingSinceNs >= Math.min(WINDOW_NS_MAX, WINDOW_NS * count);
    }

    /** A round begins. @return when it is to end. */
    long begin(final long nowNs)
    {
        isUrgent = false;
        hasPending = false;
        hasMore = false;
        roundOffset = stream.visibleEnd();
        final boolean isBehind = roundOffset - fedOffset >= BEHIND_BYTES;
        return nowNs + (isBehind
            ? Math.max(CYCLE_NS, Math.min(CYCLE_NS_MAX, TURNS_WHEN_BEHIND * (nowNs - lastRoundNs)))
            : CYCLE_NS);
    }

    /** The round has ended. @param isWhole each replica had its turn. */
    void end(final boolean isWhole, final long nowNs)
    {
        lastRoundNs = nowNs;
        if (isWhole)
        {
            fedOffset = roundOffset;
        }
        else
        {
            hasMore = true;
        }
    }
}
