package org.millrace.io.lua.run;

/** {@code a == b}, or {@code a ~= b}. */
public final class Equal extends Binary
{
    private final boolean isWanted;

    /** @param isWanted false for {@code ~=}. */
    public Equal(final int line, final Expression left, final Expression right, final boolean isWanted)
    {
        super(line, left, right);
        this.isWanted = isWanted;
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
            return (double)(Double)a == (double)(Double)b == isWanted;
        }

        frame.site = this;
        return Meta.equal(frame.state, a, b) == isWanted;
    }
}
