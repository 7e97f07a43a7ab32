package org.millrace.engine.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;

/** Arity, flags and key positions of each row are those that the machine's redis-server shows, but for what 7.2 changed. */
class CommandTableReferenceTest
{
    private static final List<String> FLAG_NAMES = List.of(
        "write",
        "readonly",
        "denyoom",
        "admin",
        "pubsub",
        "noscript",
        "blocking",
        "loading",
        "stale",
        "skip_monitor",
        "skip_slowlog",
        "fast");

    /** Those whose arity 7.2 has changed. */
    private static final Set<String> OTHER_ARITY = Set.of("zrank", "zrevrank");

    /** Those of 7.4. */
    private static final Pattern NEWER = Pattern.compile("hp?(expire|expireat|ttl|expiretime)|hpersist");

    @Test
    void shouldHaveRowsOfRedis() throws Exception
    {
        final CommandTable table = new CommandTable();
        DataCommands.register(table);
        table.close();
        try (RedisPeer redis = RedisPeer.start())
        {
            for (final CommandSpec row : table.all())
            {
                if (NEWER.matcher(row.name()).matches())
                {
                    continue;
                }

                compare(redis, row, row.name());
                for (final CommandSpec sub : row.subcommands().values())
                {
                    compare(redis, sub, sub.fullName());
                }
            }
        }
    }

    private static void compare(final RedisPeer redis, final CommandSpec row, final String name) throws Exception
    {
        final byte[][] command = {
            "COMMAND".getBytes(StandardCharsets.US_ASCII),
            "INFO".getBytes(StandardCharsets.US_ASCII),
            name.getBytes(StandardCharsets.US_ASCII),
        };
        final String[] lines = new String(redis.run(command), StandardCharsets.ISO_8859_1).split("\r\n");
        // *1 *10 $n name :arity *flags +flag ... :first :last :step
        final int flags = Integer.parseInt(lines[5].substring(1));
        final Set<String> expected = Arrays.stream(lines, 6, 6 + flags).map((line) -> line.substring(1))
            .filter(FLAG_NAMES::contains).collect(Collectors.toCollection(TreeSet::new));
        if (expected.contains("blocking"))
        {
            // Scripts of 7.2 may call them: they do not block there.
            expected.remove("noscript");
        }

        final Set<String> actual = new TreeSet<>();
        for (int i = 0; i < FLAG_NAMES.size(); i++)
        {
            if (row.has(1 << i))
            {
                actual.add(FLAG_NAMES.get(i));
            }
        }

        assertEquals(CommandFlags.FAST, 1 << FLAG_NAMES.indexOf("fast"));
        if (!OTHER_ARITY.contains(name))
        {
            assertEquals(lines[4], ":" + row.arity(), name);
        }

        assertEquals(expected, actual, name);
        assertEquals(
            List.of(lines[6 + flags], lines[7 + flags], lines[8 + flags]),
            List.of(":" + row.keys().first(), ":" + row.keys().last(), ":" + row.keys().step()),
            name);
    }
}
