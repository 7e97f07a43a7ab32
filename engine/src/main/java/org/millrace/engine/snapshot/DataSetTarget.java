package org.millrace.engine.snapshot;

import java.util.List;

import org.millrace.engine.datatype.EntryBuilder;
import org.millrace.engine.datatype.StringEditor;
import org.millrace.engine.datatype.ValueBuilder;
import org.millrace.engine.keyspace.AccessClock;
import org.millrace.engine.keyspace.ClockRules;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.Keyspace;

/** Loads into the databases of a node; writer thread, or the thread that owns a data set which is not live yet. */
final class DataSetTarget implements RdbTarget
{
    private final DataSet data;
    private final Presence present;
    private final EntryBuilder builder;
    private final ClockRules rules;
    private final long nowMs;
    private final long[] hashes = new long[RdbBatch.CAPACITY];
    private final int newClock;
    private int clock;
    private Keyspace keyspace;

    /** @param nowMs what is loaded counts as used now, or new, unless more is said. */
    DataSetTarget(final DataSet data, final long nowMs, final Presence present)
    {
        this.data = data;
        this.present = present;
        this.nowMs = nowMs;
        rules = data.clockRules();
        newClock = AccessClock.initial(nowMs, rules);
        clock = newClock;
        final StringEditor editor = new StringEditor(data);
        builder = Presence.GIVES_WAY == present ? new EntryBuilder(editor) : EntryBuilder.ofNewKeys(editor);
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
    public void prefetch(final long[] keyAddresses, final int[] keyLengths, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            hashes[i] = keyspace.hash(keyAddresses[i], keyLengths[i]);
        }

        keyspace.prefetch(hashes, count);
    }

    @Override
    public int set(
        final long keyAddress,
        final int keyLength,
        final long valueAddress,
        final long valueLength,
        final long deadlineMs)
    {
        return builder.key(keyspace, keyAddress, keyLength, deadlineMs, clock).set(valueAddress, valueLength);
    }

    @Override
    public ValueBuilder value(final long keyAddress, final int keyLength, final long deadlineMs)
    {
        return builder.key(keyspace, keyAddress, keyLength, deadlineMs, clock);
    }

    @Override
    public void idle(final long seconds)
    {
        if (!rules.isByFrequency)
        {
            // As many as the clock can tell.
            clock = AccessClock.idle(seconds < 0 ? AccessClock.SECONDS_MAX : Math.min(seconds, AccessClock.SECONDS_MAX),
                nowMs);
        }
    }

    @Override
    public void frequency(final int counter)
    {
        if (rules.isByFrequency)
        {
            clock = AccessClock.frequency(counter, nowMs);
        }
    }

    @Override
    public void usageUnknown()
    {
        clock = newClock;
    }

    @Override
    public void script(final byte[] source)
    {
        data.functions().keepScript(source);
    }

    @Override
    public String functions(final List<byte[]> sources)
    {
        return Presence.NONE == present
            ? data.functions().replace(sources)
            : data.functions().add(sources, Presence.GIVES_WAY == present);
    }
}
