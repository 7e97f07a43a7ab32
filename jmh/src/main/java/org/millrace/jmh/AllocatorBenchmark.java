package org.millrace.jmh;

import org.millrace.engine.memory.Epochs;
import org.millrace.engine.memory.MemoryTag;
import org.millrace.engine.memory.OffHeap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One of many live blocks, chosen at random, is replaced by a new one: an allocation and a free. Blocks of 87 bytes
 * are entries with a key of 16 and a value of 64.
 * <p>
 * Question: what does churn cost, and what does it add that a block waits in the queue of retired ones because a
 * reader is open?
 */
@State(Scope.Thread)
public class AllocatorBenchmark extends EngineBenchmark
{
    @Param({"87", "1024"})
    public int blockLength;

    @Param("100000")
    public int blocks;

    private OffHeap memory;
    private Epochs epochs;
    private long slot;
    private int[] refs;
    private long usedBytes;
    private long choice;

    @Setup
    public void fill()
    {
        memory = new OffHeap(0);
        epochs = new Epochs(memory, 64 << 20);
        slot = epochs.open();
        refs = new int[blocks];
        choice = Store.SEED;
        for (int i = 0; i < blocks; i++)
        {
            refs[i] = memory.allocate(blockLength, MemoryTag.ENTRY);
        }

        usedBytes = memory.usedBytes();
    }

    @Benchmark
    public int freeThenAllocate()
    {
        final int index = choose();
        memory.free(refs[index], MemoryTag.ENTRY);
        return refs[index] = memory.allocate(blockLength, MemoryTag.ENTRY);
    }

    @Benchmark
    public int allocateThenRetire()
    {
        final int index = choose();
        final int old = refs[index];
        refs[index] = memory.allocate(blockLength, MemoryTag.ENTRY);
        epochs.retire(old, MemoryTag.ENTRY);
        return old;
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        int freed;
        do
        {
            freed = epochs.reclaim();
        }
        while (freed > 0);
        check(memory.usedBytes() == usedBytes, "bytes in use", memory.usedBytes(), usedBytes);
    }

    @TearDown
    public void release()
    {
        Epochs.close(slot);
        epochs.close();
        memory.close();
    }

    private int choose()
    {
        choice = choice * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        return (int)((choice >>> 32) * blocks >>> 32);
    }
}
