package org.millrace.races;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jcstress.Main;

/**
 * Runs the races: {@code org.openjdk.jcstress.Main} with the flags that the engine needs and with few states at a time,
 * since each of them holds memory outside the heap. All arguments go to jcstress and win over what is set here; its
 * report goes to {@code target/races} unless {@code -r} names a place. Ends with an error if any outcome was forbidden.
 */
public final class RacesMain
{
    /** States that two actors pass side by side. */
    static final int STRIDE_SIZE = 16;

    /** Strides before the states are made anew. */
    static final int STRIDE_COUNT = 4;

    /** Those of config/jvm.args. */
    static final List<String> JVM_ARGS = List.of(
        "-XX:+IgnoreUnrecognizedVMOptions",
        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
        "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow");

    private RacesMain()
    {
    }

    public static void main(final String[] args) throws Exception
    {
        Main.main(withDefaults(args).toArray(new String[0]));
    }

    static List<String> withDefaults(final String[] args)
    {
        final List<String> given = Arrays.asList(args);
        final List<String> all = new ArrayList<>(given);
        addDefault(all, given, "-strideSize", String.valueOf(STRIDE_SIZE));
        addDefault(all, given, "-strideCount", String.valueOf(STRIDE_COUNT));
        addDefault(all, given, "-r", "target/races/");
        if (!given.contains("-jvmArgs"))
        {
            addDefault(all, given, "-jvmArgsPrepend", String.join(" ", JVM_ARGS));
        }

        return all;
    }

    private static void addDefault(
        final List<String> all, final List<String> given, final String option, final String value)
    {
        if (!given.contains(option))
        {
            all.add(option);
            all.add(value);
        }
    }
}
