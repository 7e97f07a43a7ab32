package org.millrace.io.lua.run;

/** A comparison of the values of two expressions. */
abstract class Comparison extends Binary
{
    Comparison(final int line, final Expression left, final Expression right)
    {
        super(line, left, right);
    }

    @Override
    public final Object eval(final Frame frame)
    {
        return test(frame);
    }

    @Override
    final Object apply(final Frame frame, final Object a, final Object b)
    {
        return holds(frame, a, b);
    }

    abstract boolean holds(Frame frame, Object a, Object b);
}
