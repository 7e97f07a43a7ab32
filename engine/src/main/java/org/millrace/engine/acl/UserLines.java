package org.millrace.engine.acl;

import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.command.CommandTable;

/**
 * Judges {@code user} lines of a configuration file while it is read, so that who has written one hears which is wrong:
 * all but names of commands, which nobody knows by then. Pure functions.
 */
public final class UserLines
{
    private UserLines()
    {
    }

    /**
     * Why a line is refused, or null.
     *
     * @param words name and rules.
     * @param before the same of those that stand before it.
     */
    public static String refusal(final List<String> words, final List<List<String>> before)
    {
        if (words.isEmpty())
        {
            return null;
        }

        final String name = words.get(0);
        if (before.stream().anyMatch((other) -> other.get(0).equals(name)))
        {
            return error(name, RuleError.DUPLICATE_USER);
        }

        final List<String> merged = new ArrayList<>();
        final int open = AclRules.merge(words.subList(1, words.size()), merged);
        if (open >= 0)
        {
            return error(words.get(1 + open), RuleError.SYNTAX);
        }

        try (CommandTable none = new CommandTable())
        {
            return refusal(name, merged, none);
        }
    }

    private static String refusal(final String name, final List<String> merged, final CommandTable none)
    {
        final AclRules rules = new AclRules(none, () -> false);
        final User draft = new User(name, none, new KeySearch(), false);
        for (final String rule : merged)
        {
            final RuleError error = rules.apply(draft, rule);
            if (null != error && RuleError.UNKNOWN_COMMAND != error)
            {
                return error(rule, error);
            }
        }

        return null;
    }

    private static String error(final String what, final RuleError error)
    {
        return "Error in user declaration '" + what + "': " + error.text();
    }
}
