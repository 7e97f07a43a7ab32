package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A package may use only packages that stand before it; one class alone may use chronicle-bytes. */
class PackageOrderTest
{
    private static final List<String> ORDER = List.of(
        "io.thread",
        "io.file",
        "io.net",
        "io.config",
        "io.log",
        "io.host",
        "io.runtime",
        "embed",
        "io.main");

    private static final Path SOURCES = Path.of("src/main/java/org/millrace");
    private static final Pattern USE = Pattern.compile("org\\.millrace\\.(io\\.\\w+|embed)\\.");
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

    @Test
    void shouldUseOnlyPackagesBefore() throws IOException
    {
        final List<String> violations = new ArrayList<>();
        for (final Path file : sources())
        {
            final String user = SOURCES.relativize(file).getParent().toString().replace('/', '.');
            final Matcher matcher = USE.matcher(code(file));
            while (matcher.find())
            {
                final String used = matcher.group(1);
                if (!ORDER.contains(user) || !ORDER.contains(used) || ORDER.indexOf(used) > ORDER.indexOf(user))
                {
                    violations.add(file + " uses " + used);
                }
            }
        }

        assertEquals(List.of(), violations);
    }

    @Test
    void shouldUseChronicleInOneClassOnly() throws IOException
    {
        final List<String> users = new ArrayList<>();
        for (final Path file : sources())
        {
            if (code(file).contains("net.openhft"))
            {
                users.add(file.getFileName().toString());
            }
        }

        assertEquals(List.of("MappedSegmentStorage.java"), users);
    }

    private static List<Path> sources() throws IOException
    {
        try (Stream<Path> files = Files.walk(SOURCES))
        {
            return files.filter((path) -> path.toString().endsWith(".java")).toList();
        }
    }

    private static String code(final Path file) throws IOException
    {
        return COMMENT.matcher(Files.readString(file)).replaceAll("");
    }
}
