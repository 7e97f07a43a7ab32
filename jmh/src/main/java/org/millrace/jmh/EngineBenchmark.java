package org.millrace.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What all benchmarks share, inherited as annotations: average time of an operation, three forks. The flags are those
 * of {@code config/jvm.args}, which forks need spelled out, and then what Chronicle Map asks for; the heap has room
 * for four million entries on it.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 3, jvmArgsAppend = {
    "-XX:+IgnoreUnrecognizedVMOptions",
    "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "--add-opens=java.base/java.lang=ALL-UNNAMED",
    "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
    "-Dchronicle.analytics.disable=true",
    "-XX:+UseSerialGC",
    "-Xms2g",
    "-Xmx2g"})
public abstract class EngineBenchmark
{
    /** A benchmark that no longer does its work must fail, not look fast. */
    public static void check(final boolean condition, final String what, final long found, final long expected)
    {
        if (!condition)
        {
            throw new IllegalStateException(what + ": found=" + found + ", expected=" + expected);
        }
    }
}
