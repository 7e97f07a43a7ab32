package org.millrace.engine.replication.primary;

import org.millrace.engine.backlog.BacklogReader;

/** Whether one replica lags too far behind: client-output-buffer-limit of class replica. Feeder's thread. */
final class LagWatch
{
    private static final long NEVER = -1;

    private final Feeder feeder;
    private boolean hasCaughtUp;
    private long softSinceMs = NEVER;

    LagWatch(final Feeder feeder)
    {
        this.feeder = feeder;
    }

    /** Its stream begins. @param isBehindSnapshot what piles up meanwhile is not held against it. */
    void begin(final boolean isBehindSnapshot)
    {
        hasCaughtUp = !isBehindSnapshot;
    }

    /** Past the hard limit; cheap, asked whenever the stream has moved. */
    boolean isOverHardLimit(final BacklogReader reader, final boolean isStreaming, final FeederLimits limits)
    {
        final long pending = reader.pending();
        // What piled up behind the snapshot is not held against it until it has come down once.
        hasCaughtUp |= isStreaming && pending < limits.hardLimit(false);
        final long limit = limits.hardLimit(!hasCaughtUp);
        return pending >= limit && pending - feeder.lagAllowance(reader.nextOffset()) >= limit;
    }

    /** Past the soft limit for too long; asked once a second. */
    boolean isOverSoftLimit(final BacklogReader reader, final FeederLimits limits, final long nowMs)
    {
        if (!hasCaughtUp || 0 == limits.softBytes())
        {
            return false;
        }

        final long pending = reader.pending() - feeder.lagAllowance(reader.nextOffset());
        if (pending < limits.softBytes())
        {
            softSinceMs = NEVER;
            return false;
        }

        if (NEVER == softSinceMs)
        {
            softSinceMs = nowMs;
        }

        return nowMs - softSinceMs > limits.softSeconds() * 1000;
    }

    /** What would have to be raised. */
    String advice(final FeederLimits limits)
    {
        return hasCaughtUp
            ? "To allow more, raise client-output-buffer-limit for class replica (now " + limits.hardBytes() + " " +
                limits.softBytes() + " " + limits.softSeconds() + ") or repl-backlog-size (now " +
                limits.historyBytes() + ")."
            : "To allow more during a full resync, raise repl-backlog-max-size (now " + limits.resyncBytes() + ").";
    }
}
