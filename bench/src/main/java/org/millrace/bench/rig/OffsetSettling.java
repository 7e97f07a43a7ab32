package org.millrace.bench.rig;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.kit.resp.RespClient;

/**
 * Waits until two servers of one replication group stand at the same offset.
 */
public final class OffsetSettling
{
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long WATCH_NS = TimeUnit.SECONDS.toNanos(1);

    /** How the waiting ended. */
    public enum Outcome
    {
        /** Both report the same history and the same offset, twice in a row. */
        SETTLED,
        /** They are in different histories: there is nothing to wait for. */
        UNRELATED,
        /** Same history, but the offsets did not meet in time. */
        MOVING
    }

    /** Is told where the servers stand while they do not stand at one offset. */
    @FunctionalInterface
    public interface Watcher
    {
        /**
         * Called about once a second.
         */
        void see(long leftOffset, long rightOffset);
    }

    private OffsetSettling()
    {
    }

    /**
     * Polls both servers.
     *
     * @param timeoutMs after which {@link Outcome#MOVING} is the answer.
     */
    public static Outcome await(final RespClient left, final RespClient right, final long timeoutMs) throws IOException
    {
        return await(left, right, timeoutMs, (a, b) ->
        {
        });
    }

    /**
     * As the other, telling now and then where both stand.
     */
    public static Outcome await(
        final RespClient left,
        final RespClient right,
        final long timeoutMs,
        final Watcher watcher) throws IOException
    {
        long watchNs = System.nanoTime();
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        long settledOffset = Long.MIN_VALUE;
        Outcome outcome = Outcome.MOVING;
        do
        {
            final ReplicationStatus leftStatus = ReplicationStatus.of(left);
            final ReplicationStatus rightStatus = ReplicationStatus.of(right);
            final boolean isSameHistory = leftStatus.replid().equals(rightStatus.replid());
            final boolean isWaiting = !leftStatus.isLinkUp() || !rightStatus.isLinkUp();
            if (isSameHistory && leftStatus.offset() == rightStatus.offset() && !isWaiting)
            {
                if (settledOffset == leftStatus.offset())
                {
                    return Outcome.SETTLED;
                }

                settledOffset = leftStatus.offset();
            }
            else
            {
                settledOffset = Long.MIN_VALUE;
                outcome = isSameHistory || isWaiting ? Outcome.MOVING : Outcome.UNRELATED;
            }

            if (Outcome.UNRELATED == outcome)
            {
                return outcome;
            }

            if (System.nanoTime() - watchNs > WATCH_NS)
            {
                watcher.see(leftStatus.offset(), rightStatus.offset());
                watchNs = System.nanoTime();
            }

            LockSupport.parkNanos(POLL_NS);
        }
        while (System.nanoTime() < deadlineNs);

        return Outcome.MOVING;
    }
}
