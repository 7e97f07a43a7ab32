package org.millrace.engine.node;

import java.util.Locale;
import org.millrace.engine.command.Statistics;

/** Moving figures of INFO: operations and bytes a second, peak memory. Sampled by the cron. */
final class Rates
{
    private final Statistics statistics;
    private long lastMs;
    private long lastCommands;
    private long lastInput;
    private long lastOutput;
    private long commandsPerSecond;
    private double inputKbps;
    private double outputKbps;
    private long peakMemory;

    Rates(final Statistics statistics)
    {
        this.statistics = statistics;
    }

    void sample(final long steadyMs)
    {
        final long elapsed = steadyMs - lastMs;
        if (elapsed > 0 && lastMs > 0)
        {
            commandsPerSecond = (statistics.commandsProcessed - lastCommands) * 1000 / elapsed;
            inputKbps = (statistics.netInputBytes - lastInput) / 1.024 / elapsed;
            outputKbps = (statistics.netOutputBytes - lastOutput) / 1.024 / elapsed;
        }

        lastMs = steadyMs;
        lastCommands = statistics.commandsProcessed;
        lastInput = statistics.netInputBytes;
        lastOutput = statistics.netOutputBytes;
    }

    void usedMemory(final long bytes)
    {
        peakMemory = Math.max(peakMemory, bytes);
    }

    long peakMemory()
    {
        return peakMemory;
    }

    long commandsPerSecond()
    {
        return commandsPerSecond;
    }

    String inputKbps()
    {
        return String.format(Locale.ROOT, "%.2f", inputKbps);
    }

    String outputKbps()
    {
        return String.format(Locale.ROOT, "%.2f", outputKbps);
    }
}
