package org.millrace.engine.replication.primary;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Why replicas were lost lately, by name: for INFO, and to slow down one whose full resyncs fail again and again. The
 * first failures cost it nothing; then it waits, for it stays connected and is kept alive meanwhile. Writer thread.
 */
final class ReplicaFailures
{
    private static final int NAMES_MAX = 64;
    private static final int FREE_FAILURES = 3;
    private static final long DELAY_MS_MAX = 30_000;
    private static final long FORGET_MS = 300_000;

    /** After a stream of this length nobody says that the snapshot before it was sent for nothing. */
    static final long STABLE_MS = 60_000;

    private final LongSupplier random;
    private final Map<String, Failure> byName = new LinkedHashMap<>();

    /** The last loss of one replica. */
    static final class Failure
    {
        String reason = "";
        long atMs;
        int failedResyncs;
    }

    ReplicaFailures(final LongSupplier random)
    {
        this.random = random;
    }

    /**
     * A replica was lost.
     *
     * @param isForNothing in the middle of a full resync or so soon after it that the snapshot was sent for nothing.
     */
    void lost(final String name, final String reason, final boolean isForNothing, final long nowMs)
    {
        final Failure failure = byName.computeIfAbsent(name, key -> new Failure());
        if (byName.size() > NAMES_MAX)
        {
            byName.remove(byName.keySet().iterator().next());
        }

        failure.failedResyncs = isForNothing ? failure.failedResyncs + 1 : 0;
        failure.reason = reason;
        failure.atMs = nowMs;
    }

    /** Ms that a full resync of this replica should be held back. */
    long delayMs(final String name, final long nowMs)
    {
        final Failure failure = byName.get(name);
        if (null == failure || failure.failedResyncs < FREE_FAILURES || nowMs - failure.atMs > FORGET_MS)
        {
            return 0;
        }

        final int excess = Math.min(5, failure.failedResyncs - FREE_FAILURES);
        final long delayMs = Math.min(DELAY_MS_MAX, 1000L << excess);
        // A quarter of jitter, so that replicas which failed together do not come back together.
        return delayMs - Math.floorMod(random.getAsLong(), Math.max(1, delayMs / 4));
    }

    /** The last reason, or an empty text. */
    String lastReason(final String name)
    {
        final Failure failure = byName.get(name);
        return null == failure ? "" : failure.reason;
    }
}
