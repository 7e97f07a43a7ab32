package org.millrace.io.lua.run;

/** {@code a .. b .. c}. */
public final class Concat extends Expression
{
    private final Expression[] operands;

    public Concat(final int line, final Expression[] operands)
    {
        super(line);
        this.operands = operands;
    }

    @Override
    public Object eval(final Frame frame)
    {
        final Object[] values = new Object[operands.length];
        for (int i = 0; i < values.length; i++)
        {
            values[i] = operands[i].eval(frame);
        }

        frame.site = this;
        return Meta.concat(frame.state, values, operands);
    }
}
