package org.millrace.io.lua.run;

/** {@code ...}. */
public final class Varargs extends Expression
{
    public Varargs(final int line)
    {
        super(line);
    }

    @Override
    public Object eval(final Frame frame)
    {
        return 0 == frame.varargs.length ? null : frame.varargs[0];
    }

    @Override
    public Object evalAll(final Frame frame)
    {
        return frame.varargs;
    }

    @Override
    public boolean isMultiple()
    {
        return true;
    }
}
