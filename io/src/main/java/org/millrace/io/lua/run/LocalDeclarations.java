package org.millrace.io.lua.run;

/** {@code local a, b = f()}. */
public final class LocalDeclarations extends Statement
{
    private final Binding[] bindings;
    private final Arguments values;

    public LocalDeclarations(final int line, final Binding[] bindings, final Expression[] values)
    {
        super(line);
        this.bindings = bindings;
        this.values = new Arguments(values);
    }

    @Override
    public int exec(final Frame frame)
    {
        return bind(frame, values.evalAll(frame, 0));
    }

    @Override
    int resume(final Frame frame)
    {
        return bind(frame, values.resumeAll(frame));
    }

    private int bind(final Frame frame, final Object[] all)
    {
        for (int i = 0; i < bindings.length; i++)
        {
            bindings[i].bind(frame, i < all.length ? all[i] : null);
        }

        return NEXT;
    }
}
