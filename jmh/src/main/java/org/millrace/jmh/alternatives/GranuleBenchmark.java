package org.millrace.jmh.alternatives;

import org.millrace.jmh.EngineBenchmark;
import org.millrace.jmh.KeySequence;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * References count granules of 4 bytes (16 GiB can be addressed) or 8 (32 GiB), and blocks are rounded up to them.
 * <p>
 * Question: does the greater range cost time? (Memory it costs two bytes a key on average: lengths are rounded up by
 * 1.5 bytes with 4, by 3.5 with 8.)
 */
@State(Scope.Thread)
public class GranuleBenchmark extends EngineBenchmark
{
    @Param({"2", "3"})
    public int granuleShift;

    @Param({"1000", "4000000"})
    public int entries;

    private Database database;

    @Setup
    public void fill()
    {
        database = new Database(entries, granuleShift);
    }

    @Benchmark
    public long get()
    {
        database.keys.next();
        database.keys.write(database.key);
        return EntryValue.copyByKeyLength(
            database.keyspace.find(database.key, KeySequence.KEY_LENGTH),
            KeySequence.KEY_LENGTH,
            database.target);
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
}
