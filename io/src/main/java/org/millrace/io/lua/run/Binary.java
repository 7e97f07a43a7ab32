package org.millrace.io.lua.run;

/** An operation on the values of two expressions. */
abstract class Binary extends Expression
{
    final Expression left;
    final Expression right;

    /** True if a coroutine may be suspended in the right one: then the value of the left one is kept. */
    final boolean isRightCalling;

    Binary(final int line, final Expression left, final Expression right)
    {
        super(line);
        this.left = left;
        this.right = right;
        isRightCalling = right.isCalling();
    }

    /** The operation itself. */
    abstract Object apply(Frame frame, Object a, Object b);

    /** The value of the right expression, where that calls. */
    final Object right(final Frame frame, final Object a)
    {
        try
        {
            return right.eval(frame);
        }
        catch (final Suspension e)
        {
            frame.keep(this, a);
            throw e;
        }
    }

    /** As {@link #right}, for its truth alone. */
    final boolean testRight(final Frame frame)
    {
        try
        {
            return right.test(frame);
        }
        catch (final Suspension e)
        {
            frame.keep(this, null);
            throw e;
        }
    }

    @Override
    final boolean isCalling()
    {
        return isRightCalling || left.isCalling();
    }

    @Override
    Object resume(final Frame frame)
    {
        if (!frame.hasKept(this))
        {
            final Object a = left.resume(frame);
            return apply(frame, a, right(frame, a));
        }

        final Object a = frame.kept();
        try
        {
            return apply(frame, a, right.resume(frame));
        }
        catch (final Suspension e)
        {
            frame.keep(this, a);
            throw e;
        }
    }
}
