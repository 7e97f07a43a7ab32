package org.millrace.io.lua.run;

/** A list of expressions of which the last may have any number of values. */
final class Arguments
{
    private final Expression[] expressions;
    private final boolean isOpen;
    private final boolean isCalling;

    /** Those that a coroutine was suspended in: values so far, and the expression that it was. */
    private record Part(Object[] values, int index)
    {
    }

    Arguments(final Expression[] expressions)
    {
        this(expressions, expressions.length > 0 && expressions[expressions.length - 1].isMultiple());
    }

    private Arguments(final Expression[] expressions, final boolean isOpen)
    {
        this.expressions = expressions;
        this.isOpen = isOpen;
        isCalling = Expression.isAnyCalling(expressions);
    }

    /** With exactly one value each. */
    static Arguments single(final Expression... expressions)
    {
        return new Arguments(expressions, false);
    }

    /** How many values there are, if that does not depend on the last; else -1. */
    int count()
    {
        return isOpen ? -1 : expressions.length;
    }

    /** True if a coroutine may be suspended in one of them. */
    boolean isCalling()
    {
        return isCalling;
    }

    Object eval(final Frame frame, final int index)
    {
        return expressions[index].eval(frame);
    }

    /** Go on where a coroutine was suspended in {@link #eval} of this one. */
    Object resume(final Frame frame, final int index)
    {
        return expressions[index].resume(frame);
    }

    /** All values, with {@code first} of the array's places left free in front. */
    Object[] evalAll(final Frame frame, final int first)
    {
        final int fixed = isOpen ? expressions.length - 1 : expressions.length;
        final Object[] values = new Object[first + fixed];
        if (isCalling)
        {
            return evalFrom(frame, values, 0, false);
        }

        for (int i = 0; i < fixed; i++)
        {
            values[first + i] = expressions[i].eval(frame);
        }

        return isOpen ? join(values, expressions[fixed].evalAll(frame)) : values;
    }

    /** Go on where a coroutine was suspended in {@link #evalAll}. */
    Object[] resumeAll(final Frame frame)
    {
        final Part part = (Part)frame.kept();
        return evalFrom(frame, part.values, part.index, true);
    }

    /** @param isResumed true: a coroutine was suspended in the first of them. */
    private Object[] evalFrom(final Frame frame, final Object[] values, final int from, final boolean isResumed)
    {
        final int fixed = isOpen ? expressions.length - 1 : expressions.length;
        final int first = values.length - fixed;
        boolean wasSuspended = isResumed;
        int i = from;
        try
        {
            for (; i < fixed; i++)
            {
                values[first + i] = wasSuspended ? expressions[i].resume(frame) : expressions[i].eval(frame);
                wasSuspended = false;
            }

            if (!isOpen)
            {
                return values;
            }

            return join(values, wasSuspended ? expressions[i].resumeAll(frame) : expressions[i].evalAll(frame));
        }
        catch (final Suspension e)
        {
            frame.keep(this, new Part(values, i));
            throw e;
        }
    }

    private static Object[] join(final Object[] values, final Object last)
    {
        final Object[] more = last instanceof Object[] ? (Object[])last : new Object[]{last};
        if (0 == values.length)
        {
            return more;
        }

        final Object[] all = new Object[values.length + more.length];
        System.arraycopy(values, 0, all, 0, values.length);
        System.arraycopy(more, 0, all, values.length, more.length);
        return all;
    }
}
