package org.millrace.io.lua.run;

/** {@code -x}. */
public final class Negate extends Expression
{
    private final Expression operand;

    public Negate(final int line, final Expression operand)
    {
        super(line);
        this.operand = operand;
    }

    @Override
    public Object eval(final Frame frame)
    {
        final Object value = operand.eval(frame);
        frame.site = this;
        return Meta.negate(frame.state, value, operand);
    }
}
