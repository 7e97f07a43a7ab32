package org.millrace.io.lua.run;

import java.util.ArrayList;
import java.util.List;

/** {@code a, b = f()}: all is evaluated before the last target is assigned to, and then those before it. */
public final class MultipleAssignment extends Statement
{
    private final Target[] targets;

    /** Tables and keys of the targets that have them, then the values. */
    private final Arguments parts;

    /** Of each target, where its table and key stand among the parts. */
    private final int[] places;
    private final int values;

    public MultipleAssignment(final int line, final Target[] targets, final Expression[] values)
    {
        super(line);
        this.targets = targets;
        places = new int[targets.length];
        final List<Expression> all = new ArrayList<>();
        for (int i = 0; i < targets.length; i++)
        {
            places[i] = all.size();
            all.addAll(List.of(targets[i].place()));
        }

        this.values = all.size();
        all.addAll(List.of(values));
        parts = new Arguments(all.toArray(Expression[]::new));
    }

    @Override
    public int exec(final Frame frame)
    {
        return assign(frame, parts.evalAll(frame, 0));
    }

    @Override
    int resume(final Frame frame)
    {
        return assign(frame, parts.resumeAll(frame));
    }

    private int assign(final Frame frame, final Object[] all)
    {
        for (int i = targets.length - 1; i >= 0; i--)
        {
            // A target without a place looks at neither table nor key.
            targets[i].assign(frame, at(all, places[i]), at(all, places[i] + 1), at(all, values + i));
        }

        return NEXT;
    }

    private static Object at(final Object[] all, final int index)
    {
        return index < all.length ? all[index] : null;
    }
}
