package org.millrace.jmh;

import org.millrace.engine.memory.Memory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A key is looked up and its value copied out, keys chosen at random.
 * <p>
 * Question: is a get from off-heap memory as cheap as one from a map of objects while everything is in the cache, how
 * far do cache misses set it back, and how much of that do batches win back that touch their buckets first?
 */
public class KeyspaceGetBenchmark extends EngineBenchmark
{
    /** The writer's own look-up. */
    @Benchmark
    public long millrace(final MillraceReads store)
    {
        store.keys.next();
        return store.get();
    }

    /** A foreign thread's: enter an epoch, look up, copy, leave. */
    @Benchmark
    public long millraceReader(final MillraceReads store)
    {
        store.keys.next();
        store.keys.write(store.key);
        final long length = store.reader().get(0, store.key, KeySequence.KEY_LENGTH, 0, store.target,
            Store.VALUE_LENGTH);
        store.misses += Store.VALUE_LENGTH == length ? 0 : 1;
        return length;
    }

    /** Sixteen keys at a time: all buckets are touched, then all entries, then the keys are looked up. */
    @Benchmark
    @OperationsPerInvocation(MillraceStore.BATCH)
    public long millraceBatch(final MillraceReads store)
    {
        for (int i = 0; i < MillraceStore.BATCH; i++)
        {
            final long key = store.key + (long)i * KeySequence.KEY_LENGTH;
            store.keys.next();
            store.keys.write(key);
            store.hashes[i] = store.keyspace.hash(key, KeySequence.KEY_LENGTH);
        }

        store.keyspace.prefetch(store.hashes, MillraceStore.BATCH);
        long length = 0;
        for (int i = 0; i < MillraceStore.BATCH; i++)
        {
            final long key = store.key + (long)i * KeySequence.KEY_LENGTH;
            length += store.copy(store.keyspace.findHashed(store.hashes[i], key, KeySequence.KEY_LENGTH));
        }

        return length;
    }

    @Benchmark
    public byte[] concurrentHashMap(final HashMapReads store)
    {
        store.keys.next();
        store.get();
        return store.target;
    }

    @Benchmark
    public byte[] chronicleMap(final ChronicleReads store)
    {
        store.keys.next();
        store.get();
        return store.target;
    }

    /** Checked after each iteration. */
    @State(Scope.Thread)
    public static class MillraceReads extends MillraceStore
    {
        @TearDown(Level.Iteration)
        public void verify()
        {
            verifyReads(Memory.getLong(target));
        }
    }

    /** Checked after each iteration. */
    @State(Scope.Thread)
    public static class HashMapReads extends HashMapStore
    {
        @TearDown(Level.Iteration)
        public void verify()
        {
            verifyReads(KeySequence.stamp(target));
        }
    }

    /** Checked after each iteration. */
    @State(Scope.Thread)
    public static class ChronicleReads extends ChronicleStore
    {
        @TearDown(Level.Iteration)
        public void verify()
        {
            verifyReads(KeySequence.stamp(target));
        }
    }
}
