package org.millrace.engine.datatype;

/** Keeps nothing: for values that are read only to be left out or looked at. Stateless. */
public final class DiscardingBuilder implements ValueBuilder
{
    public static final DiscardingBuilder INSTANCE = new DiscardingBuilder();

    private DiscardingBuilder()
    {
    }

    @Override
    public int begin(final int type, final long count)
    {
        return OK;
    }

    @Override
    public int add(final long address, final long length)
    {
        return OK;
    }

    @Override
    public int addZeros(final long length)
    {
        return OK;
    }

    @Override
    public void deadline(final long deadlineMs)
    {
    }

    @Override
    public int score(final double score)
    {
        return OK;
    }

    @Override
    public int string(final long address, final long length)
    {
        return OK;
    }

    @Override
    public int commit()
    {
        return OK;
    }

    @Override
    public void abort()
    {
    }
}
