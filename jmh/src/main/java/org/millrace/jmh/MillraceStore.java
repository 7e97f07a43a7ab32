package org.millrace.jmh;

import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.datatype.StringValue;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryVisitor;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/** Our keyspace, called as the writer thread calls it. It is not told how many entries there will be. */
class MillraceStore extends Store
{
    final DataSet data;
    final long key = Memory.reserve((long)BATCH * KeySequence.KEY_LENGTH);
    final long target = Memory.reserve(VALUE_LENGTH);
    final long[] hashes = new long[BATCH];

    private final OffHeap memory = new OffHeap(0);
    private final Keyspace keyspace;
    private final StringEditor editor;
    private final long values = Memory.reserve((long)KeySequence.VALUES * VALUE_LENGTH);
    private final EntryVisitor visitor = this::onEntry;
    private int visits;
    private long cursor;

    MillraceStore(final int entries)
    {
        super(entries);
        data = new DataSet(memory, 1, SEED);
        keyspace = data.keyspace(0);
        editor = new StringEditor(data);
        KeySequence.writeValues(values);
        Memory.set(target, VALUE_LENGTH, (byte)0);
    }

    @Override
    final void put()
    {
        keys.write(key);
        final long value = values + keys.stamp() * VALUE_LENGTH;
        if (!editor.set(keyspace, key, KeySequence.KEY_LENGTH, value, VALUE_LENGTH, Entry.NO_DEADLINE))
        {
            throw new OutOfMemoryError("no room for key " + keys.number());
        }
    }

    @Override
    long get()
    {
        keys.write(key);
        return copy(keyspace.find(key, KeySequence.KEY_LENGTH));
    }

    /** All buckets are touched, then all entries, then the keys are looked up. */
    @Override
    long getBatch()
    {
        hashBatch();
        keyspace.prefetch(hashes, BATCH);
        long length = 0;
        for (int i = 0; i < BATCH; i++)
        {
            length += copy(keyspace.findHashed(hashes[i], keyOfBatch(i), KeySequence.KEY_LENGTH));
        }

        return length;
    }

    @Override
    final void remove()
    {
        keys.write(key);
        misses += keyspace.remove(key, KeySequence.KEY_LENGTH) ? 0 : 1;
    }

    /** One bucket. */
    @Override
    final int visitSome()
    {
        visits = 0;
        cursor = keyspace.scan(cursor, visitor);
        return visits;
    }

    @Override
    final long size()
    {
        return keyspace.size();
    }

    @Override
    final long stampRead()
    {
        return Memory.getLong(target);
    }

    @Override
    public void close()
    {
        data.discard();
        memory.close();
        Memory.release(key);
        Memory.release(values);
        Memory.release(target);
    }

    final void hashBatch()
    {
        for (int i = 0; i < BATCH; i++)
        {
            keys.next();
            keys.write(keyOfBatch(i));
            hashes[i] = keyspace.hash(keyOfBatch(i), KeySequence.KEY_LENGTH);
        }
    }

    final long keyOfBatch(final int index)
    {
        return key + (long)index * KeySequence.KEY_LENGTH;
    }

    private long copy(final long entry)
    {
        if (Entry.NO_ENTRY == entry)
        {
            misses++;
            return 0;
        }

        final long length = StringValue.length(entry);
        Memory.copyDisjoint(StringValue.content(entry), target, length);
        return length;
    }

    private void onEntry(final Keyspace visited, final long entry)
    {
        visits++;
        visited(Memory.getLong(Entry.keyAddress(entry)), Memory.getLong(StringValue.content(entry)));
    }
}
