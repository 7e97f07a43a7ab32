package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.IntsetLayout;
import org.millrace.engine.value.ValueRuns;

/** The row of sets of integers. */
final class IntsetType extends ValueType
{
    IntsetType()
    {
        super(IntsetLayout.TYPE, "set", SET, false);
    }

    @Override
    public String encodingName(final long entry)
    {
        return "intset";
    }

    @Override
    public int refCount(final long entry)
    {
        return 1;
    }

    @Override
    public long contentLength(final long entry)
    {
        return IntsetLayout.blobLength(Entry.value(entry));
    }

    @Override
    public void elements(final long entry, final ValueRuns runs, final ElementVisitor visitor)
    {
        final long value = Entry.value(entry);
        for (long i = 0, count = IntsetLayout.count(value); i < count; i++)
        {
            runs.range(runs.small(), Decimal.format(runs.small(), IntsetLayout.number(value, i)));
            visitor.onPart(runs);
            visitor.onEnd();
        }
    }

    @Override
    public int copy(final long entry, final ValueRuns runs, final ValueBuilder builder)
    {
        final long value = Entry.value(entry);
        final long count = IntsetLayout.count(value);
        final long text = Memory.reserve(Decimal.LENGTH_MAX);
        int result = builder.begin(IntsetLayout.TYPE, count);
        if (ValueBuilder.OK == result)
        {
            for (long i = 0; i < count && ValueBuilder.OK == result; i++)
            {
                result = builder.add(text, Decimal.format(text, IntsetLayout.number(value, i)));
            }

            if (ValueBuilder.OK != result)
            {
                builder.abort();
            }
        }

        Memory.release(text);
        return result;
    }
}
