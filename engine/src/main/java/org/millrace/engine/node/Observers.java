package org.millrace.engine.node;

import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandObserver;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Session;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.eviction.Evictor;
import org.millrace.engine.node.clients.Monitors;
import org.millrace.engine.resp.ArgVector;

/** Hands what the executor reports on to MONITOR, SLOWLOG, LATENCY and the error statistics. */
final class Observers implements CommandObserver, Evictor.Spikes
{
    private final Monitors monitors;
    private final Slowlog slowlog;
    private final LatencyMonitor latency;
    private final ErrorCounts errors;
    private final Settings settings;
    private final Statistics statistics;
    private final Clock clock;

    Observers(
        final Monitors monitors,
        final Slowlog slowlog,
        final LatencyMonitor latency,
        final ErrorCounts errors,
        final Settings settings,
        final Statistics statistics,
        final Clock clock)
    {
        this.monitors = monitors;
        this.slowlog = slowlog;
        this.latency = latency;
        this.errors = errors;
        this.settings = settings;
        this.statistics = statistics;
        this.clock = clock;
    }

    @Override
    public boolean isMonitored()
    {
        return !monitors.isEmpty();
    }

    @Override
    public void onCommand(final Session session, final CommandSpec spec, final ArgVector args)
    {
        if (!spec.has(CommandFlags.ADMIN))
        {
            monitors.feed(session, spec, args, clock.wallMicros());
        }
    }

    @Override
    public void onSlowCommand(
        final Session session, final CommandSpec spec, final ArgVector args, final long durationNs)
    {
        final long nowMs = clock.wallMs();
        if (settings.slowlogMicros >= 0 && durationNs >= 1000 * settings.slowlogMicros)
        {
            slowlog.add(session, spec, args, nowMs, durationNs);
        }

        final long durationMs = durationNs / 1_000_000;
        if (settings.latencyMs > 0 && durationMs >= settings.latencyMs)
        {
            latency.add(
                spec.has(CommandFlags.FAST) ? LatencyMonitor.FAST_COMMAND : LatencyMonitor.COMMAND, nowMs, durationMs);
        }
    }

    @Override
    public void onSpike(final String event, final long durationNs)
    {
        latency.add(event, clock.wallMs(), durationNs / 1_000_000);
    }

    @Override
    public void onError(final String text)
    {
        statistics.errorReplies++;
        errors.add(text);
    }
}
