package org.millrace.io.lua.run;

/** {@code a .. b .. c}. */
public final class Concat extends Expression
{
    private final Expression[] operands;
    private final Arguments values;

    public Concat(final int line, final Expression[] operands)
    {
        super(line);
        this.operands = operands;
        values = Arguments.single(operands);
    }

    @Override
    public Object eval(final Frame frame)
    {
        return join(frame, values.evalAll(frame, 0));
    }

    private Object join(final Frame frame, final Object[] all)
    {
        frame.site = this;
        return Meta.concat(frame.state, all, operands);
    }

    @Override
    boolean isCalling()
    {
        return values.isCalling();
    }

    @Override
    Object resume(final Frame frame)
    {
        return join(frame, values.resumeAll(frame));
    }
}
