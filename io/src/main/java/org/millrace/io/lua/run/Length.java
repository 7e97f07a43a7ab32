package org.millrace.io.lua.run;

/** {@code #x}. */
public final class Length extends Expression
{
    private final Expression operand;

    public Length(final int line, final Expression operand)
    {
        super(line);
        this.operand = operand;
    }

    @Override
    public Object eval(final Frame frame)
    {
        return apply(frame, operand.eval(frame));
    }

    private Object apply(final Frame frame, final Object value)
    {
        frame.site = this;
        return Meta.length(frame.state, value, operand);
    }

    @Override
    boolean isCalling()
    {
        return operand.isCalling();
    }

    @Override
    Object resume(final Frame frame)
    {
        return apply(frame, operand.resume(frame));
    }
}
