package org.millrace.io.lua.run;

/** {@code not x}. */
public final class Not extends Expression
{
    private final Expression operand;

    public Not(final int line, final Expression operand)
    {
        super(line);
        this.operand = operand;
    }

    @Override
    public Object eval(final Frame frame)
    {
        return !operand.test(frame);
    }

    @Override
    public boolean test(final Frame frame)
    {
        return !operand.test(frame);
    }

    @Override
    boolean isCalling()
    {
        return operand.isCalling();
    }

    @Override
    Object resume(final Frame frame)
    {
        return !Meta.isTrue(operand.resume(frame));
    }
}
