package org.millrace.engine.node;

import org.millrace.engine.command.Statistics;

/** Moving figures of INFO: what a second brings of operations, bytes and turns of the writer. Sampled by the cron. */
final class Rates
{
    private final Statistics statistics;
    private final Figure commands = new Figure();
    private final Figure input = new Figure();
    private final Figure output = new Figure();
    private final Figure replInput = new Figure();
    private final Figure replOutput = new Figure();
    private final Figure turns = new Figure();
    private long compactingMs;
    private long compactingSinceMs;
    private long nowMs;
    private long lastMs;
    private long lastTurns;
    private long lastTurnNanos;
    private long turnMicros;

    /** A counter, and how much it grew by in a second. */
    private static final class Figure
    {
        private long last;
        private double perSecond;

        void sample(final long value, final long elapsedMs)
        {
            // After CONFIG RESETSTAT the counter is less than it was.
            perSecond = elapsedMs > 0 && value >= last ? (value - last) * 1000.0 / elapsedMs : 0;
            last = value;
        }

        /** Kilobytes, if the counter is of bytes. */
        String kilobytes()
        {
            return FixedPoint.of(perSecond / 1024, 2);
        }
    }

    Rates(final Statistics statistics)
    {
        this.statistics = statistics;
    }

    /** Each turn: whether entries are being moved together. */
    void compacting(final boolean isCompacting, final long steadyMs)
    {
        if (isCompacting != (compactingSinceMs > 0))
        {
            compactingMs += isCompacting ? 0 : steadyMs - compactingSinceMs;
            compactingSinceMs = isCompacting ? Math.max(1, steadyMs) : 0;
        }

        nowMs = steadyMs;
    }

    /** How long entries have been moved together in all, milliseconds. */
    long compactingMs()
    {
        return compactingMs + nowCompactingMs();
    }

    /** Since when without a break; 0 if they are not. */
    long nowCompactingMs()
    {
        return 0 == compactingSinceMs ? 0 : nowMs - compactingSinceMs;
    }

    /** @param replOutputBytes sent to replicas so far. */
    void sample(final long steadyMs, final long replOutputBytes)
    {
        final long elapsedMs = 0 == lastMs ? 0 : steadyMs - lastMs;
        commands.sample(statistics.commandsProcessed, elapsedMs);
        input.sample(statistics.netInputBytes, elapsedMs);
        output.sample(statistics.netOutputBytes, elapsedMs);
        replInput.sample(statistics.replInputBytes, elapsedMs);
        replOutput.sample(replOutputBytes, elapsedMs);
        turns.sample(statistics.turns, elapsedMs);
        final long moreTurns = statistics.turns - lastTurns;
        turnMicros = moreTurns > 0 ? (statistics.turnNanos - lastTurnNanos) / moreTurns / 1000 : 0;
        lastTurns = statistics.turns;
        lastTurnNanos = statistics.turnNanos;
        lastMs = steadyMs;
    }

    long commandsPerSecond()
    {
        return (long)commands.perSecond;
    }

    String inputKbps()
    {
        return input.kilobytes();
    }

    String outputKbps()
    {
        return output.kilobytes();
    }

    String replInputKbps()
    {
        return replInput.kilobytes();
    }

    String replOutputKbps()
    {
        return replOutput.kilobytes();
    }

    long turnsPerSecond()
    {
        return (long)turns.perSecond;
    }

    /** How long a turn of the writer with work took on average, microseconds. */
    long turnMicros()
    {
        return turnMicros;
    }
}
