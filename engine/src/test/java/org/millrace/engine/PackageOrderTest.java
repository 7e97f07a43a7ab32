package org.millrace.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A package may use only packages that stand before it in {@link #ORDER}. The order is the architecture. */
class PackageOrderTest
{
    private static final List<String> ORDER = List.of(
        "base",
        "guard",
        "memory",
        "counters",
        "config",
        "transport",
        "resp",
        "tree",
        "value",
        "keyspace",
        "datatype",
        "backlog",
        "snapshot",
        "interest",
        "command",
        "readers",
        "commands",
        "replication",
        "replication.primary",
        "replication.replica",
        "node.clients",
        "node");

    /** What stands side by side: neither of a pair knows the other. */
    private static final List<List<String>> STRANGERS = List.of(
        List.of("commands", "replication"),
        List.of("replication.primary", "replication.replica"),
        List.of("replication", "node.clients"));

    private static final Path SOURCES = Path.of("src/main/java/org/millrace/engine");

    /** Imports and fully qualified names in code; comments and where it stands itself are taken out first. */
    private static final Pattern USE = Pattern.compile("org\\.millrace\\.engine\\.([a-z]\\w*(?:\\.[a-z]\\w*)*)\\.");
    private static final Pattern NO_USE = Pattern.compile("/\\*.*?\\*/|//[^\n]*|\\bpackage [^;]*;", Pattern.DOTALL);

    @Test
    void shouldUseOnlyPackagesBefore() throws IOException
    {
        final List<String> violations = new ArrayList<>();
        try (Stream<Path> files = Files.walk(SOURCES))
        {
            for (final Path file : (Iterable<Path>)files.filter((path) -> path.toString().endsWith(".java"))::iterator)
            {
                check(file, violations);
            }
        }

        assertEquals(List.of(), violations);
    }

    @Test
    void shouldHaveADocForEachPackage()
    {
        for (final String name : ORDER)
        {
            assertTrue(Files.exists(SOURCES.resolve(name.replace('.', '/')).resolve("package-info.java")),
                name + " has no package doc");
        }
    }

    private static void check(final Path file, final List<String> violations) throws IOException
    {
        final String user = SOURCES.relativize(file).getParent().toString().replace('/', '.');
        final String code = NO_USE.matcher(Files.readString(file)).replaceAll("");
        final Matcher matcher = USE.matcher(code);
        while (matcher.find())
        {
            final String used = matcher.group(1);
            final boolean isKnown = ORDER.contains(user) && ORDER.contains(used);
            if (!isKnown || ORDER.indexOf(used) > ORDER.indexOf(user) || areStrangers(user, used))
            {
                violations.add(file + " uses " + used);
            }
        }
    }

    private static boolean areStrangers(final String one, final String other)
    {
        return STRANGERS.stream().anyMatch(
            (pair) -> isIn(one, pair.get(0)) && isIn(other, pair.get(1)) ||
                isIn(one, pair.get(1)) && isIn(other, pair.get(0)));
    }

    /** True for the package itself and those within. */
    private static boolean isIn(final String name, final String outer)
    {
        return name.equals(outer) || name.startsWith(outer + '.');
    }
}
