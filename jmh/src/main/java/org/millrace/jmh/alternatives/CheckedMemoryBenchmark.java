package org.millrace.jmh.alternatives;

import org.agrona.UnsafeApi;
import org.millrace.engine.memory.Memory;
import org.millrace.jmh.EngineBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A cache line is read by eight loads and written by eight stores.
 * <p>
 * Question: does the checked mode of memory cost anything where it is off, and what does it cost where it is on?
 */
@State(Scope.Thread)
public class CheckedMemoryBenchmark extends EngineBenchmark
{
    private static final int LENGTH = 64;

    private final long source = Memory.reserve(LENGTH);
    private final long target = Memory.reserve(LENGTH);

    @Setup
    public void prepare()
    {
        Memory.set(source, LENGTH, (byte)'v');
    }

    /** No question at all. */
    @Benchmark
    public long direct()
    {
        for (int at = 0; at < LENGTH; at += Long.BYTES)
        {
            UnsafeApi.putLong(target + at, 1 + UnsafeApi.getLong(source + at));
        }

        return target;
    }

    /** What the engine does. */
    @Benchmark
    public long unchecked()
    {
        return throughMemory();
    }

    /** What its tests do. */
    @Benchmark
    @Fork(value = 3, jvmArgsAppend = {
        "-XX:+IgnoreUnrecognizedVMOptions",
        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Dmillrace.memory.checked=true"})
    public long checked()
    {
        return throughMemory();
    }

    private long throughMemory()
    {
        for (int at = 0; at < LENGTH; at += Long.BYTES)
        {
            Memory.putLong(target + at, 1 + Memory.getLong(source + at));
        }

        return target;
    }

    @TearDown
    public void release()
    {
        Memory.release(source);
        Memory.release(target);
    }
}
