package org.millrace.io.lua.run;

/** {@code a == b}, or {@code a ~= b}. */
public final class Equal extends Comparison
{
    private final boolean isWanted;

    /** @param isWanted false for {@code ~=}. */
    public Equal(final int line, final Expression left, final Expression right, final boolean isWanted)
    {
        super(line, left, right);
        this.isWanted = isWanted;
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
            return (double)(Double)a == (double)(Double)b == isWanted;
        }

        frame.site = this;
        return Meta.equal(frame.state, a, b) == isWanted;
    }
}
