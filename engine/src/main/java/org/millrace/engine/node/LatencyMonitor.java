package org.millrace.engine.node;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.resp.ReplyWriter;

/** LATENCY: spikes above latency-monitor-threshold, the last 160 of each event. Writer thread. */
final class LatencyMonitor
{
    static final String COMMAND = "command";
    static final String FAST_COMMAND = "fast-command";
    static final String EXPIRE_CYCLE = "expire-cycle";

    private static final int SAMPLES = 160;

    private static final class Event
    {
        final long[] seconds = new long[SAMPLES];
        final long[] durationsMs = new long[SAMPLES];
        int count;
        long maxMs;

        int last()
        {
            return (count - 1) % SAMPLES;
        }
    }

    private final Map<String, Event> events = new TreeMap<>();

    void add(final String name, final long nowMs, final long durationMs)
    {
        final Event event = events.computeIfAbsent(name, (n) -> new Event());
        final long second = nowMs / 1000;
        event.maxMs = Math.max(event.maxMs, durationMs);
        // One sample a second, the worst.
        if (event.count > 0 && event.seconds[event.last()] == second)
        {
            event.durationsMs[event.last()] = Math.max(event.durationsMs[event.last()], durationMs);
            return;
        }

        event.count++;
        event.seconds[event.last()] = second;
        event.durationsMs[event.last()] = durationMs;
    }

    void latest(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        reply.array(events.size());
        events.forEach((name, event) ->
        {
            reply.array(4);
            reply.bulk(name);
            reply.integer(event.seconds[event.last()]);
            reply.integer(event.durationsMs[event.last()]);
            reply.integer(event.maxMs);
        });
    }

    void history(final CommandContext context)
    {
        final Event event = events.get(context.argText(2).toLowerCase(Locale.ROOT));
        final ReplyWriter reply = context.reply();
        final int count = null == event ? 0 : Math.min(event.count, SAMPLES);
        reply.array(count);
        for (int i = 0; i < count; i++)
        {
            final int at = (event.count - count + i) % SAMPLES;
            reply.array(2);
            reply.integer(event.seconds[at]);
            reply.integer(event.durationsMs[at]);
        }
    }

    /** The latest samples of an event as a picture of text. */
    void graph(final CommandContext context)
    {
        final String name = context.argText(2);
        final Event event = events.get(name.toLowerCase(Locale.ROOT));
        if (null == event)
        {
            context.reply().error("ERR No samples available for event '" + name + "'");
            return;
        }

        final int count = Math.min(event.count, SAMPLES);
        final long[] durations = new long[count];
        final long[] seconds = new long[count];
        for (int i = 0; i < count; i++)
        {
            final int at = (event.count - count + i) % SAMPLES;
            durations[i] = event.durationsMs[at];
            seconds[i] = event.seconds[at];
        }

        context.reply().verbatim(
            new LatencyGraph(durations, seconds, context.nowMs() / 1000).draw(name, event.maxMs));
    }

    void reset(final CommandContext context)
    {
        int removed = 0;
        if (2 == context.argCount())
        {
            removed = events.size();
            events.clear();
        }

        for (int i = 2; i < context.argCount(); i++)
        {
            removed += null == events.remove(context.argText(i).toLowerCase(Locale.ROOT)) ? 0 : 1;
        }

        context.reply().integer(removed);
    }

    void doctor(final CommandContext context)
    {
        final StringBuilder text = new StringBuilder();
        if (0 == context.settings().latencyMs)
        {
            text.append("Latency monitoring is off: set latency-monitor-threshold to a number of milliseconds.\n");
        }
        else if (events.isEmpty())
        {
            text.append("No spike above the threshold has been seen.\n");
        }

        events.forEach((name, event) -> text.append(name).append(": ").append(event.count).append(
            " spikes, worst ").append(event.maxMs).append(" ms\n"));
        context.reply().verbatim(text.toString());
    }
}
