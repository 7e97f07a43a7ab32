package org.millrace.io.lua.run;

/** {@code a and b}. */
public final class And extends Binary
{
    public And(final int line, final Expression left, final Expression right)
    {
        super(line, left, right);
    }

    @Override
    public Object eval(final Frame frame)
    {
        final Object value = left.eval(frame);
        return Meta.isTrue(value) ? right.eval(frame) : value;
    }

    @Override
    public boolean test(final Frame frame)
    {
        return left.test(frame) && right.test(frame);
    }
}
