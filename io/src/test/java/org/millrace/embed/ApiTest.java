package org.millrace.embed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is public in the package that programs use is meant for them, and speaks of nothing that is not. */
class ApiTest
{
    private static final Path SOURCES = Path.of("src/main/java/org/millrace/embed");

    private static final List<String> PUBLIC = List.of(
        "BackPressure",
        "CommandFailedException",
        "Durability",
        "LinkState",
        "MillraceBuilder",
        "MillraceCursor",
        "MillraceListener",
        "MillraceLog",
        "MillraceNode",
        "MillraceReader",
        "MillraceView",
        "MillraceWriter",
        "Slf4jLog",
        "WrongTypeException");

    private static List<Class<?>> publicTypes() throws Exception
    {
        final List<Class<?>> types = new ArrayList<>();
        for (final String name : names())
        {
            final Class<?> type = Class.forName("org.millrace.embed." + name);
            if (Modifier.isPublic(type.getModifiers()))
            {
                types.add(type);
                types.addAll(
                    Arrays.stream(type.getDeclaredClasses()).filter((each) -> Modifier.isPublic(each.getModifiers()))
                        .toList());
            }
        }

        return types;
    }

    private static List<String> names() throws IOException
    {
        try (Stream<Path> files = Files.list(SOURCES))
        {
            return files.map((file) -> file.getFileName().toString().replace(".java", ""))
                .filter((name) -> !"package-info".equals(name)).sorted().toList();
        }
    }

    @Test
    void shouldBePublicForProgramsOnly() throws Exception
    {
        assertEquals(PUBLIC, publicTypes().stream().filter((type) -> !type.isMemberClass()).map(Class::getSimpleName)
            .toList());
    }

    @Test
    void shouldSpeakOfNoInnerTypes() throws Exception
    {
        final List<String> strangers = new ArrayList<>();
        for (final Class<?> type : publicTypes())
        {
            for (final Method method : type.getDeclaredMethods())
            {
                if (isVisible(method) && !method.isSynthetic())
                {
                    check(method, method.getReturnType(), strangers);
                }
            }

            for (final Constructor<?> constructor : type.getDeclaredConstructors())
            {
                if (isVisible(constructor))
                {
                    check(constructor, void.class, strangers);
                }
            }
        }

        assertEquals(List.of(), strangers);
    }

    private static boolean isVisible(final Executable member)
    {
        return Modifier.isPublic(member.getModifiers()) || Modifier.isProtected(member.getModifiers());
    }

    private static void check(final Executable member, final Class<?> result, final List<String> strangers)
    {
        final List<Class<?>> types = new ArrayList<>(List.of(member.getParameterTypes()));
        types.addAll(List.of(member.getExceptionTypes()));
        types.add(result);
        for (final Class<?> type : types)
        {
            final Class<?> element = type.isArray() ? type.getComponentType() : type;
            final boolean isOwn = element.getName().startsWith("org.millrace.");
            if (isOwn && (!Modifier.isPublic(element.getModifiers()) ||
                !"org.millrace.embed".equals(element.getPackageName())))
            {
                strangers.add(member + " knows " + element.getName());
            }
        }
    }
}
