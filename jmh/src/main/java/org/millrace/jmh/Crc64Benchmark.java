package org.millrace.jmh;

import org.millrace.engine.memory.Crc64;
import org.millrace.engine.memory.Memory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The checksum of a piece of a snapshot.
 * <p>
 * Question: how many bytes a second does the checksum let through (length divided by time), which bounds every full
 * resync that has one?
 */
@State(Scope.Thread)
public class Crc64Benchmark extends EngineBenchmark
{
    @Param({"64", "4096", "1048576"})
    public int length;

    private long address;
    private long expected;
    private long found;

    @Setup
    public void prepare()
    {
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)(i * 31);
        }

        address = Memory.reserve(length);
        Memory.copy(bytes, 0, address, length);
        expected = Crc64.update(0, bytes, 0, length);
    }

    @Benchmark
    public long update()
    {
        found = Crc64.update(0, address, length);
        return found;
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        check(found == expected, "checksum", found, expected);
    }

    @TearDown
    public void release()
    {
        Memory.release(address);
    }
}
