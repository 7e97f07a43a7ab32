package org.millrace.jmh;

import org.millrace.engine.memory.Memory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A value is overwritten, or a key deleted and set again, keys chosen at random.
 * <p>
 * Question: what does it cost that nothing published is changed in place, so that every put is an allocation, a copy,
 * a release store and a free; and what does an open reader add, for whom the old version is retired instead?
 */
public class KeyspacePutBenchmark extends EngineBenchmark
{
    @Benchmark
    public void millrace(final MillraceWrites store)
    {
        store.keys.next();
        store.put();
    }

    /** The same while a reader is open, though it reads nothing. */
    @Benchmark
    public void millraceReaderOpen(final MillraceWrites store)
    {
        store.reader();
        store.keys.next();
        store.put();
    }

    /** One delete and one put. */
    @Benchmark
    public void millraceDeleteThenPut(final MillraceWrites store)
    {
        store.keys.next();
        store.keys.write(store.key);
        store.misses += store.keyspace.remove(store.key, KeySequence.KEY_LENGTH) ? 0 : 1;
        store.put();
    }

    @Benchmark
    public void concurrentHashMap(final HashMapWrites store)
    {
        store.keys.next();
        store.put();
    }

    @Benchmark
    public void concurrentHashMapDeleteThenPut(final HashMapWrites store)
    {
        store.keys.next();
        store.remove();
        store.put();
    }

    @Benchmark
    public void chronicleMap(final ChronicleWrites store)
    {
        store.keys.next();
        store.put();
    }

    @Benchmark
    public void chronicleMapDeleteThenPut(final ChronicleWrites store)
    {
        store.keys.next();
        store.remove();
        store.put();
    }

    /** Checked after each iteration: what was put last is read back. */
    @State(Scope.Thread)
    public static class MillraceWrites extends MillraceStore
    {
        @TearDown(Level.Iteration)
        public void verify()
        {
            get();
            verifyReads(Memory.getLong(target));
        }
    }

    /** Checked after each iteration: what was put last is read back. */
    @State(Scope.Thread)
    public static class HashMapWrites extends HashMapStore
    {
        @TearDown(Level.Iteration)
        public void verify()
        {
            get();
            verifyReads(KeySequence.stamp(target));
        }
    }

    /** Checked after each iteration: what was put last is read back. */
    @State(Scope.Thread)
    public static class ChronicleWrites extends ChronicleStore
    {
        @TearDown(Level.Iteration)
        public void verify()
        {
            get();
            verifyReads(KeySequence.stamp(target));
        }
    }
}
