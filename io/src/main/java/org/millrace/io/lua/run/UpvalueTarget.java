package org.millrace.io.lua.run;

/** A local of a function around this one that is assigned to. */
public final class UpvalueTarget extends Target
{
    private final int index;

    public UpvalueTarget(final int line, final int index)
    {
        super(line);
        this.index = index;
    }

    @Override
    void assign(final Frame frame, final Object table, final Object key, final Object value)
    {
        frame.closure.upvalues[index].value = value;
    }
}
