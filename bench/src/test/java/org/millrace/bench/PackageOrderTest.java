package org.millrace.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** A package may use the kit, and packages that stand before it in {@link #ORDER}. The order is the architecture. */
class PackageOrderTest
{
    private static final List<String> ORDER = List.of("cli", "workload", "target", "rig", "report", "gate", "main");
    private static final Path SOURCES = Path.of("src/main/java/org/millrace/bench");
    /** Imports and fully qualified names alike, but not in texts; Javadoc's package pages may point anywhere. */
    private static final Pattern USE = Pattern.compile("^(?! \\*).*(?<!\")\\borg\\.millrace\\.(\\w+)\\.(\\w+)\\.",
        Pattern.MULTILINE);

    @Test
    void shouldUseOnlyEarlierPackages() throws IOException
    {
        final List<String> violations = new ArrayList<>();
        int fileCount = 0;
        for (final Path file : sources())
        {
            fileCount++;
            final String user = SOURCES.relativize(file).getName(0).toString();
            final Matcher matcher = USE.matcher(Files.readString(file));
            while (matcher.find())
            {
                final String used = matcher.group(2);
                if ("kit".equals(matcher.group(1)))
                {
                    continue;
                }

                final boolean isOwnModule = "bench".equals(matcher.group(1));
                if (!isOwnModule || !ORDER.contains(user) || ORDER.indexOf(used) > ORDER.indexOf(user))
                {
                    violations.add(file + " uses " + matcher.group(1) + "." + used);
                }
            }
        }

        assertTrue(fileCount > 20, "the sources were not found: " + fileCount);
        assertEquals(List.of(), violations);
    }

    @Test
    void shouldDocumentEveryPackage()
    {
        final List<String> missing = ORDER.stream()
            .filter((name) -> !Files.exists(SOURCES.resolve(name).resolve("package-info.java")))
            .collect(Collectors.toList());

        assertEquals(List.of(), missing);
    }

    private static List<Path> sources() throws IOException
    {
        try (Stream<Path> files = Files.walk(SOURCES))
        {
            return files.filter((file) -> file.toString().endsWith(".java")).collect(Collectors.toList());
        }
    }
}
