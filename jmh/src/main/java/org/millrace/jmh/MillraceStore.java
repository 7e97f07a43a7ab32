package org.millrace.jmh;

import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** Our keyspace, called as the writer thread calls it, and a lock-free reader of it. */
public class MillraceStore extends Store
{
    /** Keys of a batch: as many as the writer takes from a pipeline at once. */
    static final int BATCH = 16;

    OffHeap memory;
    DataSet data;
    Keyspace keyspace;
    StringEditor editor;
    long key;
    long value;
    long target;
    final long[] hashes = new long[BATCH];

    private KeyReader reader;

    @Setup
    public void fill()
    {
        begin();
        memory = new OffHeap(0);
        data = new DataSet(memory, 1, SEED);
        keyspace = data.keyspace(0);
        editor = new StringEditor(data);
        key = Memory.reserve((long)BATCH * KeySequence.KEY_LENGTH);
        value = Memory.reserve(VALUE_LENGTH);
        target = Memory.reserve(VALUE_LENGTH);
        Memory.set(value, VALUE_LENGTH, (byte)'v');
        for (int i = 0; i < entries; i++)
        {
            keys.at(i);
            put();
        }

        EngineBenchmark.check(keyspace.size() == entries, "keys", keyspace.size(), entries);
    }

    @TearDown
    public void release()
    {
        EngineBenchmark.check(keyspace.size() == entries, "keys", keyspace.size(), entries);
        if (null != reader)
        {
            reader.close();
            reader = null;
        }

        data.discard();
        memory.close();
        Memory.release(key);
        Memory.release(value);
        Memory.release(target);
    }

    /** The reader; from when it is first asked for, what is replaced is retired and no longer freed at once. */
    KeyReader reader()
    {
        if (null == reader)
        {
            reader = data.openReader();
        }

        return reader;
    }

    /** Set the present key. */
    void put()
    {
        keys.write(key);
        Memory.putLong(value, keys.number());
        if (!editor.set(keyspace, key, KeySequence.KEY_LENGTH, value, VALUE_LENGTH, Entry.NO_DEADLINE))
        {
            throw new OutOfMemoryError("no room for key " + keys.number());
        }
    }

    /** Copy the value of the present key to the target. */
    long get()
    {
        keys.write(key);
        return copy(keyspace.find(key, KeySequence.KEY_LENGTH));
    }

    long copy(final long entry)
    {
        if (Entry.NO_ENTRY == entry)
        {
            misses++;
            return 0;
        }

        final long length = Entry.valueLength(entry);
        Memory.copy(Entry.valueAddress(entry), target, length);
        return length;
    }
}
