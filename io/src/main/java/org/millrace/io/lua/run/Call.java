package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaFunction;

/** {@code f(...)}. */
public final class Call extends Expression implements Callable
{
    private final Expression callee;
    private final Arguments arguments;
    private final int count;

    public Call(final int line, final Expression callee, final Expression[] arguments)
    {
        super(line);
        this.callee = callee;
        this.arguments = new Arguments(arguments);
        count = this.arguments.count();
    }

    @Override
    public Object eval(final Frame frame)
    {
        final Object result = evalAll(frame);
        return result instanceof Object[] ? LuaFunction.first(result) : result;
    }

    @Override
    public Object evalAll(final Frame frame)
    {
        final Object target = callee.eval(frame);
        if (!(target instanceof LuaFunction))
        {
            return callOther(frame, target);
        }

        final LuaFunction function = (LuaFunction)target;
        switch (count)
        {
            case 0 :
                frame.site = this;
                return function.call();

            case 1 :
                return callOne(frame, function);

            case 2 :
                return callTwo(frame, function);

            case 3 :
                return callThree(frame, function);

            default :
                final Object[] values = arguments.evalAll(frame, 0);
                frame.site = this;
                return function.call(values);
        }
    }

    private Object callOne(final Frame frame, final LuaFunction function)
    {
        final Object first = arguments.eval(frame, 0);
        frame.site = this;
        return function.call(first);
    }

    private Object callTwo(final Frame frame, final LuaFunction function)
    {
        final Object first = arguments.eval(frame, 0);
        final Object second = arguments.eval(frame, 1);
        frame.site = this;
        return function.call(first, second);
    }

    private Object callThree(final Frame frame, final LuaFunction function)
    {
        final Object first = arguments.eval(frame, 0);
        final Object second = arguments.eval(frame, 1);
        final Object third = arguments.eval(frame, 2);
        frame.site = this;
        return function.call(first, second, third);
    }

    private Object callOther(final Frame frame, final Object target)
    {
        final Object[] values = arguments.evalAll(frame, 1);
        frame.site = this;
        final LuaFunction handler = Meta.callHandler(frame.state, target, callee.description());
        values[0] = target;
        return handler.call(values);
    }

    @Override
    public Object tailCall(final Frame frame)
    {
        final Object target = callee.eval(frame);
        if (!(target instanceof LuaFunction))
        {
            return callOther(frame, target);
        }

        final Object[] values = arguments.evalAll(frame, 0);
        frame.site = this;
        return target instanceof LuaClosure
            ? new TailCall((LuaClosure)target, values)
            : ((LuaFunction)target).call(values);
    }

    @Override
    public boolean isMultiple()
    {
        return true;
    }

    @Override
    public String calleeName()
    {
        return callee.name();
    }

    @Override
    public boolean isCall()
    {
        return true;
    }
}
