package org.millrace.jmh.alternatives;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.jmh.EngineBenchmark;
import org.millrace.jmh.KeySequence;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A key of 16 bytes is hashed; each hash is made part of the next key, so what is measured is how long it takes.
 * <p>
 * Question: what does it cost that Java 17 has no high half of an unsigned product, and would a handle to that of
 * Java 18 be called without a price?
 */
@State(Scope.Thread)
public class HashBenchmark extends EngineBenchmark
{
    private static final long P0 = 0x2D35_8DCC_AA6C_78A5L;
    private static final long P1 = 0x8BB8_4B93_962E_ACC9L;
    private static final long P2 = 0x4B33_A62E_D433_D4A3L;
    private static final MethodHandle UNSIGNED_HIGH = unsignedHigh();

    private final long key = Memory.reserve(KeySequence.KEY_LENGTH);
    private long last;

    @Setup
    public void prepare() throws Throwable
    {
        Memory.putLong(key, 1);
        Memory.putLong(key + 8, 2);
        check(Hashing.hash(3, key, 16) == hash(3, key), "hash", hash(3, key), Hashing.hash(3, key, 16));
    }

    /** What the engine does. */
    @Benchmark
    public long signedCorrected()
    {
        Memory.putLong(key, last);
        last = Hashing.hash(Database.SEED, key, KeySequence.KEY_LENGTH);
        return last;
    }

    /** The same hash. */
    @Benchmark
    public long unsigned() throws Throwable
    {
        Memory.putLong(key, last);
        last = hash(Database.SEED, key);
        return last;
    }

    @TearDown
    public void release()
    {
        Memory.release(key);
    }

    private static long hash(final long seed, final long address) throws Throwable
    {
        final long secret = Long.rotateLeft(seed, 32) ^ P1;
        final long state = seed ^ P0;
        return mix(P2 ^ 16, mix(Memory.getLong(address) ^ secret, Memory.getLong(address + 8) ^ state));
    }

    private static long mix(final long a, final long b) throws Throwable
    {
        return (long)UNSIGNED_HIGH.invokeExact(a, b) ^ a * b;
    }

    private static MethodHandle unsignedHigh()
    {
        final MethodType type = MethodType.methodType(long.class, long.class, long.class);
        try
        {
            return MethodHandles.lookup().findStatic(Math.class, "unsignedMultiplyHigh", type);
        }
        catch (final ReflectiveOperationException ignore)
        {
            return ownHigh(type);
        }
    }

    private static MethodHandle ownHigh(final MethodType type)
    {
        try
        {
            return MethodHandles.lookup().findStatic(HashBenchmark.class, "correctedHigh", type);
        }
        catch (final ReflectiveOperationException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /** Where Java has none. */
    private static long correctedHigh(final long a, final long b)
    {
        return Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
    }
}
