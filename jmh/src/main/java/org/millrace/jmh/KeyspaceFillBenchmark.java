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
 * New keys are put into an empty map until it holds a hundred thousand, or all of them are deleted again; an operation
 * is one key.
 * <p>
 * Question: what does it cost to grow and to shrink by splitting and merging pages, beside maps that were told at
 * the start how many entries there will be?
 */
public class KeyspaceFillBenchmark extends EngineBenchmark
{
    private static final int ENTRIES = 100_000;

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void insert(final EmptyMap target)
    {
        for (int i = 0; i < ENTRIES; i++)
        {
            target.map.keys.at(i);
            target.map.put();
        }
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void delete(final FullMap target)
    {
        for (int i = 0; i < ENTRIES; i++)
        {
            target.map.keys.at(i);
            target.map.remove();
        }
    }

    /** Another one for each call. */
    @State(Scope.Thread)
    public static class EmptyMap
    {
        @Param({
            Stores.MILLRACE,
            Stores.READER,
            Stores.CONCURRENT_HASH_MAP,
            Stores.CHRONICLE_MAP,
            Stores.OHC,
            Stores.CAFFEINE})
        public String store;

        private Store map;

        @Setup(Level.Invocation)
        public void open()
        {
            map = Stores.open(store, ENTRIES);
        }

        @TearDown(Level.Invocation)
        public void close()
        {
            map.verifySize();
            map.close();
        }
    }

    /** Another one for each call. */
    @State(Scope.Thread)
    public static class FullMap
    {
        @Param({
            Stores.MILLRACE,
            Stores.READER,
            Stores.CONCURRENT_HASH_MAP,
            Stores.CHRONICLE_MAP,
            Stores.OHC,
            Stores.CAFFEINE})
        public String store;

        private Store map;

        @Setup(Level.Invocation)
        public void fill()
        {
            map = Stores.filled(store, ENTRIES);
        }

        @TearDown(Level.Invocation)
        public void close()
        {
            check(0 == map.size() && 0 == map.misses, "keys left", map.size(), 0);
            map.close();
        }
    }
}
