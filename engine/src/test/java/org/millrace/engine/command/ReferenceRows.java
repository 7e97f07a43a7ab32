package org.millrace.engine.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rows of all commands of a redis-server 7.2.5, those that this node does not hold among them, and those of 7.4 that
 * it does.
 */
public final class ReferenceRows
{
    /** Commands whose keys their specifications do not tell; the rule is a matter of the row, as everywhere. */
    private static final Map<String, KeyRule> RULES = Map.ofEntries(
        Map.entry("set", KeyRules::set),
        Map.entry("bitfield", KeyRules::bitfield),
        Map.entry("sort", KeyRules::sort),
        Map.entry("sort_ro", KeyRules::sortReadOnly),
        Map.entry("migrate", KeyRules::migrate),
        Map.entry("eval", KeyRules::script),
        Map.entry("eval_ro", KeyRules::script),
        Map.entry("evalsha", KeyRules::script),
        Map.entry("evalsha_ro", KeyRules::script),
        Map.entry("fcall", KeyRules::script),
        Map.entry("fcall_ro", KeyRules::script));

    /**
     * One command or subcommand.
     *
     * @param name {@code get} or {@code client|id}.
     * @param keySpecs flags, begin, find, as {@code RO,access index=1 range=0,1,0}.
     * @param isComplexityTold whether COMMAND DOCS names one.
     * @param arguments in the words of commands.txt.
     */
    public record Row(
        String name,
        int arity,
        List<String> flags,
        List<Integer> keys,
        List<String> categories,
        List<String> tips,
        List<String> keySpecs,
        String since,
        String group,
        boolean isComplexityTold,
        String arguments)
    {
        /** The keys as a row of the command table would name them. */
        public CommandKeys commandKeys()
        {
            CommandKeys result = CommandKeys.of(keySpecs.stream().map(Row::spec).toArray(KeySpec[]::new));
            result = RULES.containsKey(name) ? result.or(RULES.get(name)) : result;
            return flags.contains("no_mandatory_keys") ? result.optional() : result;
        }

        private static KeySpec spec(final String text)
        {
            final String[] words = text.split(" ");
            final int keyFlags = Arrays.stream(words[0].split(",")).mapToInt(Row::flag).sum();
            if ("unknown".equals(words[1]))
            {
                return KeySpec.unknown(keyFlags);
            }

            final String[] begin = words[1].split("[=,]");
            final int[] numbers = Arrays.stream(words[2].substring(words[2].indexOf('=') + 1).split(","))
                .mapToInt(Integer::parseInt).toArray();
            if ("keyword".equals(begin[0]))
            {
                return KeySpec.behind(begin[1], Integer.parseInt(begin[2]), numbers[0], numbers[2], keyFlags);
            }

            return words[2].startsWith("keynum")
                ? KeySpec.counted(Integer.parseInt(begin[1]), keyFlags)
                : KeySpec.range(Integer.parseInt(begin[1]), numbers[0], numbers[1], keyFlags);
        }

        private static int flag(final String name)
        {
            int bit = 1;
            while (!KeyFlags.names(bit).contains(name))
            {
                bit <<= 1;
            }

            return bit;
        }
    }

    private ReferenceRows()
    {
    }

    /** All, by name. */
    public static Map<String, Row> read()
    {
        final Map<String, Row> rows = new TreeMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
            ReferenceRows.class.getResourceAsStream("redis-7.2-rows.txt"), StandardCharsets.US_ASCII)))
        {
            for (String line = reader.readLine(); null != line; line = reader.readLine())
            {
                if (!line.startsWith("#"))
                {
                    final Row row = row(line);
                    rows.put(row.name(), row);
                }
            }
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }

        return rows;
    }

    private static Row row(final String line)
    {
        final int nameEnd = line.indexOf(' ');
        final String[] fields = line.substring(nameEnd + 1).split("/", -1);
        return new Row(
            line.substring(0, nameEnd),
            Integer.parseInt(fields[0]),
            list(fields[1], ","),
            list(fields[2], ",").stream().map(Integer::valueOf).toList(),
            list(fields[3], ",").stream().map((name) -> "@" + name).toList(),
            list(fields[4], ";"),
            list(fields[5], ";"),
            fields[6],
            fields[7],
            !fields[8].isEmpty(),
            fields[9]);
    }

    private static List<String> list(final String text, final String divider)
    {
        return text.isEmpty() ? List.of() : List.of(text.split(divider));
    }
}
