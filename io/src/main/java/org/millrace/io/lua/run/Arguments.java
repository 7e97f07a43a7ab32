package org.millrace.io.lua.run;

/** A list of expressions of which the last may have any number of values. */
final class Arguments
{
    private final Expression[] expressions;
    private final boolean isOpen;

    Arguments(final Expression[] expressions)
    {
        this.expressions = expressions;
        isOpen = expressions.length > 0 && expressions[expressions.length - 1].isMultiple();
    }

    /** How many values there are, if that does not depend on the last; else -1. */
    int count()
    {
        return isOpen ? -1 : expressions.length;
    }

    Object eval(final Frame frame, final int index)
    {
        return expressions[index].eval(frame);
    }

    /** All values, with {@code first} of the array's places left free in front. */
    Object[] evalAll(final Frame frame, final int first)
    {
        final int fixed = isOpen ? expressions.length - 1 : expressions.length;
        final Object[] values = new Object[first + fixed];
        for (int i = 0; i < fixed; i++)
        {
            values[first + i] = expressions[i].eval(frame);
        }

        if (!isOpen)
        {
            return values;
        }

        final Object last = expressions[fixed].evalAll(frame);
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
