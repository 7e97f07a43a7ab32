package org.millrace.engine.node;

import java.util.Map;
import java.util.TreeMap;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.resp.ReplyWriter;

/** LATENCY: spikes above latency-monitor-threshold, by the event that took so long. Writer thread. */
final class LatencyMonitor
{
    static final String COMMAND = "command";
    static final String FAST_COMMAND = "fast-command";

    private final Map<String, LatencyEvent> events = new TreeMap<>();

    void add(final String name, final long nowMs, final long durationMs)
    {
        events.computeIfAbsent(name, (n) -> new LatencyEvent()).add(nowMs / 1000, durationMs);
    }

    /** By name, in its order. */
    Map<String, LatencyEvent> events()
    {
        return events;
    }

    void latest(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        reply.array(events.size());
        events.forEach((name, event) ->
        {
            final int last = event.size() - 1;
            reply.array(4);
            reply.bulk(name);
            reply.integer(event.second(last));
            reply.integer(event.durationMs(last));
            reply.integer(event.maxMs());
        });
    }

    void history(final CommandContext context)
    {
        final LatencyEvent event = events.get(context.argText(2));
        final ReplyWriter reply = context.reply();
        final int count = null == event ? 0 : event.size();
        reply.array(count);
        for (int i = 0; i < count; i++)
        {
            reply.array(2);
            reply.integer(event.second(i));
            reply.integer(event.durationMs(i));
        }
    }

    /** The latest samples of an event as a picture of text. */
    void graph(final CommandContext context)
    {
        final String name = context.argText(2);
        final LatencyEvent event = events.get(name);
        if (null == event)
        {
            context.reply().error("ERR No samples available for event '" + name + "'");
            return;
        }

        final int count = event.size();
        final long[] durations = new long[count];
        final long[] seconds = new long[count];
        for (int i = 0; i < count; i++)
        {
            durations[i] = event.durationMs(i);
            seconds[i] = event.second(i);
        }

        context.reply().verbatim(
            new LatencyGraph(durations, seconds, context.nowMs() / 1000).draw(name, event.maxMs()));
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
            removed += null == events.remove(context.argText(i)) ? 0 : 1;
        }

        context.reply().integer(removed);
    }
}
