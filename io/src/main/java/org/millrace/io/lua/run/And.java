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
        return Meta.isTrue(value) ? right(frame, null) : value;
    }

    @Override
    public boolean test(final Frame frame)
    {
        return left.test(frame) && testRight(frame);
    }

    @Override
    Object apply(final Frame frame, final Object a, final Object b)
    {
        return b;
    }

    @Override
    Object resume(final Frame frame)
    {
        if (frame.hasKept(this))
        {
            return super.resume(frame);
        }

        final Object value = left.resume(frame);
        return Meta.isTrue(value) ? right(frame, null) : value;
    }
}
