package org.millrace.engine.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.ReferenceRows;
import org.millrace.engine.transport.SimClock;
import org.millrace.engine.transport.SimNetwork;

/** What COMMAND and COMMAND DOCS of a node say about each command and subcommand, beside what Redis 7.2 says. */
class CommandRowsTest
{
    /** Rows that differ, and how: ours on the right. */
    private static final Map<String, String> DIFFERENT = Map.of();

    private final Map<String, ReferenceRows.Row> reference = ReferenceRows.read();
    private final Map<String, ReferenceRows.Row> rows = new TreeMap<>();
    private final Map<String, List<String>> docs = new TreeMap<>();

    @Test
    void shouldDescribeCommandsAsRedisDoes()
    {
        try (SimNode node = new SimNode(
            new SimNetwork(1), new SimClock(1_700_000_000_000L), 7001, new SimNode.Disk(), 1))
        {
            final SimPeer client = new SimPeer(node);
            readDocs(Frames.elements(client.ask("COMMAND DOCS")));
            Frames.elements(client.ask("COMMAND")).forEach(this::readRow);
        }

        assertTrue(rows.size() > 150, "rows: " + rows.size());
        final Map<String, String> different = new TreeMap<>();
        rows.forEach((name, row) ->
        {
            final ReferenceRows.Row theirs = reference.get(name);
            if (!row.equals(theirs))
            {
                different.put(name, theirs + "\n    " + row);
            }
        });
        assertEquals(DIFFERENT, different);
    }

    private void readRow(final String frame)
    {
        final List<String> fields = Frames.elements(frame);
        final String name = text(fields.get(0));
        final List<String> doc = docs.get(name);
        final String complexity = value(doc, "complexity");
        final String arguments = value(doc, "arguments");
        rows.put(name, new ReferenceRows.Row(
            name,
            number(fields.get(1)),
            texts(fields.get(2)),
            List.of(number(fields.get(3)), number(fields.get(4)), number(fields.get(5))),
            texts(fields.get(6)),
            texts(fields.get(7)),
            Frames.elements(fields.get(8)).stream().map(CommandRowsTest::keySpec).toList(),
            text(value(doc, "since")),
            text(value(doc, "group")),
            null != complexity,
            null == arguments ? "" : arguments(arguments)));
        Frames.elements(fields.get(9)).forEach(this::readRow);
    }

    private void readDocs(final List<String> pairs)
    {
        for (int i = 0; i < pairs.size(); i += 2)
        {
            final List<String> doc = Frames.elements(pairs.get(i + 1));
            docs.put(text(pairs.get(i)), doc);
            final String subcommands = value(doc, "subcommands");
            readDocs(null == subcommands ? List.of() : Frames.elements(subcommands));
        }
    }

    private static String keySpec(final String frame)
    {
        final List<String> spec = Frames.elements(frame);
        return String.join(",", texts(value(spec, "flags"))) + " " + step(value(spec, "begin_search")) + " " +
            step(value(spec, "find_keys"));
    }

    private static String step(final String frame)
    {
        final List<String> step = Frames.elements(frame);
        final List<String> values = new ArrayList<>();
        final List<String> pairs = Frames.elements(value(step, "spec"));
        for (int i = 1; i < pairs.size(); i += 2)
        {
            values.add(text(pairs.get(i)));
        }

        return text(value(step, "type")) + (values.isEmpty() ? "" : "=" + String.join(",", values));
    }

    /** In the words of commands.txt. */
    private static String arguments(final String frame)
    {
        final List<String> texts = new ArrayList<>();
        for (final String each : Frames.elements(frame))
        {
            final List<String> argument = Frames.elements(each);
            final StringBuilder text = new StringBuilder("(" + text(value(argument, "name")) + " " +
                text(value(argument, "type")));
            append(text, '@', value(argument, "key_spec_index"));
            append(text, '=', value(argument, "token"));
            append(text, '~', value(argument, "since"));
            append(text, '-', value(argument, "deprecated_since"));
            final String flags = value(argument, "flags");
            for (final String flag : null == flags ? List.<String>of() : texts(flags))
            {
                text.append(' ').append(Map.of("optional", "?", "multiple", "*", "multiple_token", "+").get(flag));
            }

            final String inner = value(argument, "arguments");
            texts.add(text + (null == inner ? "" : " " + arguments(inner)) + ")");
        }

        return String.join(" ", texts);
    }

    private static void append(final StringBuilder text, final char mark, final String frame)
    {
        if (null != frame)
        {
            text.append(' ').append(mark).append(text(frame));
        }
    }

    /** Of a map in the old protocol, or null. */
    private static String value(final List<String> pairs, final String key)
    {
        for (int i = 0; i < pairs.size(); i += 2)
        {
            if (key.equals(text(pairs.get(i))))
            {
                return pairs.get(i + 1);
            }
        }

        return null;
    }

    private static List<String> texts(final String frame)
    {
        return Frames.elements(frame).stream().map(CommandRowsTest::text).toList();
    }

    private static int number(final String frame)
    {
        return Integer.parseInt(text(frame));
    }

    /** Of a number, a status or a bulk string. */
    private static String text(final String frame)
    {
        return frame.startsWith("$")
            ? frame.substring(frame.indexOf('\n') + 1, frame.length() - 2)
            : frame.substring(1, frame.length() - 2);
    }
}
