package org.millrace.engine.replication.primary;

/**
 * Options that the feeder goes by; a new object at each change.
 *
 * @param hardBytes unsent stream bytes at which an online replica is closed, 0 for no limit.
 * @param softBytes unsent stream bytes it may not exceed for longer than {@code softSeconds}, 0 for no limit.
 * @param softSeconds seconds.
 * @param historyBytes repl-backlog-size: a smaller hard limit is raised to this.
 * @param resyncBytes repl-backlog-max-size: what a replica in full resync may keep in the ring.
 * @param timeoutSeconds repl-timeout.
 */
record FeederLimits(
    long hardBytes, long softBytes, long softSeconds, long historyBytes, long resyncBytes, int timeoutSeconds)
{
    /** Unsent bytes at which a replica is closed; Long.MAX_VALUE for none. */
    long hardLimit(final boolean isFullResync)
    {
        if (0 == hardBytes)
        {
            return Long.MAX_VALUE;
        }

        final long online = Math.max(hardBytes, historyBytes);
        return isFullResync ? Math.max(online, resyncBytes) : online;
    }
}
