package org.millrace.jmh;

import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.ElementReader;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.HashTree;

/**
 * One large hash of ours, whose fields are the keys: found and changed as the writer thread does, its key looked up each
 * time; and read as a foreign thread does once {@link #readAsForeigner} has been called.
 */
final class HashFieldStore extends Store
{
    private static final int NAME_LENGTH = 4;

    private final OffHeap memory = new OffHeap(0);
    private final DataSet data = new DataSet(memory, 1, SEED);
    private final Keyspace keyspace = data.keyspace(0);
    private final HashValue hash = Values.of(data).hashes();
    private final long name = Memory.reserve(NAME_LENGTH);
    private final long field = Memory.reserve(KeySequence.KEY_LENGTH);
    private final long target = Memory.reserve(VALUE_LENGTH);
    private final long values = Memory.reserve((long)KeySequence.VALUES * VALUE_LENGTH);
    private KeyReader reader;
    private ElementReader elements;

    HashFieldStore(final int entries)
    {
        super(entries);
        Memory.set(name, NAME_LENGTH, (byte)'h');
        Memory.set(target, VALUE_LENGTH, (byte)0);
        KeySequence.writeValues(values);
    }

    /** From now on gets are those of a foreign thread. @return this. */
    HashFieldStore readAsForeigner()
    {
        reader = data.openReader();
        elements = new ElementReader(reader);
        return this;
    }

    private HashValue open()
    {
        keys.write(field);
        return hash.open(keyspace, name, NAME_LENGTH, keyspace.find(name, NAME_LENGTH));
    }

    @Override
    void put()
    {
        if (HashTree.NO_MEMORY == open().put(
            field, KeySequence.KEY_LENGTH, values + keys.stamp() * VALUE_LENGTH, VALUE_LENGTH))
        {
            throw new OutOfMemoryError("no room for field " + keys.number());
        }
    }

    @Override
    long get()
    {
        final long length = null == elements ? copy(open().find(field, KeySequence.KEY_LENGTH)) : read();
        misses += VALUE_LENGTH == length ? 0 : 1;
        return length;
    }

    private long read()
    {
        keys.write(field);
        return elements.field(0, name, NAME_LENGTH, field, KeySequence.KEY_LENGTH, target, VALUE_LENGTH);
    }

    private long copy(final long element)
    {
        if (HashTree.NONE == element)
        {
            return 0;
        }

        final long at = HashValue.value(element);
        final long length = ElementString.textLength(at);
        Memory.copyDisjoint(ElementString.textAddress(at), target, length);
        return length;
    }

    @Override
    void remove()
    {
        misses += HashTree.REMOVED == open().remove(field, KeySequence.KEY_LENGTH) ? 0 : 1;
    }

    @Override
    int visitSome()
    {
        throw new UnsupportedOperationException("fields are found one by one");
    }

    @Override
    long size()
    {
        return open().size();
    }

    @Override
    long stampRead()
    {
        return Memory.getLong(target);
    }

    @Override
    public void close()
    {
        if (null != elements)
        {
            elements.close();
            reader.close();
        }

        data.discard();
        memory.close();
        Memory.release(name);
        Memory.release(field);
        Memory.release(target);
        Memory.release(values);
    }
}
