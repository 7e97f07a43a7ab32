package org.millrace.jmh;

import org.millrace.engine.datatype.CollectionView;
import org.millrace.engine.datatype.SortedSetValue;
import org.millrace.engine.datatype.Values;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.ElementReader;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.keyspace.ValueView;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.HashTree;

/**
 * A sorted set of ours as the writer thread has it, its key looked up each time; or as a foreign thread reads it, for
 * which the writer, here the same thread, opens the pins.
 */
final class MillraceBoard extends Board
{
    private static final int NAME_LENGTH = 5;

    private final OffHeap memory = new OffHeap(0);
    private final DataSet data = new DataSet(memory, 1, Store.SEED);
    private final Keyspace keyspace = data.keyspace(0);
    private final SortedSetValue set = Values.of(data).sortedSets();
    private final CollectionView view = new CollectionView(memory);
    private final long name = Memory.reserve(NAME_LENGTH);
    private final long member = Memory.reserve(KeySequence.KEY_LENGTH);
    private KeyReader reader;
    private ElementReader elements;
    private ValueView values;

    MillraceBoard(final int entries)
    {
        super(entries);
        Memory.set(name, NAME_LENGTH, (byte)'b');
    }

    /** From now on what is read is read by a foreign thread. @return this. */
    MillraceBoard readAsForeigner()
    {
        reader = data.openReader();
        elements = new ElementReader(reader);
        values = new ValueView(reader);
        return this;
    }

    private long entry()
    {
        return keyspace.find(name, NAME_LENGTH);
    }

    private SortedSetValue open()
    {
        members.write(member);
        return set.open(keyspace, name, NAME_LENGTH, entry());
    }

    @Override
    void put(final double score)
    {
        if (HashTree.NO_MEMORY == open().put(member, KeySequence.KEY_LENGTH, score))
        {
            throw new OutOfMemoryError("no room for member " + members.number());
        }
    }

    @Override
    double score()
    {
        if (null == elements)
        {
            return SortedSetValue.score(open().find(member, KeySequence.KEY_LENGTH));
        }

        members.write(member);
        elements.score(0, name, NAME_LENGTH, member, KeySequence.KEY_LENGTH);
        return elements.lastScore();
    }

    @Override
    long rank()
    {
        if (null == elements)
        {
            open().find(member, KeySequence.KEY_LENGTH);
            return set.rank();
        }

        members.write(member);
        return elements.rank(0, name, NAME_LENGTH, member, KeySequence.KEY_LENGTH);
    }

    @Override
    double top()
    {
        if (null == values)
        {
            return top(entry());
        }

        values.open();
        reader.pin().ask(0, name, NAME_LENGTH);
        reader.pin().serve();
        final double sum = top(values.look(reader.pin().entry()));
        values.close();
        reader.pin().release();
        reader.pin().serve();
        return sum;
    }

    private double top(final long entry)
    {
        view.begin(entry, 0);
        view.range(view.size() - TOP, view.size());
        view.descend();
        double sum = 0;
        while (view.next())
        {
            sum += view.score();
        }

        return sum;
    }

    @Override
    long size()
    {
        return open().size();
    }

    @Override
    public void close()
    {
        if (null != elements)
        {
            elements.close();
            reader.close();
        }

        view.close();
        data.discard();
        memory.close();
        Memory.release(name);
        Memory.release(member);
    }
}
