package org.millrace.jmh;

import java.util.concurrent.atomic.AtomicInteger;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * Lock-free gets by foreign threads, keys chosen at random, alone and beside the writer that overwrites at full rate.
 * <p>
 * Question: do readers disturb each other or the writer? Times are those of one thread: two readers that take as long
 * a get as one read twice as much together. Cases of more threads than cores say nothing.
 */
@State(Scope.Benchmark)
public class KeyReaderBenchmark extends EngineBenchmark
{
    private static final int READERS = 2;

    @Param("1000000")
    public int entries;

    private final KeyReader[] readers = new KeyReader[READERS];
    private final AtomicInteger readersTaken = new AtomicInteger();
    private OffHeap memory;
    private DataSet data;

    @Setup
    public void fill()
    {
        memory = new OffHeap(0);
        data = new DataSet(memory, 1, Store.SEED);
        for (int i = 0; i < READERS; i++)
        {
            readers[i] = data.openReader();
        }

        final Writer writer = new Writer();
        writer.prepare(this);
        for (int i = 0; i < entries; i++)
        {
            writer.keys.at(i);
            writer.put();
        }

        writer.release();
    }

    @TearDown
    public void release()
    {
        EngineBenchmark.check(data.keyspace(0).size() == entries, "keys", data.keyspace(0).size(), entries);
        for (final KeyReader reader : readers)
        {
            reader.close();
        }

        data.discard();
        memory.close();
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
    @Group("oneReaderBesideWriter")
    @GroupThreads(1)
    public long get(final Reader reader)
    {
        return reader.get();
    }

    @Benchmark
    @Group("oneReaderBesideWriter")
    @GroupThreads(1)
    public void put(final Writer writer)
    {
        writer.keys.next();
        writer.put();
    }

    @Benchmark
    @Group("twoReadersBesideWriter")
    @GroupThreads(2)
    public long getOfTwo(final Reader reader)
    {
        return reader.get();
    }

    @Benchmark
    @Group("twoReadersBesideWriter")
    @GroupThreads(1)
    public void putBesideTwo(final Writer writer)
    {
        writer.keys.next();
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
            EngineBenchmark.check(0 == misses, "keys missed", misses, 0);
            EngineBenchmark.check(keys.number() == Memory.getLong(target), "value of another key",
                Memory.getLong(target), keys.number());
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
        private final long key = Memory.reserve(KeySequence.KEY_LENGTH);
        private final long value = Memory.reserve(Store.VALUE_LENGTH);
        private KeySequence keys;
        private Keyspace keyspace;
        private StringEditor editor;

        @Setup
        public void prepare(final KeyReaderBenchmark shared)
        {
            keyspace = shared.data.keyspace(0);
            editor = new StringEditor(shared.data);
            keys = new KeySequence(shared.entries, -Store.SEED);
            Memory.set(value, Store.VALUE_LENGTH, (byte)'v');
        }

        @TearDown
        public void release()
        {
            Memory.release(key);
            Memory.release(value);
        }

        private void put()
        {
            keys.write(key);
            Memory.putLong(value, keys.number());
            if (!editor.set(keyspace, key, KeySequence.KEY_LENGTH, value, Store.VALUE_LENGTH, Entry.NO_DEADLINE))
            {
                throw new OutOfMemoryError("no room for key " + keys.number());
            }
        }
    }
}
