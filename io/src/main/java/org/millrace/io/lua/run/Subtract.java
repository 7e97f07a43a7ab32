package org.millrace.io.lua.run;

/** {@code left - right}. */
public final class Subtract extends Binary
{
    public Subtract(final int line, final Expression left, final Expression right)
    {
        super(line, left, right);
    }

    @Override
    public Object eval(final Frame frame)
    {
        final Object a = left.eval(frame);
        return apply(frame, a, isRightCalling ? right(frame, a) : right.eval(frame));
    }

    @Override
    Object apply(final Frame frame, final Object a, final Object b)
    {
        if (a instanceof Double && b instanceof Double)
        {
            final double x = (Double)a;
            final double y = (Double)b;
            final double result = x - y;
            return result == result ? result : NotANumber.of(x, y);
        }

        frame.site = this;
        return Meta.arithmetic(frame.state, Operator.SUB, a, b, this);
    }
}
