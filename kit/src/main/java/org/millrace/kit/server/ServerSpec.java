package org.millrace.kit.server;

import java.util.ArrayList;
import java.util.List;

/**
 * How to start one kind of server. Immutable.
 *
 * @param label   name in tables, such as {@code redis-server} or {@code millrace dedicated}.
 * @param command program and leading arguments; options in redis-server's style are appended to it.
 */
public record ServerSpec(String label, List<String> command)
{
    /**
     * A copy with more leading arguments and another label.
     */
    public ServerSpec with(final String newLabel, final String... arguments)
    {
        final List<String> longer = new ArrayList<>(command);
        longer.addAll(List.of(arguments));
        return new ServerSpec(newLabel, List.copyOf(longer));
    }
}
