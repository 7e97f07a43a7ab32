package org.millrace.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.millrace.engine.base.Layout;

/**
 * docs/LAYOUT.md is what the classes declare by {@link Layout}; run with -Dmillrace.docs.write=true to renew it. A
 * layout that changes shows there, and its fields do not overlap.
 */
final class LayoutReferenceTest
{
    private static final String HEAD = """
        # Layouts

        What lies in raw memory, in files and on the wire, byte by byte. Little-endian unless it says otherwise; offsets
        and lengths in bytes. This file is generated from the declarations at the constants (`base.Layout`); a test
        compares it with them. The pictures and the rules of who may change what are in the classes' own docs.
        """;

    /** Offsets in something else than a layout: in the stream, in a client's value. */
    private static final Pattern NOT_LAID_OUT = Pattern.compile("(NO|MAX|UNKNOWN|NULL)_OFFSET");

    /** End of a layout whose last field takes all that follows. */
    private static final int OPEN = Integer.MAX_VALUE;

    @Test
    void shouldEqualTheDeclarations() throws Exception
    {
        final StringBuilder text = new StringBuilder(HEAD);
        for (final Class<?> type : classes())
        {
            for (final Layout layout : type.getAnnotationsByType(Layout.class))
            {
                append(text, type, layout);
            }

            appendBits(text, type);
        }

        final Path file = SourceTree.root().resolve("docs").resolve("LAYOUT.md");
        if (Boolean.getBoolean("millrace.docs.write"))
        {
            Files.writeString(file, text);
        }

        assertEquals(text.toString(), Files.readString(file, StandardCharsets.UTF_8));
    }

    @Test
    void shouldDeclareEveryOffset() throws Exception
    {
        final List<String> missing = new ArrayList<>();
        for (final Class<?> type : classes())
        {
            for (final Field field : type.getDeclaredFields())
            {
                final boolean isOffset = field.getName().endsWith("_OFFSET") && isConstant(field) &&
                    !NOT_LAID_OUT.matcher(field.getName()).matches();
                final boolean isDeclared = field.isAnnotationPresent(Layout.Field.class) &&
                    0 != type.getAnnotationsByType(Layout.class).length;
                if (isOffset && !isDeclared)
                {
                    missing.add(type.getName() + "." + field.getName());
                }
            }
        }

        assertEquals(List.of(), missing, "offsets without @Layout.Field, or in a class without @Layout");
    }

    private static void append(final StringBuilder text, final Class<?> type, final Layout layout) throws Exception
    {
        final String typeName = type.getName().replaceFirst("org\\.millrace\\.(engine\\.)?", "").replace('$', '.');
        final String title = layout.name().isEmpty() ? typeName : typeName + ": " + layout.name();
        text.append("\n## ").append(title).append("\n\n").append(layout.value()).append(".\n\n");
        text.append("| at | bytes | |\n|---:|---:|---|\n");
        final int end = appendFields(text, title, fields(type, layout));
        for (final String then : layout.then())
        {
            text.append("| | | ").append(then).append(" |\n");
        }

        if (OPEN != end && layout.then().length == 0)
        {
            final int length = 0 == layout.length() ? end : layout.length();
            assertTrue(end <= length, title + ": ends at " + end + ", length " + length);
            appendGap(text, end, length);
            text.append("| ").append(length).append(" | | end |\n");
        }
    }

    private static int appendFields(final StringBuilder text, final String title, final List<Field> fields)
        throws Exception
    {
        int end = 0;
        for (final Field field : fields)
        {
            final Layout.Field declared = field.getAnnotation(Layout.Field.class);
            final int at = (int)value(field);
            assertTrue(at >= end, title + ": " + field.getName() + " is at " + at + ", within what ends at " + end);
            appendGap(text, end, at);
            text.append("| ").append(at).append(" | ").append(0 == declared.bytes() ? "..." : declared.bytes())
                .append(" | ").append(declared.value()).append(" |\n");
            end = 0 == declared.bytes() ? OPEN : at + declared.bytes();
        }

        return end;
    }

    private static void appendGap(final StringBuilder text, final int from, final int to)
    {
        if (from < to)
        {
            text.append("| ").append(from).append(" | ").append(to - from).append(" | *not used* |\n");
        }
    }

    private static void appendBits(final StringBuilder text, final Class<?> type)
    {
        final List<Field> masks = Arrays.stream(type.getDeclaredFields())
            .filter((field) -> field.isAnnotationPresent(Layout.Bits.class))
            .sorted(Comparator.comparingInt(LayoutReferenceTest::low).reversed()).toList();
        if (masks.isEmpty())
        {
            return;
        }

        text.append("\n| bits | |\n|---|---|\n");
        for (final Field field : masks)
        {
            final long mask = int.class == field.getType() ? value(field) & 0xFFFF_FFFFL : value(field);
            final int low = low(field);
            final int high = 63 - Long.numberOfLeadingZeros(mask);
            assertEquals(high - low + 1, Long.bitCount(mask), field + ": bits that do not lie side by side");
            text.append("| ").append(low == high ? "" + low : low + "-" + high).append(" | ")
                .append(field.getAnnotation(Layout.Bits.class).value()).append(" |\n");
        }
    }

    private static int low(final Field mask)
    {
        return Long.numberOfTrailingZeros(value(mask));
    }

    private static List<Field> fields(final Class<?> type, final Layout layout) throws Exception
    {
        final List<Field> fields = new ArrayList<>();
        for (final Field field : type.getDeclaredFields())
        {
            final Layout.Field declared = field.getAnnotation(Layout.Field.class);
            if (null != declared && (0 == declared.of().length || List.of(declared.of()).contains(layout.name())))
            {
                fields.add(field);
            }
        }

        fields.sort(Comparator.comparingLong(LayoutReferenceTest::value));
        return fields;
    }

    private static boolean isConstant(final Field field)
    {
        return Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers()) &&
            (int.class == field.getType() || long.class == field.getType());
    }

    private static long value(final Field field)
    {
        try
        {
            field.setAccessible(true);
            return ((Number)field.get(null)).longValue();
        }
        catch (final IllegalAccessException ex)
        {
            throw new AssertionError(ex);
        }
    }

    /** All of engine and io, in the order of their names; nested ones behind those around them. */
    private static List<Class<?>> classes() throws Exception
    {
        final List<Class<?>> classes = new ArrayList<>();
        for (final String module : List.of("engine", "io"))
        {
            final Path top = SourceTree.root().resolve(module).resolve("src/main/java");
            for (final Path source : SourceTree.below(top))
            {
                final String name = top.relativize(source).toString().replace('/', '.').replaceFirst("\\.java$", "");
                if (!name.endsWith("-info"))
                {
                    add(Class.forName(name, false, LayoutReferenceTest.class.getClassLoader()), classes);
                }
            }
        }

        return classes;
    }

    private static void add(final Class<?> type, final List<Class<?>> classes)
    {
        classes.add(type);
        Stream.of(type.getDeclaredClasses()).sorted(Comparator.comparing(Class::getName))
            .forEach((nested) -> add(nested, classes));
    }
}
