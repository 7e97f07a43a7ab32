package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Nothing of what the programs print, read or name may depend on the locale of the machine: not the digits (Arabic ones
 * in a reply of MONITOR), not the case of letters (Turkish ones in the name of a command), not the bytes of a text or of
 * a file name.
 */
final class HostRuleTest
{
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

    /** What must not stand in the sources of any module, and what to write instead. */
    private static final Map<Pattern, String> FORBIDDEN = new LinkedHashMap<>();

    static
    {
        forbid("String\\s*\\.\\s*format\\s*\\((?!\\s*(?:java\\.util\\.)?Locale\\.ROOT)",
            "String.format(Locale.ROOT, ...)");
        forbid("\\.\\s*printf\\s*\\((?!\\s*Locale\\.ROOT)", "printf(Locale.ROOT, ...)");
        forbid("(?:out|err|stream)\\s*\\.\\s*format\\s*\\((?!\\s*Locale\\.ROOT)", "format(Locale.ROOT, ...)");
        forbid("\\.\\s*formatted\\s*\\(", "String.format(Locale.ROOT, ...)");
        forbid("\\.to(?:Lower|Upper)Case\\s*\\(\\s*\\)", "toLowerCase(Locale.ROOT)");
        forbid("\\b(?:DecimalFormat|NumberFormat|SimpleDateFormat|MessageFormat|Collator)\\b",
            "String.format(Locale.ROOT)");
        forbid("\\bofPattern\\s*\\([^,;)]*\\)|\\bofLocalized", "ofPattern(..., Locale.ROOT)");
        forbid("new\\s+(?:Formatter|Scanner|FileReader|FileWriter)\\s*\\(", "a class that is told locale and charset");
        forbid("\\.getBytes\\s*\\(\\s*\\)", "getBytes(charset)");
        forbid("new\\s+(?:Input|Output)Stream(?:Reader|Writer)\\s*\\((?![^;]*(?:Charset|UTF_8|ASCII|8859))",
            "a reader that is told the charset");
        forbid("\\bdefaultCharset\\s*\\(", "a named charset");
    }

    /** Paths of names that somebody chose come from HostFiles, which knows that they are bytes. */
    private static final Pattern CHOSEN_PATH = Pattern
        .compile("\\b(?:Path\\.of|Paths\\.get|new\\s+File)\\s*\\(\\s*(?!\")");

    private static final Pattern RAW_MEMORY = Pattern
        .compile("\\bUnsafeA(?:pi|ccess)\\b|\\bBufferUtil\\.(?:address|free)\\b|\\.addressOffset\\(");

    private static void forbid(final String regex, final String instead)
    {
        FORBIDDEN.put(Pattern.compile(regex), instead);
    }

    @Test
    void shouldNotDependOnTheLocale() throws IOException
    {
        final List<String> violations = new ArrayList<>();
        for (final String module : List.of("kit/src/main", "engine/src/main", "io/src/main", "bench/src/main",
            "jmh/src/main",
            "examples"))
        {
            for (final Path file : SourceTree.below(SourceTree.root().resolve(module)))
            {
                final String code = code(file);
                FORBIDDEN.forEach((pattern, instead) -> violations.addAll(found(file, code, pattern, instead)));
            }
        }

        assertEquals(List.of(), violations);
    }

    @Test
    void shouldMakePathsOfBytes() throws IOException
    {
        final List<String> violations = new ArrayList<>();
        for (final Path file : SourceTree.below(SourceTree.root().resolve("io/src/main")))
        {
            if (!file.endsWith("HostFiles.java"))
            {
                violations.addAll(found(file, code(file), CHOSEN_PATH, "HostFiles.path(text)"));
            }
        }

        assertEquals(List.of(), violations);
    }

    /** Else the checked mode would not see it. */
    @Test
    void shouldTouchRawMemoryThroughMemoryAlone() throws IOException
    {
        final List<String> violations = new ArrayList<>();
        for (final String module : List.of("engine/src/main", "io/src/main"))
        {
            for (final Path file : SourceTree.below(SourceTree.root().resolve(module)))
            {
                final String owner = file.getParent().getFileName().toString();
                if (!"memory".equals(owner) && !"guard".equals(owner))
                {
                    violations.addAll(found(file, code(file), RAW_MEMORY, "Memory"));
                }
            }
        }

        assertEquals(List.of(), violations);
    }

    private static String code(final Path file) throws IOException
    {
        // Of a comment its line ends stay, for the numbers.
        return COMMENT.matcher(Files.readString(file)).replaceAll((match) -> match.group().replaceAll("[^\n]", ""));
    }

    private static List<String> found(final Path file, final String code, final Pattern pattern, final String instead)
    {
        final List<String> found = new ArrayList<>();
        final Matcher matcher = pattern.matcher(code);
        while (matcher.find())
        {
            final long line = 1 + code.substring(0, matcher.start()).chars().filter((c) -> '\n' == c).count();
            found.add(SourceTree.root().relativize(file) + ":" + line + ": " + matcher.group().strip() + " -> " +
                instead);
        }

        return found;
    }
}
