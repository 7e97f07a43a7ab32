package org.millrace.engine.node;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.Settings;
import org.millrace.engine.eviction.Evictor;

/** LATENCY DOCTOR: what the recorded spikes look like, and for each kind of them what can be done. Writer thread. */
final class LatencyDoctor
{
    private static final String MACHINE = "Commands that do next to nothing took long: the thread did not get to run. Look for other load on the machine, " +
        "limits of CPU time (a container's throttling), swapping, and pauses of the JVM (-Xlog:safepoint,gc). " +
        "redis-cli --intrinsic-latency 100 tells what the machine alone does.";
    private static final String SLOWLOG = "SLOWLOG GET has the commands that took long: those that walk over many elements want COUNT, ranges, or SCAN in " +
        "place of KEYS; INFO latencystats tells which of them are slow as a rule.";
    private static final String EXPIRE = "Many keys are due at one moment: give their deadlines some jitter.";
    private static final String EVICTION = "Keys are evicted in bursts: a large value came, or maxmemory was lowered at once. Lower it in steps, write large " +
        "values in parts, or lower maxmemory-eviction-tenacity, which spreads the work and lets memory exceed its " +
        "limit meanwhile.";
    private static final String THREADS = "A snapshot was made: with --threading dedicated its writer has a thread of its own, which pays from four cores on.";
    private static final String PRIMARY = "A replica takes as long for a command as its primary: look into the primary's slow log. While a full resync " +
        "empties the old data and loads the new, clients wait for each of its steps.";
    private static final String COMPACTION = "Moving entries together took long in one turn, which its bounds do not allow: then it was the thread that did not " +
        "get to run.";
    private static final String DISK = "Files took long: look for others that use the disk, take a local one, and look at how often data are forced " +
        "to it.";

    private final LatencyMonitor monitor;

    LatencyDoctor(final LatencyMonitor monitor)
    {
        this.monitor = monitor;
    }

    void reply(final CommandContext context)
    {
        context.reply().verbatim(report(context.settings(), context.nowMs() / 1000));
    }

    String report(final Settings settings, final long nowSeconds)
    {
        final Map<String, LatencyEvent> events = monitor.events();
        if (events.isEmpty())
        {
            return 0 == settings.latencyMs
                ? "Latency monitoring is off, and nothing was recorded: CONFIG SET latency-monitor-threshold " +
                    "<milliseconds> begins it.\n"
                : "Nothing has taken " + settings.latencyMs +
                    " ms or longer since the start or the last LATENCY RESET.\n";
        }

        final StringBuilder text = new StringBuilder("These took ").append(settings.latencyMs).append(
            " ms or longer:\n\n");
        final Set<String> advice = new LinkedHashSet<>();
        int number = 0;
        for (final Map.Entry<String, LatencyEvent> event : events.entrySet())
        {
            number++;
            line(text, number, event.getKey(), event.getValue(), nowSeconds);
            advise(advice, event.getKey(), settings);
        }

        text.append("\nWhat can be done:\n\n");
        advice.forEach((words) -> text.append("- ").append(words).append('\n'));
        return text.toString();
    }

    private static void line(
        final StringBuilder text, final int number, final String name, final LatencyEvent event, final long nowSeconds)
    {
        text.append(String.format(
            Locale.ROOT,
            "%d. %s: %d latency spikes (average %dms, mean deviation %dms, period %.2f sec). Worst all time event %dms.\n",
            number,
            name,
            event.size(),
            event.averageMs(),
            event.deviationMs(),
            event.periodSeconds(nowSeconds),
            event.maxMs()));
    }

    private static void advise(final Set<String> advice, final String event, final Settings settings)
    {
        switch (event)
        {
            case LatencyMonitor.COMMAND -> slowCommands(advice, settings);
            case LatencyMonitor.FAST_COMMAND, StageTimes.CRON -> advice.add(MACHINE);
            case StageTimes.EXPIRE -> advice.add(EXPIRE);
            case Evictor.CYCLE, Evictor.DELETION, Evictor.RELEASE -> advice.add(EVICTION);
            case StageTimes.SNAPSHOT -> advice.add(THREADS);
            case StageTimes.REPLICATION -> advice.add(PRIMARY);
            case StageTimes.COMPACT, StageTimes.RELEASE -> advice.add(COMPACTION);
            default -> advice.add(event.startsWith("aof-") ? DISK : MACHINE);
        }
    }

    private static void slowCommands(final Set<String> advice, final Settings settings)
    {
        if (settings.slowlogMicros < 0)
        {
            advice.add("The slow log is off: CONFIG SET slowlog-log-slower-than " + 1000 * settings.latencyMs + ".");
        }
        else if (settings.slowlogMicros > 1000 * settings.latencyMs)
        {
            advice.add("The slow log leaves out some of what is recorded here: CONFIG SET slowlog-log-slower-than " +
                1000 * settings.latencyMs + ".");
        }

        advice.add(SLOWLOG);
    }
}
