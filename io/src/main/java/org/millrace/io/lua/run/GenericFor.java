package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaTable;

/** {@code for k, v in ... do ... end}. */
public final class GenericFor extends Statement
{
    private final Binding[] variables;
    private final Arguments expressions;
    private final Statement body;

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
        final Object[] values = expressions.evalAll(frame, 0);
        final Object function = at(values, 0);
        final Object subject = at(values, 1);
        final Object control = at(values, 2);
        if (function instanceof Next && subject instanceof LuaTable && null == control)
        {
            return walk(frame, (LuaTable)subject);
        }

        return loop(frame, function, subject, control);
    }

    private static Object at(final Object[] values, final int index)
    {
        return index < values.length ? values[index] : null;
    }

    /** What calls of {@code next} would do, but without a search for each key. */
    private int walk(final Frame frame, final LuaTable table)
    {
        int place = table.occupied(0);
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

            final int signal = body.exec(frame);
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
                ? ((LuaFunction)function).call(subject, control)
                : Meta.callHandler(frame.state, function, null).call(function, subject, control);
            control = LuaFunction.first(result);
            if (null == control)
            {
                return NEXT;
            }

            bindAll(frame, control, result);
            final int signal = body.exec(frame);
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
}
