package org.millrace.engine.node;

import org.millrace.engine.base.Clock;
import org.millrace.engine.command.Settings;
import org.millrace.engine.eviction.Evictor;

/**
 * How long each stage of a turn of the writer takes, for LATENCY: clients wait as long for a stage as for a command.
 * Nothing looks at the clock while latency-monitor-threshold is 0. Writer thread.
 */
final class StageTimes
{
    /** Keys, and fields of hashes, that are due. */
    static final String EXPIRE = "expire-cycle";

    /** Entries and nodes are moved together. */
    static final String COMPACT = "active-defrag-cycle";

    /** What was deleted is given back. */
    static final String RELEASE = "lazyfree-cycle";

    /** Replicas and the link to a primary, a snapshot that comes from there among it. */
    static final String REPLICATION = "replication-cycle";

    /** The walk of a snapshot over the keys, and what the writer does in the place of a snapshotter that lags. */
    static final String SNAPSHOT = "snapshot-cycle";

    /** The stream of writes goes to disk, as {@code appendonly} wants it. */
    static final String LOG = "aof-write";

    /** A data set file that is loaded at the start. */
    static final String LOAD = "load-cycle";

    /** What is due ten times, or once, a second. */
    static final String CRON = "cron";

    private static final long NS_PER_MS = 1_000_000;

    private final Settings settings;
    private final Clock clock;
    private final Evictor.Spikes spikes;
    private long beganNs;
    private boolean isOn;

    StageTimes(final Settings settings, final Clock clock, final Evictor.Spikes spikes)
    {
        this.settings = settings;
        this.clock = clock;
        this.spikes = spikes;
    }

    /** A stage that is timed begins. */
    void begin()
    {
        isOn = settings.latencyMs > 0;
        if (isOn)
        {
            beganNs = clock.monotonicNs();
        }
    }

    /** The stage has ended; what follows is the next one. @return {@code work}, what the stage did. */
    int end(final String event, final int work)
    {
        if (isOn)
        {
            final long nowNs = clock.monotonicNs();
            if (nowNs - beganNs >= settings.latencyMs * NS_PER_MS)
            {
                spikes.onSpike(event, nowNs - beganNs);
            }

            beganNs = nowNs;
        }

        return work;
    }
}
