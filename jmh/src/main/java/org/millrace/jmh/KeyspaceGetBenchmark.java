package org.millrace.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A key is looked up and its value copied out, keys chosen at random.
 * <p>
 * Question: is a get from off-heap memory as cheap as one from a map of objects while everything is in the cache, and
 * how far do cache misses set it back? What does a foreign thread pay for its epoch, what for the whole embedding API?
 */
@State(Scope.Thread)
public class KeyspaceGetBenchmark extends EngineBenchmark
{
    @Param({
        Stores.MILLRACE,
        Stores.READER,
        Stores.NODE,
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
    public long get()
    {
        map.keys.next();
        return map.get();
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
