package org.millrace.io.lua.run;

/** {@code a, b = f()}: all is evaluated before the last target is assigned to, and then those before it. */
public final class MultipleAssignment extends Statement
{
    private final Target[] targets;
    private final Arguments values;

    public MultipleAssignment(final int line, final Target[] targets, final Expression[] values)
    {
        super(line);
        this.targets = targets;
        this.values = new Arguments(values);
    }

    @Override
    public int exec(final Frame frame)
    {
        final Object[] tables = new Object[targets.length];
        final Object[] keys = new Object[targets.length];
        for (int i = 0; i < targets.length; i++)
        {
            tables[i] = targets[i].table(frame);
            keys[i] = targets[i].key(frame);
        }

        final Object[] all = values.evalAll(frame, 0);
        for (int i = targets.length - 1; i >= 0; i--)
        {
            targets[i].assign(frame, tables[i], keys[i], i < all.length ? all[i] : null);
        }

        return NEXT;
    }
}
