package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Documents that name classes name those that there are, in the packages where they are, so that who follows them in the
 * code arrives. Whoever moves or renames a class changes the document in the same commit.
 */
final class DocumentNamesTest
{
    /** Documents about the sources. Those for users name a few classes too, which {@code SnippetsTest} compiles. */
    private static final List<String> DOCUMENTS = List.of("docs/ARCHITECTURE.md", "docs/TESTING.md", "docs/HACKING.md");

    /** What stands in backticks in a line. */
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

    /** {@code [package.]Class[.member]}; capitals alone are commands of a client or constants. */
    private static final Pattern NAME = Pattern.compile("((?:[a-z]\\w*\\.)*)([A-Z]\\w*[a-z]\\w*)(?:\\.([a-z]\\w*))?");

    /** The classes that a command of Maven picks, which may have a star. */
    private static final Pattern PICKED = Pattern.compile("-Dtest=(?:'([^']+)'|([^\\s`.]+))");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z.]+)` \\|");
    private static final Pattern QUOTED = Pattern.compile("\"([a-z.]+)\"");

    @Test
    void shouldNameClassesThatThereAre() throws IOException
    {
        final List<Path> sources = sources();
        final List<String> lost = new ArrayList<>();
        int found = 0;
        for (final String document : DOCUMENTS)
        {
            final Matcher code = CODE.matcher(text(document));
            while (code.find())
            {
                final Matcher name = NAME.matcher(code.group(1));
                if (name.matches())
                {
                    found++;
                    check(document, name, sources, lost);
                }
            }
        }

        assertEquals(List.of(), lost);
        assertTrue(found > 40, "names found: " + found);
    }

    private static void check(
        final String document, final Matcher name, final List<Path> sources, final List<String> lost) throws IOException
    {
        final String end = "/" + name.group(1).replace('.', '/') + name.group(2) + ".java";
        final List<Path> files = sources.stream().filter((file) -> file.toString().endsWith(end)).toList();
        if (files.isEmpty())
        {
            lost.add(document + ": there is no " + name.group());
        }
        else if (null != name.group(3) && !Files.readString(files.get(0)).contains(" " + name.group(3) + "("))
        {
            lost.add(document + ": there is no such method: " + name.group());
        }
    }

    @Test
    void shouldPickTestsThatThereAre() throws IOException
    {
        final List<String> names = sources().stream().map((file) -> file.getFileName().toString().replace(".java", ""))
            .toList();
        final List<String> lost = new ArrayList<>();
        for (final String document : DOCUMENTS)
        {
            final Matcher picked = PICKED.matcher(text(document));
            while (picked.find())
            {
                for (final String each : (null == picked.group(1) ? picked.group(2) : picked.group(1)).split(","))
                {
                    final String simple = each.replaceAll("#.*", "").replaceAll(".*\\.", "");
                    final String pattern = simple.replace("*", "\\w*");
                    if (!"\\w*Test".equals(pattern) && names.stream().noneMatch((name) -> name.matches(pattern)))
                    {
                        lost.add(document + ": no test is called " + each);
                    }
                }
            }
        }

        assertEquals(List.of(), lost);
    }

    @Test
    void shouldListThePackagesInTheirOrder() throws IOException
    {
        final String test = Files.readString(
            SourceTree.root().resolve("engine/src/test/java/org/millrace/engine/PackageOrderTest.java"),
            StandardCharsets.UTF_8);
        final String order = test.substring(test.indexOf("ORDER = List.of("), test.indexOf("STRANGERS"));
        assertEquals(
            QUOTED.matcher(order).results().map((match) -> match.group(1)).toList(),
            ROW.matcher(text("docs/ARCHITECTURE.md")).results().map((match) -> match.group(1)).toList());
    }

    private static String text(final String document) throws IOException
    {
        return Files.readString(SourceTree.root().resolve(document), StandardCharsets.UTF_8);
    }

    /** Main and test sources of all modules. */
    private static List<Path> sources() throws IOException
    {
        final List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(SourceTree.root()))
        {
            for (final Path module : modules.filter((path) -> Files.exists(path.resolve("pom.xml"))).toList())
            {
                sources.addAll(SourceTree.below(module.resolve("src")));
            }
        }

        return sources;
    }
}
