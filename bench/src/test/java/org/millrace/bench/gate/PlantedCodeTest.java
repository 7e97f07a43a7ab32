package org.millrace.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import net.bytebuddy.asm.Advice;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.api.Test;

/** Changed methods must pass the verifier, count their calls, and do what they did before. */
public class PlantedCodeTest
{
    private static int calls;

    /** What is put in. */
    public static void count()
    {
        calls++;
    }

    /** What is put in front of a method. */
    static final class Entry
    {
        @Advice.OnMethodEnter
        static void enter()
        {
            PlantedCodeTest.count();
        }
    }

    static Stream<String> methods()
    {
        return Stream.of("loopAtOnce", "tableSwitch", "lookupSwitch", "caught", "fresh", "farJump", "wide", "nested");
    }

    @ParameterizedTest
    @MethodSource("methods")
    void shouldKeepWhatAMethodDoes(final String name) throws Exception
    {
        for (final int argument : List.of(0, 1, 2, 7, 1_000))
        {
            final Object expected = call(Sample.class, name, argument);
            final Object found = call(patched(name), name, argument);
            assertEquals(expected, found, name + "(" + argument + ")");
        }

        assertEquals(5, calls);
        calls = 0;
    }

    @Test
    void shouldSayThatAClassLacksTheMethod() throws Exception
    {
        final List<String> failures = new ArrayList<>();

        assertThrows(IllegalStateException.class, () -> changed(Sample.class.getName(), "missing", failures));
        assertEquals(List.of("no method missing"), failures);
    }

    @Test
    void shouldLeaveOtherClassesAlone() throws Exception
    {
        assertNull(changed("some.Other", "caught", new ArrayList<>()));
    }

    @Test
    void shouldLeaveOtherMethodsAlone() throws Exception
    {
        call(patched("caught"), "wide", 3);

        assertEquals(0, calls);
    }

    private static Object call(final Class<?> type, final String name, final int argument) throws Exception
    {
        final var method = type.getDeclaredMethod(name, int.class);
        method.setAccessible(true);
        try
        {
            return method.invoke(null, argument);
        }
        catch (final InvocationTargetException ex)
        {
            return ex.getCause().getClass();
        }
    }

    private static Class<?> patched(final String name) throws Exception
    {
        final List<String> failures = new ArrayList<>();
        final byte[] changed = changed(Sample.class.getName(), name, failures);
        assertEquals(List.of(), failures);
        return new Loader().define(changed);
    }

    /** The class file of {@link Sample} as it is when it is loaded; null if nothing is changed. */
    private static byte[] changed(final String className, final String methodName, final List<String> failures)
        throws Exception
    {
        try (InputStream stream = Sample.class.getResourceAsStream("PlantedCodeTest$Sample.class"))
        {
            return PlantedCode
                .at(className, methodName, Entry.class, (failure) -> failures.add(failure.getMessage()))
                .makeRaw()
                .transform(
                    Sample.class.getClassLoader(),
                    Sample.class.getName().replace('.', '/'),
                    null,
                    null,
                    stream.readAllBytes());
        }
    }

    /** Defines the changed class beside the original, in the same package but another run-time one. */
    private static final class Loader extends ClassLoader
    {
        Loader()
        {
            super(PlantedCodeTest.class.getClassLoader());
        }

        Class<?> define(final byte[] bytes)
        {
            return defineClass(null, bytes, 0, bytes.length);
        }
    }

    /** Shapes of code whose tables hold absolute places, or depend on alignment. */
    static final class Sample
    {
        /** Constants that take two places, and fields, come before methods in a class file. */
        static final long LONG = 0x1_0000_0001L;
        private static double total = 0.1;

        private Sample()
        {
        }

        static int loopAtOnce(int argument)
        {
            do
            {
                argument = argument * 3 + 1;
            }
            while (argument > 0 && argument < 10_000);

            return argument;
        }

        static String tableSwitch(final int argument)
        {
            switch (argument)
            {
                case 0 :
                    return "none";

                case 1 :
                    return "one";

                case 2 :
                    return "two";

                default :
                    return "many";
            }
        }

        static long lookupSwitch(final int argument)
        {
            long sum = argument + LONG;
            total += sum;
            switch (argument)
            {
                case 7 :
                    sum += 70;
                    break;

                case 1_000 :
                    sum *= 2;
                    break;

                default :
                    sum--;
                    break;
            }

            return sum;
        }

        static int caught(final int argument)
        {
            try
            {
                return 100 / argument;
            }
            catch (final ArithmeticException ex)
            {
                return -1;
            }
            finally
            {
                Thread.onSpinWait();
            }
        }

        static Object fresh(final int argument)
        {
            // A frame with an object not yet initialised, named by the place of its "new".
            return new StringBuilder(argument > 1 ? "more" : "less").append(argument > 5 ? 1 : 2).toString();
        }

        static int farJump(final int argument)
        {
            int sum = argument;
            if (argument > 1)
            {
                sum += 1_000_001 * argument + 1_000_002 * argument + 1_000_003 * argument + 1_000_004 * argument +
                    1_000_005 * argument + 1_000_006 * argument + 1_000_007 * argument + 1_000_008 * argument;
            }

            return sum;
        }

        static double wide(final int argument)
        {
            final long first = argument;
            final double second = argument;
            double third = 0;
            for (int i = 0; i < argument && i < 50; i++)
            {
                final long product = first * i;
                third += second + product;
            }

            return third;
        }

        static int nested(final int argument)
        {
            int count = 0;
            for (int i = 0; i < 5; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    final String text = argument > j ? "a" : null;
                    count += null == text ? 1 : text.length() + 1;
                }
            }

            return count;
        }
    }
}
