package org.millrace.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A field of one large hash is looked up and its value copied out, or it gets another value; beside maps of the JDK and
 * of others with the same keys and values. Fields are chosen at random.
 * <p>
 * Question: what does a hash cost that lies off-heap in a tree, which is found by its key first; and what does a foreign
 * thread pay beside the writer?
 */
@State(Scope.Thread)
public class HashFieldBenchmark extends EngineBenchmark
{
    @Param({Stores.HASH, Stores.HASH_READER, Stores.CONCURRENT_HASH_MAP, Stores.CHRONICLE_MAP})
    public String store;

    @Param("1000000")
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

    @Benchmark
    public void overwrite()
    {
        map.keys.next();
        map.put();
    }

    /** What was asked for last is read back. */
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
