package org.millrace.io.surface;

import java.util.ArrayList;
import java.util.List;

/** The keyspace events of one server, on a connection of their own; a mark that is published separates calls. */
final class Events implements AutoCloseable
{
    static final List<String> MARK = List.of("PUBLISH", "mark", "");

    private static final int CHANNEL = 2;
    private static final int MESSAGE = 3;
    private static final String MARK_CHANNEL = "mark";

    private final Wire wire;

    /** @param port of a server whose notify-keyspace-events is on. */
    Events(final int port)
    {
        wire = new Wire(port);
        wire.pipeline(List.of(List.of("PSUBSCRIBE", "__keyevent@*")));
        wire.pipeline(List.of(List.of("PSUBSCRIBE", MARK_CHANNEL)));
    }

    /** What was published up to so many marks from here: for each mark the events before it, {@code name key} in turn. */
    List<String> upTo(final int marks)
    {
        final List<String> found = new ArrayList<>();
        StringBuilder events = new StringBuilder();
        while (found.size() < marks)
        {
            final List<Reply> message = wire.read().items();
            final String channel = message.get(CHANNEL).text();
            if (MARK_CHANNEL.equals(channel))
            {
                found.add(events.toString());
                events = new StringBuilder();
            }
            else
            {
                events.append(channel.replaceFirst("__keyevent@(\\d+)__:", "$1:")).append(' ')
                    .append(Reply.escaped(message.get(MESSAGE).text())).append("; ");
            }
        }

        return found;
    }

    @Override
    public void close()
    {
        wire.close();
    }
}
