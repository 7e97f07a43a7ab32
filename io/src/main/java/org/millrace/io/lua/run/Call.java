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
        count = this.arguments.isCalling() ? -1 : this.arguments.count();
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
        return call(frame, callee.eval(frame));
    }

    private Object call(final Frame frame, final Object target)
    {
        if (!(target instanceof LuaFunction))
        {
            return call(frame, target, values(frame, target, false));
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
                return call(frame, target, values(frame, target, false));
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

    private Object call(final Frame frame, final Object target, final Object[] values)
    {
        frame.site = this;
        return target instanceof LuaFunction
            ? ((LuaFunction)target).call(values)
            : Meta.callHandler(frame.state, target, callee.description()).call(LuaState.prepend(target, values));
    }

    /** All arguments; what is to be called is kept if a coroutine is suspended in one of them. */
    private Object[] values(final Frame frame, final Object target, final boolean isResumed)
    {
        try
        {
            return isResumed ? arguments.resumeAll(frame) : arguments.evalAll(frame, 0);
        }
        catch (final Suspension e)
        {
            frame.keep(this, target);
            throw e;
        }
    }

    @Override
    public Object tailCall(final Frame frame)
    {
        final Object target = callee.eval(frame);
        return tailCall(frame, target, values(frame, target, false));
    }

    private Object tailCall(final Frame frame, final Object target, final Object[] values)
    {
        if (!(target instanceof LuaClosure))
        {
            return call(frame, target, values);
        }

        frame.site = this;
        return new TailCall((LuaClosure)target, values);
    }

    @Override
    boolean isCalling()
    {
        return true;
    }

    @Override
    Object resume(final Frame frame)
    {
        return LuaFunction.first(resumeAll(frame));
    }

    @Override
    Object resumeAll(final Frame frame)
    {
        if (!frame.hasKept(this))
        {
            return call(frame, callee.resume(frame));
        }

        final Object target = frame.kept();
        return Frame.CALLED == target ? frame.resumeCall(this) : call(frame, target, values(frame, target, true));
    }

    @Override
    public Object resumeTail(final Frame frame)
    {
        if (!frame.hasKept(this))
        {
            final Object target = callee.resume(frame);
            return tailCall(frame, target, values(frame, target, false));
        }

        final Object target = frame.kept();
        return Frame.CALLED == target ? frame.resumeCall(this) : tailCall(frame, target, values(frame, target, true));
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
