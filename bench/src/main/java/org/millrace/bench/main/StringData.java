package org.millrace.bench.main;

import java.io.IOException;
import java.util.Locale;

import org.millrace.bench.rig.Fill;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;
import org.millrace.kit.server.ServerProcess;

/**
 * Strings of one length.
 */
final class StringData implements DataSet
{
    private final long keyCount;
    private final int valueLength;
    private final Values values;

    StringData(final long keyCount, final int valueLength, final long seed)
    {
        this.keyCount = keyCount;
        this.valueLength = valueLength;
        values = new Values(seed, valueLength);
    }

    /** {@inheritDoc} */
    @Override
    public String describe()
    {
        return String.format(Locale.ROOT, "%,d x %,d B (%.1f GB)", keyCount, valueLength, dataBytes() / 1e9);
    }

    /** {@inheritDoc} */
    @Override
    public long keyCount()
    {
        return keyCount;
    }

    /** {@inheritDoc} */
    @Override
    public long dataBytes()
    {
        return keyCount * valueLength;
    }

    /** {@inheritDoc} */
    @Override
    public long memoryBytes()
    {
        return dataBytes();
    }

    /** {@inheritDoc} */
    @Override
    public String writeName()
    {
        return "SET";
    }

    /** {@inheritDoc} */
    @Override
    public int writeBytes()
    {
        return valueLength;
    }

    /** {@inheritDoc} */
    @Override
    public Workload writes(final long seed)
    {
        return Workloads.set((int)keyCount, values, valueLength, seed);
    }

    /** {@inheritDoc} */
    @Override
    public void fill(final ServerProcess server) throws IOException
    {
        Fill.run(ServerProcess.HOST, server.port(), 0, keyCount, values, valueLength, 0);
    }
}
