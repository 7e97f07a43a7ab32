package org.millrace.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Sixteen keys are looked up and their values copied out, keys chosen at random; an operation is one key.
 * <p>
 * Question: how much of what cache misses cost do batches win back that touch their buckets first, then their
 * entries? The other stores have no such call: they get one key after another.
 */
@State(Scope.Thread)
public class KeyspaceBatchBenchmark extends EngineBenchmark
{
    @Param({
        Stores.MILLRACE,
        Stores.READER,
        Stores.CONCURRENT_HASH_MAP,
        Stores.CHRONICLE_MAP,
        Stores.OHC,
        Stores.CAFFEINE})
    public String store;

    /** The smaller number fits a cache of a few dozen MB, the larger none. */
    @Param({"100000", "4000000"})
    public int entries;

    private Store map;

    @Setup
    public void fill()
    {
        map = Stores.filled(store, entries);
    }

    @Benchmark
    @OperationsPerInvocation(Store.BATCH)
    public long getBatch()
    {
        return map.getBatch();
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        map.verifyReads();
    }

    @TearDown
    public void release()
    {
        map.verifySize();
        map.close();
    }
}
