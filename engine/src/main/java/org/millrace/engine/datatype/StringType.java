package org.millrace.engine.datatype;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.value.StringLayout;
import org.millrace.engine.value.ValueRuns;

/** The row of strings. */
final class StringType extends ValueType
{
    /** Longest string that Redis allocates together with its object. */
    private static final int EMBEDDED_LENGTH_MAX = 44;

    /** Integers below this are shared objects in Redis, with a reference count that stands for "very many". */
    private static final long SHARED_INTEGERS = 10_000;

    StringType()
    {
        super(StringLayout.TYPE, "string", STRING, true);
    }

    @Override
    public String encodingName(final long entry)
    {
        if (StringValue.isRaw(entry))
        {
            return "raw";
        }

        if (StringValue.isInteger(entry))
        {
            return "int";
        }

        return StringValue.length(entry) <= EMBEDDED_LENGTH_MAX ? "embstr" : "raw";
    }

    @Override
    public int refCount(final long entry)
    {
        if (StringValue.isRaw(entry) || !StringValue.isInteger(entry))
        {
            return 1;
        }

        final long number = Decimal.parse(StringValue.content(entry), StringValue.length(entry));
        return number >= 0 && number < SHARED_INTEGERS ? Integer.MAX_VALUE : 1;
    }

    @Override
    public long contentLength(final long entry)
    {
        return StringValue.length(entry);
    }

    @Override
    public void elements(final long entry, final ValueRuns runs, final ElementVisitor visitor)
    {
        runs.string(Entry.value(entry), 0, StringValue.length(entry));
        visitor.onPart(runs);
        visitor.onEnd();
    }

    @Override
    public int copy(final long entry, final ValueRuns runs, final ValueBuilder builder)
    {
        final long length = StringValue.length(entry);
        int result = builder.begin(StringLayout.TYPE, length);
        if (ValueBuilder.OK != result)
        {
            return result;
        }

        runs.string(Entry.value(entry), 0, length);
        while (ValueBuilder.OK == result && runs.next())
        {
            result = 0 == runs.address()
                ? builder.addZeros(runs.length())
                : builder.add(runs.address(), runs.length());
        }

        if (ValueBuilder.OK != result)
        {
            builder.abort();
        }

        return result;
    }
}
