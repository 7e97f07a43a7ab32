package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaError;

/** {@code for i = a, b, c do ... end}. */
public final class NumericFor extends Statement
{
    private final Binding variable;
    private final Expression initial;
    private final Expression limit;
    private final Expression step;
    private final Statement body;

    /** @param step null: 1. */
    public NumericFor(
        final int line, final Binding variable, final Expression initial, final Expression limit, final Expression step,
        final Statement body)
    {
        super(line);
        this.variable = variable;
        this.initial = initial;
        this.limit = limit;
        this.step = step;
        this.body = body;
    }

    @Override
    public int exec(final Frame frame)
    {
        final Object from = initial.eval(frame);
        final Object to = limit.eval(frame);
        final Object by = null == step ? (Object)1.0 : step.eval(frame);
        frame.site = this;
        final double first = number(from, "initial value");
        final double last = number(to, "limit");
        final double increment = number(by, "step");
        return loop(frame, first - increment, last, increment);
    }

    private int loop(final Frame frame, final double before, final double last, final double increment)
    {
        double i = before + increment;
        while (increment > 0 ? i <= last : last <= i)
        {
            variable.bind(frame, i);
            final int signal = body.exec(frame);
            if (NEXT != signal)
            {
                return BREAK == signal ? NEXT : signal;
            }

            i += increment;
            frame.site = this;
            frame.state.step();
        }

        return NEXT;
    }

    private static double number(final Object value, final String what)
    {
        final Double number = Meta.toNumber(value);
        if (null == number)
        {
            throw LuaError.at("'for' " + what + " must be a number");
        }

        return number;
    }
}
