package org.millrace.kit;

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

/** The kit knows nothing of Millrace; a package of it may use only those before it in {@link #ORDER}. */
class PackageOrderTest
{
    private static final List<String> ORDER = List.of("resp", "server", "compare");
    private static final Path SOURCES = Path.of("src/main/java/org/millrace/kit");
    private static final Pattern USE = Pattern.compile("^import (?:static )?org\\.millrace\\.(\\w+)\\.(\\w+)",
        Pattern.MULTILINE);

    @Test
    void shouldUseOnlyEarlierPackages() throws IOException
    {
        final List<String> violations = new ArrayList<>();
        for (final Path file : sources())
        {
            final int user = ORDER.indexOf(SOURCES.relativize(file).getName(0).toString());
            final Matcher matcher = USE.matcher(Files.readString(file));
            while (matcher.find())
            {
                // What stands in the top package itself is for all.
                if (!"kit".equals(matcher.group(1)) || ORDER.indexOf(matcher.group(2)) > user)
                {
                    violations.add(file + ": " + matcher.group());
                }
            }
        }

        assertEquals(List.of(), violations);
    }

    private static List<Path> sources() throws IOException
    {
        try (Stream<Path> files = Files.walk(SOURCES))
        {
            return files.filter((file) -> file.toString().endsWith(".java")).toList();
        }
    }
}
