package org.millrace.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * All entries are visited, again and again, and the first bytes of key and value read; an operation is one entry.
 * <p>
 * Question: what does SCAN pay an entry, and with it the walk of a snapshot, which goes the same way?
 */
@State(Scope.Thread)
public class KeyspaceScanBenchmark extends EngineBenchmark
{
    private static final int VISITS = 1000;

    @Param({
        Stores.MILLRACE,
        Stores.CONCURRENT_HASH_MAP,
        Stores.CHRONICLE_MAP,
        Stores.OHC,
        Stores.CAFFEINE})
    public String store;

    /** The smaller number fits a cache of a few dozen MB, the larger none. */
    @Param({"100000", "4000000"})
    public int entries;

    private Store map;
    private long ahead;

    @Setup
    public void fill()
    {
        map = Stores.filled(store, entries);
        visitAll();
    }

    /** Stores visit a bucket, or more, at once: what was visited too many is not visited next time. */
    @Benchmark
    @OperationsPerInvocation(VISITS)
    public long visit()
    {
        ahead -= VISITS;
        while (ahead < 0)
        {
            ahead += map.visitSome();
        }

        return map.sum;
    }

    @TearDown
    public void release()
    {
        map.verifySize();
        map.close();
    }

    private void visitAll()
    {
        map.sum = 0;
        long visited = 0;
        while (visited < entries)
        {
            visited += map.visitSome();
        }

        long sum = 0;
        for (int i = 0; i < entries; i++)
        {
            map.keys.at(i);
            sum += map.keys.low() ^ map.keys.stamp();
        }

        check(visited == entries, "entries visited", visited, entries);
        check(sum == map.sum, "sum of what was visited", map.sum, sum);
    }
}
