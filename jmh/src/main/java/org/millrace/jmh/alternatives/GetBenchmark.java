package org.millrace.jmh.alternatives;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.jmh.EngineBenchmark;
import org.millrace.jmh.KeySequence;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Sixteen keys, chosen at random, are looked up by the writer and their values copied out; an operation is one key.
 * <p>
 * Question: what does each way win that lets cache misses overlap?
 */
@State(Scope.Thread)
public class GetBenchmark extends EngineBenchmark
{
    private static final int LINE_LENGTH = 64;

    @Param({"1000", "4000000"})
    public int entries;

    private Database database;
    private long touched;

    @Setup
    public void fill()
    {
        database = new Database(entries);
    }

    /** One after another, the value found by the lengths in the entry. */
    @Benchmark
    @OperationsPerInvocation(Database.BATCH)
    public long byEntry()
    {
        database.hashBatch();
        long length = 0;
        for (int i = 0; i < Database.BATCH; i++)
        {
            length += EntryValue.copyByEntry(find(i), database.target);
        }

        return length;
    }

    /** One after another, the value found by the length of the key. */
    @Benchmark
    @OperationsPerInvocation(Database.BATCH)
    public long byKeyLength()
    {
        database.hashBatch();
        return copyBatch();
    }

    /** The buckets of all keys are touched first. */
    @Benchmark
    @OperationsPerInvocation(Database.BATCH)
    public long bucketsTouched()
    {
        database.hashBatch();
        for (int i = 0; i < Database.BATCH; i++)
        {
            database.keyspace.prefetch(database.keyOfBatch(i), KeySequence.KEY_LENGTH);
        }

        return copyBatch();
    }

    /** The buckets are touched, then the entries: what the engine does. */
    @Benchmark
    @OperationsPerInvocation(Database.BATCH)
    public long entriesTouched()
    {
        database.hashBatch();
        database.keyspace.prefetch(database.hashes, Database.BATCH);
        return copyBatch();
    }

    /** The buckets are touched, then the entries, then the cache line in which each value ends. */
    @Benchmark
    @OperationsPerInvocation(Database.BATCH)
    public long valuesTouched()
    {
        database.hashBatch();
        database.keyspace.prefetch(database.hashes, Database.BATCH);
        long sum = 0;
        for (int i = 0; i < Database.BATCH; i++)
        {
            sum += Memory.getByte(find(i) + LINE_LENGTH);
        }

        touched += sum;
        return copyBatch();
    }

    @TearDown(Level.Iteration)
    public void verify()
    {
        database.verify();
    }

    @TearDown
    public void release()
    {
        database.close();
    }

    private long copyBatch()
    {
        long length = 0;
        for (int i = 0; i < Database.BATCH; i++)
        {
            length += EntryValue.copyByKeyLength(find(i), KeySequence.KEY_LENGTH, database.target);
        }

        return length;
    }

    private long find(final int index)
    {
        final long entry = database.keyspace.findHashed(
            database.hashes[index],
            database.keyOfBatch(index),
            KeySequence.KEY_LENGTH);
        check(Entry.NO_ENTRY != entry, "no entry: key of batch", index, Database.BATCH);
        return entry;
    }
}
