package org.millrace.engine.acl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The text of an ACL file, a {@code user} line for each user: read into users who are not in service yet, with all that is
 * wrong in it. One object for one text.
 */
final class AclText
{
    private final Users users;
    private final String file;
    private final Map<String, User> read = new LinkedHashMap<>();
    private final StringBuilder errors = new StringBuilder();
    private int line;

    /** @param file the name that errors have. */
    AclText(final Users users, final String file)
    {
        this.users = users;
        this.file = file;
    }

    /** Read all of it. @return null, or what is wrong, with the numbers of lines. */
    String read(final String text)
    {
        for (final String each : text.split("\n", -1))
        {
            line++;
            final String stripped = strip(each);
            if (!stripped.isEmpty())
            {
                readLine(List.of(stripped.split(" ", -1)));
            }
        }

        return errors.isEmpty()
            ? null
            : errors + "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";
    }

    /** Those that were read. */
    Collection<User> users()
    {
        return read.values();
    }

    private static String strip(final String text)
    {
        int begin = 0;
        int end = text.length();
        while (begin < end && isBlank(text.charAt(begin)))
        {
            begin++;
        }

        while (end > begin && isBlank(text.charAt(end - 1)))
        {
            end--;
        }

        return text.substring(begin, end);
    }

    private static boolean isBlank(final char c)
    {
        return ' ' == c || '\t' == c || '\r' == c || '\n' == c;
    }

    private void readLine(final List<String> words)
    {
        if (words.size() < 2 || !"user".equals(words.get(0)))
        {
            wrong(" should start with user keyword followed by the username. ");
            return;
        }

        final String name = words.get(1);
        if (AclRules.hasBlanks(name))
        {
            wrong(": username '" + name + "' contains invalid characters. ");
            return;
        }

        if (read.containsKey(name))
        {
            errors.append("WARNING: Duplicate user '").append(name).append("' found on line ").append(line)
                .append(". ");
            return;
        }

        final User user = users.fresh(name);
        read.put(name, user);
        final List<String> rules = new ArrayList<>();
        if (AclRules.merge(words.subList(2, words.size()), rules) >= 0)
        {
            wrong(": Unmatched parenthesis in selector definition. ");
            return;
        }

        apply(rules, user);
    }

    private void apply(final List<String> rules, final User user)
    {
        boolean isOtherKnown = false;
        for (final String each : rules)
        {
            final String rule = strip(each);
            final RuleError error = users.rules().apply(user, rule);
            if (RuleError.UNKNOWN_COMMAND == error)
            {
                // All of these, for they hold no secret.
                wrong(": Error in applying operation '" + rule + "': " + error.text() + ". ");
            }
            else if (null != error && !isOtherKnown)
            {
                // What comes behind may be wrong for the same reason.
                isOtherKnown = true;
                wrong(": " + error.text() + ". ");
            }
        }
    }

    private void wrong(final String what)
    {
        errors.append(file).append(':').append(line).append(what);
    }
}
