package org.millrace.engine.snapshot;

import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.Keyspace;

/** Loads into the databases of a node; writer thread, or the thread that owns a data set which is not live yet. */
final class DataSetTarget implements RdbTarget
{
    private static final int NO_FLAGS = 0;

    private static final int CLOCK_MASK = 0xFF_FFFF;

    private final DataSet data;
    private final StringEditor editor;
    private final int clock;
    private Keyspace keyspace;
    private long sizeBefore;

    /** @param nowMs what is loaded counts as used now: its access clock is in seconds, as for LRU. */
    DataSetTarget(final DataSet data, final long nowMs)
    {
        this.data = data;
        clock = (int)(nowMs / 1000) & CLOCK_MASK;
        editor = new StringEditor(data);
        keyspace = data.keyspace(0);
    }

    @Override
    public int databases()
    {
        return data.databases();
    }

    @Override
    public void select(final int database)
    {
        keyspace = data.keyspace(database);
    }

    @Override
    public void prefetch(final long keyAddress, final int keyLength)
    {
        keyspace.prefetch(keyAddress, keyLength);
    }

    @Override
    public int set(
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final long valueLength,
        final long deadlineMs)
    {
        sizeBefore = keyspace.size();
        if (!editor.set(keyspace, keyAddress, keyLength, valueAddress, valueLength, deadlineMs, clock))
        {
            return NO_MEMORY;
        }

        return hasGrown();
    }

    @Override
    public boolean begin(final long keyAddress, final int keyLength, final long valueLength, final long deadlineMs)
    {
        sizeBefore = keyspace.size();
        if (!editor.begin(keyspace, keyAddress, keyLength, Entry.NO_ENTRY, valueLength, deadlineMs, NO_FLAGS))
        {
            return false;
        }

        editor.clock(clock);
        return true;
    }

    @Override
    public boolean write(final long offset, final long source, final long length)
    {
        return editor.write(offset, source, length);
    }

    @Override
    public int commit()
    {
        return editor.commit() ? hasGrown() : NO_MEMORY;
    }

    @Override
    public void abort()
    {
        editor.abort();
    }

    /** A store that leaves the count as it was has replaced a key: cheaper to ask than a look-up before each. */
    private int hasGrown()
    {
        return keyspace.size() > sizeBefore ? OK : DUPLICATE;
    }
}
