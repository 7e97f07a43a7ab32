package org.millrace.jmh.alternatives;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.memory.Memory;
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
 * A value is overwritten by one of the same length, keys chosen at random, while no reader is open and no cut runs.
 * <p>
 * Question: what would be won if the old value were overwritten in place where nobody can see it?
 */
@State(Scope.Thread)
public class PutBenchmark extends EngineBenchmark
{
    @Param({"1000", "4000000"})
    public int entries;

    private Database database;

    @Setup
    public void fill()
    {
        database = new Database(entries);
    }

    /** What the engine does: a new entry, and the old one freed. */
    @Benchmark
    public void replace()
    {
        database.keys.next();
        database.keys.write(database.key);
        database.put();
    }

    @Benchmark
    public void inPlace()
    {
        database.keys.next();
        database.keys.write(database.key);
        final long entry = database.keyspace.find(database.key, KeySequence.KEY_LENGTH);
        final long at = Entry.NO_ENTRY == entry ? 0 : EntryValue.lengthAddress(entry, KeySequence.KEY_LENGTH);
        if (Entry.NO_ENTRY == entry || Entry.isVolatile(entry) || KeySequence.VALUE_LENGTH != RdbLength.decode(at))
        {
            database.put();
            return;
        }

        Memory.copyDisjoint(database.value(), at + RdbLength.encodedLength(at), KeySequence.VALUE_LENGTH);
    }

    /** What was put last is read back. */
    @TearDown(Level.Iteration)
    public void verify()
    {
        EntryValue.copyByEntry(database.keyspace.find(database.key, KeySequence.KEY_LENGTH), database.target);
        database.verify();
    }

    @TearDown
    public void release()
    {
        database.close();
    }
}
