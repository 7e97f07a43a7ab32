package org.millrace.jmh.alternatives;

import org.millrace.engine.memory.Crc64;
import org.millrace.engine.memory.Memory;
import org.millrace.jmh.EngineBenchmark;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The checksum of 64 KiB, in several ways.
 * <p>
 * Question: one look-up a byte is the least that tables can do; how near does each way come to that, and can
 * multiplications do without tables?
 */
@State(Scope.Thread)
public class Crc64VariantsBenchmark extends EngineBenchmark
{
    private static final int LENGTH = 64 * 1024;
    private static final int PART = 4096;
    private static final long[][] AFTER_PART = Crc64Tables.afterZeros(PART);

    private final long address = Memory.reserve(LENGTH);
    private long expected;
    private long found;

    @Setup
    public void prepare()
    {
        for (int i = 0; i < LENGTH; i++)
        {
            Memory.putByte(address + i, (byte)(i * 31 + (i >>> 8)));
        }

        expected = Crc64.update(0, address, LENGTH);
    }

    /** What the engine does: sixteen bytes a step, sixteen tables. */
    @Benchmark
    public long sixteenTables()
    {
        found = Crc64.update(0, address, LENGTH);
        return found;
    }

    @Benchmark
    public long eightTables()
    {
        long crc = 0;
        for (int i = 0; i < LENGTH; i += 8)
        {
            crc = Crc64Tables.step(crc ^ Memory.getLong(address + i));
        }

        found = crc;
        return crc;
    }

    /** Two parts side by side, whose chains do not wait for each other, joined by one more look-up of eight. */
    @Benchmark
    public long eightTablesTwoParts()
    {
        long crc = 0;
        for (int from = 0; from < LENGTH; from += 2 * PART)
        {
            long second = 0;
            for (int i = from; i < from + PART; i += 8)
            {
                crc = Crc64Tables.step(crc ^ Memory.getLong(address + i));
                second = Crc64Tables.step(second ^ Memory.getLong(address + i + PART));
            }

            crc = Crc64Tables.afterZeros(AFTER_PART, crc) ^ second;
        }

        found = crc;
        return crc;
    }

    @Benchmark
    public long eightTablesFourParts()
    {
        long crc = 0;
        for (int from = 0; from < LENGTH; from += 4 * PART)
        {
            long second = 0;
            long third = 0;
            long fourth = 0;
            for (int i = from; i < from + PART; i += 8)
            {
                crc = Crc64Tables.step(crc ^ Memory.getLong(address + i));
                second = Crc64Tables.step(second ^ Memory.getLong(address + i + PART));
                third = Crc64Tables.step(third ^ Memory.getLong(address + i + 2 * PART));
                fourth = Crc64Tables.step(fourth ^ Memory.getLong(address + i + 3 * PART));
            }

            crc = Crc64Tables.afterZeros(AFTER_PART, crc) ^ second;
            crc = Crc64Tables.afterZeros(AFTER_PART, crc) ^ third;
            crc = Crc64Tables.afterZeros(AFTER_PART, crc) ^ fourth;
        }

        found = crc;
        return crc;
    }

    @Benchmark
    public long oneTable()
    {
        long crc = 0;
        for (int i = 0; i < LENGTH; i++)
        {
            crc = Crc64Tables.T0[((int)crc ^ Memory.getByte(address + i)) & 0xFF] ^ crc >>> 8;
        }

        found = crc;
        return crc;
    }

    /** No tables: products of polynomials. */
    @Benchmark
    public long multiplication()
    {
        long crc = 0;
        for (int i = 0; i < LENGTH; i += 8)
        {
            crc = Crc64Multiplication.step(crc ^ Memory.getLong(address + i));
        }

        found = crc;
        return crc;
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        if (found != expected)
        {
            throw new IllegalStateException("checksum: found=" + found + ", expected=" + expected);
        }
    }

    @TearDown
    public void release()
    {
        Memory.release(address);
    }
}
