package org.millrace.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A value is overwritten, or a key deleted and set again, keys chosen at random.
 * <p>
 * Question: what does it cost that nothing published is changed in place, so that every put is an allocation, a copy,
 * a release store and a free; and what does an open reader add, for whom the old version is retired instead?
 */
@State(Scope.Thread)
public class KeyspacePutBenchmark extends EngineBenchmark
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
    public void overwrite()
    {
        map.keys.next();
        map.put();
    }

    /** One delete and one put. */
    @Benchmark
    public void deleteThenPut()
    {
        map.keys.next();
        map.remove();
        map.put();
    }

    /** What was put last is read back. */
    @TearDown(Level.Iteration)
    public void verify()
    {
        map.get();
        map.verifyReads();
    }

    @TearDown
    public void release()
    {
        map.verifySize();
        map.close();
    }
}
