package org.millrace.jmh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.memory.Memory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * Lock-free gets by foreign threads, keys chosen at random, alone and beside the writer that overwrites at full rate.
 * <p>
 * Question: do readers disturb each other, does the writer disturb a reader, and how long does the slowest read in a
 * thousand take beside it? Rates are those of all threads of a case together: compare {@code twoReaders} with
 * {@code oneReader}, and {@code besideWriter:get} with {@code oneReader}. Latencies are sampled and hold the two looks
 * at the clock that sampling takes: {@code clockAlone} and {@code clockBesideWriter} are those and nothing else, and
 * show what the machine by itself does to the tail. Cases of more threads than cores say nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class KeyReaderBenchmark extends EngineBenchmark
{
    private static final int READERS = 2;

    /** The smaller number fits a cache of a few dozen MB, the larger none. */
    @Param({"100000", "4000000"})
    public int entries;

    private final KeyReader[] readers = new KeyReader[READERS];
    private final AtomicInteger readersTaken = new AtomicInteger();
    private MillraceStore store;

    @Setup
    public void fill()
    {
        store = new MillraceStore(entries);
        for (int i = 0; i < READERS; i++)
        {
            readers[i] = store.data.openReader();
        }

        store.fill();
    }

    @TearDown
    public void release()
    {
        store.verifySize();
        for (final KeyReader reader : readers)
        {
            reader.close();
        }

        store.close();
    }

    @Benchmark
    public long oneReader(final Reader reader)
    {
        return reader.get();
    }

    @Benchmark
    @Threads(2)
    public long twoReaders(final Reader reader)
    {
        return reader.get();
    }

    @Benchmark
    @Group("besideWriter")
    @GroupThreads(1)
    public long get(final Reader reader)
    {
        return reader.get();
    }

    @Benchmark
    @Group("besideWriter")
    @GroupThreads(1)
    public void put(final Writer writer)
    {
        writer.put();
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public long latencyAlone(final Reader reader)
    {
        return reader.get();
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Group("latencyBesideWriter")
    @GroupThreads(1)
    public long latency(final Reader reader)
    {
        return reader.get();
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Group("latencyBesideWriter")
    @GroupThreads(1)
    public void latencyOfPut(final Writer writer)
    {
        writer.put();
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    public void clockAlone()
    {
        // Nothing: what is measured is the clock.
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Group("clockBesideWriter")
    @GroupThreads(1)
    public void clock()
    {
        // Nothing: what is measured is the clock.
    }

    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.NANOSECONDS)
    @Group("clockBesideWriter")
    @GroupThreads(1)
    public void putBesideClock(final Writer writer)
    {
        writer.put();
    }

    /** A foreign thread with its reader. */
    @State(Scope.Thread)
    public static class Reader
    {
        private final long key = Memory.reserve(KeySequence.KEY_LENGTH);
        private final long target = Memory.reserve(Store.VALUE_LENGTH);
        private KeySequence keys;
        private KeyReader reader;
        private long misses;

        @Setup
        public void prepare(final KeyReaderBenchmark shared)
        {
            final int number = shared.readersTaken.getAndIncrement();
            reader = shared.readers[number];
            keys = new KeySequence(shared.entries, Store.SEED + number);
        }

        long get()
        {
            keys.next();
            keys.write(key);
            final long length = reader.get(0, key, KeySequence.KEY_LENGTH, 0, target, Store.VALUE_LENGTH);
            misses += Store.VALUE_LENGTH == length ? 0 : 1;
            return length;
        }

        @TearDown(Level.Iteration)
        public void verify()
        {
            check(0 == misses, "keys missed", misses, 0);
            check(keys.stamp() == Memory.getLong(target), "value of another key", Memory.getLong(target),
                keys.stamp());
        }

        @TearDown
        public void release()
        {
            Memory.release(key);
            Memory.release(target);
        }
    }

    /** The writer thread. */
    @State(Scope.Thread)
    public static class Writer
    {
        private MillraceStore store;

        @Setup
        public void prepare(final KeyReaderBenchmark shared)
        {
            store = shared.store;
        }

        void put()
        {
            store.keys.next();
            store.put();
        }
    }
}
