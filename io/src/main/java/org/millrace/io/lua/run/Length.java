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
        final Object value = operand.eval(frame);
        frame.site = this;
        return Meta.length(frame.state, value, operand);
    }
}
