package org.millrace.engine.config;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Says which {@code rename-command} lines Redis would refuse, and in which words. */
final class CommandRenames
{
    private CommandRenames()
    {
    }

    /**
     * Follow some lines from the names that Redis has.
     *
     * @param lines pairs of an old name and a new one, which is empty to take the command away.
     * @return the error of the first line that is wrong, or null.
     */
    static String check(final List<List<String>> lines)
    {
        final Set<String> names = new HashSet<>(RedisCommands.names());
        for (final List<String> line : lines)
        {
            if (!names.remove(line.get(0).toLowerCase(Locale.ROOT)))
            {
                return "No such command in rename-command";
            }

            if (!line.get(1).isEmpty() && !names.add(line.get(1).toLowerCase(Locale.ROOT)))
            {
                return "Target command name already exists";
            }
        }

        return null;
    }
}
