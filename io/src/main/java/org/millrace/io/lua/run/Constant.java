package org.millrace.io.lua.run;

/** A value that stands in the code. */
public final class Constant extends Expression
{
    private final Object value;

    public Constant(final int line, final Object value)
    {
        super(line);
        this.value = value;
    }

    public Object value()
    {
        return value;
    }

    @Override
    public Object eval(final Frame frame)
    {
        return value;
    }
}
