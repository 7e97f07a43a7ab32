package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millrace.engine.config.RedisCommands;

/**
 * What a command is stands in its row of the table: no code asks whether a command is the one of a certain name, so that
 * who reads the row, or adds one, has seen everything.
 */
class CommandNamesTest
{
    private static final Path SOURCES = Path.of("src/main/java/org/millrace/engine");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

    /** Ways to ask: of a row's name, of the first argument, of a table, of a name in a set or a switch. */
    private static final List<Pattern> COMPARISONS = List.of(
        Pattern.compile("\"([\\w|-]+)\"\\.equals(?:IgnoreCase)?\\("),
        Pattern.compile("\\.equals(?:IgnoreCase)?\\(\"([\\w|-]+)\"\\)"),
        Pattern.compile("\\bis\\((?:0|spec|row), \"([\\w|-]+)\"\\)"),
        Pattern.compile("\\b(?:argIs|isNamed)\\(0, \"([\\w|-]+)\"\\)"),
        Pattern.compile("\\b(?:find|findForClient|contains)\\(\"([\\w|-]+)\"\\)"),
        Pattern.compile("\\bcase (?:\"[^\"]*\", )*\"([\\w|-]+)\""));

    /** A set or an array of names; what it holds is looked at word by word. */
    private static final Pattern LIST = Pattern
        .compile("(?:(?:Set|List)\\.of\\(|= \\{)((?:\\s*\"[\\w|-]+\",?)+)\\s*[)}]");
    private static final Pattern WORD = Pattern.compile("\"([\\w|-]+)\"");

    /** A list with so many names of commands is one of commands; options and replies have such words, too. */
    private static final int NAMES_MAX = 2;

    /** Words that are names of commands as well, where they mean something else: kinds of clients and of messages, options, words of files. */
    private static final Set<String> NO_COMMANDS = Set.of(
        "AclRules.java: reset",
        "AofManifest.java: type",
        "ClientFilter.java: pubsub",
        "OutputLimits.java: pubsub",
        "ReplySamples.java: set",
        "ReplicationSettings.java: swapdb",
        "Node.java: save",
        "PubSubCommands.java: subscribe psubscribe ssubscribe",
        "PubSubCommands.java: unsubscribe punsubscribe sunsubscribe");

    @Test
    void shouldAskRowsAndNotNames() throws IOException
    {
        final List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES))
        {
            for (final Path file : (Iterable<Path>)files.filter((path) -> path.toString().endsWith(".java"))::iterator)
            {
                check(file.getFileName().toString(), Files.readString(file), found);
            }
        }

        assertEquals(List.of(), found);
    }

    @Test
    void shouldFindWhatItLooksFor()
    {
        final List<String> found = new ArrayList<>();
        check("A", "if (\"exec\".equals(row.name()))", found);
        check("B", "if (args.is(0, \"PING\"))", found);
        check("C", "case \"ttl\", \"pttl\" -> 1;", found);
        check("D", "Set.of(\"get\",\n \"set\", \"del\")", found);
        check("E", "// \"exec\".equals(name)", found);
        check("F", "context.argIs(1, \"GET\")", found);
        assertEquals(List.of("A: exec", "B: PING", "C: pttl", "D: get set del"), found);
        assertTrue(RedisCommands.has("client"));
    }

    private static void check(final String file, final String source, final List<String> found)
    {
        final String code = COMMENT.matcher(source).replaceAll("");
        for (final Pattern comparison : COMPARISONS)
        {
            final Matcher matcher = comparison.matcher(code);
            while (matcher.find())
            {
                final String place = file + ": " + matcher.group(1);
                if (RedisCommands.has(matcher.group(1)) && !NO_COMMANDS.contains(place))
                {
                    found.add(place);
                }
            }
        }

        final Matcher list = LIST.matcher(code);
        while (list.find())
        {
            final List<String> names = WORD.matcher(list.group(1)).results().map((word) -> word.group(1))
                .filter(RedisCommands::has).toList();
            final String place = file + ": " + String.join(" ", names);
            if (names.size() > NAMES_MAX && !NO_COMMANDS.contains(place))
            {
                found.add(place);
            }
        }
    }
}
