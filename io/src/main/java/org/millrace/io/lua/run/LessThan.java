package org.millrace.io.lua.run;

/** {@code a < b}. */
public final class LessThan extends Comparison
{
    public LessThan(final int line, final Expression left, final Expression right)
    {
        super(line, left, right);
    }

    @Override
    public boolean test(final Frame frame)
    {
        final Object a = left.eval(frame);
        return holds(frame, a, isRightCalling ? right(frame, a) : right.eval(frame));
    }

    @Override
    boolean holds(final Frame frame, final Object a, final Object b)
    {
        if (a instanceof Double && b instanceof Double)
        {
            return (Double)a < (Double)b;
        }

        frame.site = this;
        return Meta.lessThan(frame.state, a, b);
    }
}
