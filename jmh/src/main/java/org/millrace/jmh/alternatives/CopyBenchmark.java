package org.millrace.jmh.alternatives;

import org.millrace.engine.memory.Memory;
import org.millrace.jmh.EngineBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A value is copied to a buffer.
 * <p>
 * Question: up to which length does a loop over longs beat the call that a block copy is, and does it help that the
 * length is known to the compiler?
 */
@State(Scope.Thread)
public class CopyBenchmark extends EngineBenchmark
{
    private static final int LENGTH_MAX = 4096;

    @Param({"16", "64", "192", "1024"})
    public int copyLength;

    private final long source = Memory.reserve(LENGTH_MAX);
    private final long target = Memory.reserve(LENGTH_MAX);

    @Setup
    public void prepare()
    {
        Memory.set(source, LENGTH_MAX, (byte)'v');
    }

    /** What the engine does: longs in a loop, the last one overlapping the one before. */
    @Benchmark
    public long longs()
    {
        Memory.copyDisjoint(source, target, copyLength);
        return target;
    }

    /** The call. */
    @Benchmark
    public long block()
    {
        Memory.copy(source, target, copyLength);
        return target;
    }

    /** Eight longs a step, then one long a step. */
    @Benchmark
    public long eightLongs()
    {
        int at = 0;
        for (final int end = copyLength - 63; at < end; at += 64)
        {
            copyEight(source + at, target + at);
        }

        for (; at < copyLength; at += 8)
        {
            Memory.putLong(target + at, Memory.getLong(source + at));
        }

        return target;
    }

    /** Whatever the parameter: 64 bytes by eight loads, then eight stores. */
    @Benchmark
    public long fixed64()
    {
        copyEight(source, target);
        return target;
    }

    @TearDown
    public void release()
    {
        Memory.release(source);
        Memory.release(target);
    }

    private static void copyEight(final long from, final long to)
    {
        final long a = Memory.getLong(from);
        final long b = Memory.getLong(from + 8);
        final long c = Memory.getLong(from + 16);
        final long d = Memory.getLong(from + 24);
        final long e = Memory.getLong(from + 32);
        final long f = Memory.getLong(from + 40);
        final long g = Memory.getLong(from + 48);
        final long h = Memory.getLong(from + 56);
        Memory.putLong(to, a);
        Memory.putLong(to + 8, b);
        Memory.putLong(to + 16, c);
        Memory.putLong(to + 24, d);
        Memory.putLong(to + 32, e);
        Memory.putLong(to + 40, f);
        Memory.putLong(to + 48, g);
        Memory.putLong(to + 56, h);
    }
}
