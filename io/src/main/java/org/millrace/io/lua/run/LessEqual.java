package org.millrace.io.lua.run;

/** {@code a <= b}. */
public final class LessEqual extends Binary
{
    public LessEqual(final int line, final Expression left, final Expression right)
    {
        super(line, left, right);
    }

    @Override
    public Object eval(final Frame frame)
    {
        return test(frame);
    }

    @Override
    public boolean test(final Frame frame)
    {
        final Object a = left.eval(frame);
        final Object b = right.eval(frame);
        if (a instanceof Double && b instanceof Double)
        {
            return (Double)a <= (Double)b;
        }

        frame.site = this;
        return Meta.lessEqual(frame.state, a, b);
    }
}
