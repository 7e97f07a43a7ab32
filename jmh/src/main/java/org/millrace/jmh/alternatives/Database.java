package org.millrace.jmh.alternatives;

import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.jmh.EngineBenchmark;
import org.millrace.jmh.KeySequence;

/** A keyspace full of entries, with the buffers that its callers need. */
final class Database implements AutoCloseable
{
    static final long SEED = 20_261_121L;

    /** Keys of a batch. */
    static final int BATCH = 16;

    private static final int GRANULE_SHIFT = 3;

    final KeySequence keys;
    final OffHeap memory;
    final Keyspace keyspace;
    final long key = Memory.reserve((long)BATCH * KeySequence.KEY_LENGTH);
    final long target = Memory.reserve(KeySequence.VALUE_LENGTH);
    final long[] hashes = new long[BATCH];

    private final int entries;
    private final DataSet data;
    private final StringEditor editor;
    private final long values = Memory.reserve((long)KeySequence.VALUES * KeySequence.VALUE_LENGTH);

    Database(final int entries)
    {
        this(entries, GRANULE_SHIFT);
    }

    Database(final int entries, final int granuleShift)
    {
        this.entries = entries;
        keys = new KeySequence(entries, SEED);
        memory = new OffHeap(0, granuleShift);
        data = new DataSet(memory, 1, SEED);
        keyspace = data.keyspace(0);
        editor = new StringEditor(data);
        KeySequence.writeValues(values);
        for (int i = 0; i < entries; i++)
        {
            keys.at(i);
            keys.write(key);
            put();
        }
    }

    /** Address of the value that the present key gets. */
    long value()
    {
        return values + keys.stamp() * KeySequence.VALUE_LENGTH;
    }

    /** Set the key in the key buffer, which is the present one. */
    void put()
    {
        if (!editor.set(keyspace, key, KeySequence.KEY_LENGTH, value(), KeySequence.VALUE_LENGTH, Entry.NO_DEADLINE))
        {
            throw new OutOfMemoryError("no room for key " + keys.number());
        }
    }

    long keyOfBatch(final int index)
    {
        return key + (long)index * KeySequence.KEY_LENGTH;
    }

    /** Choose the keys of a batch and hash them. */
    void hashBatch()
    {
        for (int i = 0; i < BATCH; i++)
        {
            keys.next();
            keys.write(keyOfBatch(i));
            hashes[i] = keyspace.hash(keyOfBatch(i), KeySequence.KEY_LENGTH);
        }
    }

    /** What was copied last must be the value of the present key. */
    void verify()
    {
        EngineBenchmark.check(keys.stamp() == Memory.getLong(target), "value of another key", Memory.getLong(target),
            keys.stamp());
        EngineBenchmark.check(keyspace.size() == entries, "keys", keyspace.size(), entries);
    }

    @Override
    public void close()
    {
        data.discard();
        memory.close();
        Memory.release(key);
        Memory.release(target);
        Memory.release(values);
    }
}
