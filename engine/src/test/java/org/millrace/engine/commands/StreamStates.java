package org.millrace.engine.commands;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millrace.engine.command.CommandHarness;

/** What is alike in the groups of a stream at a primary and at its replica, as text. */
final class StreamStates
{
    private static final Pattern LAST_ID = Pattern
        .compile("\\$4\r\nname\r\n\\S+\r\n(\\S+)|last-delivered-id\r\n\\S+\r\n(\\S+)");
    private static final Pattern PENDING = Pattern
        .compile("\\*4\r\n\\S+\r\n(\\S+)\r\n\\S+\r\n(\\S+)\r\n:\\d+\r\n:(\\d+)");

    private StreamStates()
    {
    }

    /** Names of groups, how far they are, and what is pending: of whom, and how often it was given. */
    static String of(final CommandHarness harness, final String key)
    {
        final String type = harness.line("TYPE " + key);
        final StringBuilder text = new StringBuilder();
        final Matcher groups = LAST_ID.matcher(type.equals("+stream\r\n") ? harness.line("XINFO GROUPS " + key) : "");
        while (groups.find())
        {
            text.append('\n').append(null == groups.group(1) ? groups.group(2) : groups.group(1));
            if (null != groups.group(1))
            {
                final Matcher pending = PENDING.matcher(
                    harness.line("XPENDING " + key + " " + groups.group(1) + " - + 100000"));
                while (pending.find())
                {
                    text.append(' ').append(pending.group(1)).append(pending.group(2)).append(pending.group(3));
                }
            }
        }

        harness.drain();
        return text.toString();
    }

    /** Where two texts part: whole ones are too long to be read. */
    static String difference(final String one, final String other)
    {
        int at = 0;
        while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at))
        {
            at++;
        }

        final int from = Math.max(0, at - 60);
        return one.substring(from, Math.min(one.length(), at + 60)) + " <> " +
            other.substring(from, Math.min(other.length(), at + 60));
    }
}
