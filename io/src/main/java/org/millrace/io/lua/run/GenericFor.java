package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaTable;

/** {@code for k, v in ... do ... end}. */
public final class GenericFor extends Statement
{
    private final Binding[] variables;
    private final Arguments expressions;
    private final Statement body;

    /** A round that a coroutine was suspended in; the control is the place in the table that {@link #walk} was at. */
    private record Round(Object function, Object subject, Object control)
    {
    }

    public GenericFor(final int line, final Binding[] variables, final Expression[] expressions, final Statement body)
    {
        super(line);
        this.variables = variables;
        this.expressions = new Arguments(expressions);
        this.body = body;
    }

    @Override
    public int exec(final Frame frame)
    {
        return begin(frame, expressions.evalAll(frame, 0));
    }

    private int begin(final Frame frame, final Object[] values)
    {
        final Object function = at(values, 0);
        final Object subject = at(values, 1);
        final Object control = at(values, 2);
        if (function instanceof Next && subject instanceof LuaTable && null == control)
        {
            return walk(frame, (LuaTable)subject, 0);
        }

        return loop(frame, function, subject, control);
    }

    private static Object at(final Object[] values, final int index)
    {
        return index < values.length ? values[index] : null;
    }

    /** What calls of {@code next} would do, but without a search for each key. */
    private int walk(final Frame frame, final LuaTable table, final int from)
    {
        int place = table.occupied(from);
        while (place >= 0)
        {
            variables[0].bind(frame, table.keyAt(place));
            if (variables.length > 1)
            {
                variables[1].bind(frame, table.valueAt(place));
                for (int i = 2; i < variables.length; i++)
                {
                    variables[i].bind(frame, null);
                }
            }

            final int signal;
            try
            {
                signal = body.exec(frame);
            }
            catch (final Suspension e)
            {
                frame.keep(this, new Round(null, table, place));
                throw e;
            }

            if (NEXT != signal)
            {
                return BREAK == signal ? NEXT : signal;
            }

            frame.site = this;
            frame.state.step();
            place = table.occupied(place + 1);
        }

        return NEXT;
    }

    private int loop(final Frame frame, final Object function, final Object subject, final Object first)
    {
        Object control = first;
        while (true)
        {
            frame.site = this;
            frame.state.step();
            final Object result = function instanceof LuaFunction
                ? frame.state.callInside((LuaFunction)function, subject, control)
                : frame.state.callInside(Meta.callHandler(frame.state, function, null), function, subject, control);
            control = LuaFunction.first(result);
            if (null == control)
            {
                return NEXT;
            }

            bindAll(frame, control, result);
            final int signal;
            try
            {
                signal = body.exec(frame);
            }
            catch (final Suspension e)
            {
                frame.keep(this, new Round(function, subject, control));
                throw e;
            }

            if (NEXT != signal)
            {
                return BREAK == signal ? NEXT : signal;
            }
        }
    }

    private void bindAll(final Frame frame, final Object control, final Object result)
    {
        variables[0].bind(frame, control);
        for (int i = 1; i < variables.length; i++)
        {
            variables[i].bind(frame, result instanceof Object[] ? at((Object[])result, i) : null);
        }
    }

    @Override
    int resume(final Frame frame)
    {
        if (!frame.hasKept(this))
        {
            return begin(frame, expressions.resumeAll(frame));
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

        return null == round.function
            ? walkOn(frame, round)
            : loop(frame, round.function, round.subject, round.control);
    }

    private int walkOn(final Frame frame, final Round round)
    {
        frame.site = this;
        frame.state.step();
        return walk(frame, (LuaTable)round.subject, (Integer)round.control + 1);
    }
}
