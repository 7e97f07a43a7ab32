package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaError;

/** {@code for i = a, b, c do ... end}. */
public final class NumericFor extends Statement
{
    private final Binding variable;
    private final Arguments limits;
    private final Statement body;

    /** A round that a coroutine was suspended in. */
    private record Round(double i, double last, double increment)
    {
    }

    /** @param step null: 1. */
    public NumericFor(
        final int line, final Binding variable, final Expression initial, final Expression limit, final Expression step,
        final Statement body)
    {
        super(line);
        this.variable = variable;
        this.body = body;
        limits = Arguments.single(initial, limit, null == step ? new Constant(line, 1.0) : step);
    }

    @Override
    public int exec(final Frame frame)
    {
        return begin(frame, limits.evalAll(frame, 0));
    }

    private int begin(final Frame frame, final Object[] values)
    {
        frame.site = this;
        final double first = number(values[0], "initial value");
        final double last = number(values[1], "limit");
        final double increment = number(values[2], "step");
        return loop(frame, first - increment, last, increment);
    }

    private int loop(final Frame frame, final double before, final double last, final double increment)
    {
        double i = before + increment;
        while (increment > 0 ? i <= last : last <= i)
        {
            variable.bind(frame, i);
            final int signal;
            try
            {
                signal = body.exec(frame);
            }
            catch (final Suspension e)
            {
                frame.keep(this, new Round(i, last, increment));
                throw e;
            }

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

    @Override
    int resume(final Frame frame)
    {
        if (!frame.hasKept(this))
        {
            return begin(frame, limits.resumeAll(frame));
        }

        final Round round = (Round)frame.kept();
        final int signal;
        try
        {
            signal = body.resume(frame);
        }
        catch (final Suspension e)
        {
            frame.keep(this, round);
            throw e;
        }

        if (NEXT != signal)
        {
            return BREAK == signal ? NEXT : signal;
        }

        frame.site = this;
        frame.state.step();
        return loop(frame, round.i, round.last, round.increment);
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
