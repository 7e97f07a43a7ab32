package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;

/** {@code object:name(...)}. */
public final class MethodCall extends Expression implements Callable
{
    private final Expression object;
    private final LuaString method;
    private final Arguments arguments;

    public MethodCall(final int line, final Expression object, final LuaString method, final Expression[] arguments)
    {
        super(line);
        this.object = object;
        this.method = method;
        this.arguments = new Arguments(arguments);
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
        final Object self = object.eval(frame);
        frame.site = this;
        return callWith(frame, self, Meta.index(frame.state, self, method, object));
    }

    @Override
    public Object tailCall(final Frame frame)
    {
        final Object self = object.eval(frame);
        frame.site = this;
        final Object target = Meta.index(frame.state, self, method, object);
        if (!(target instanceof LuaClosure))
        {
            return callWith(frame, self, target);
        }

        final Object[] values = arguments.evalAll(frame, 1);
        values[0] = self;
        frame.site = this;
        return new TailCall((LuaClosure)target, values);
    }

    private Object callWith(final Frame frame, final Object self, final Object target)
    {
        final Object[] values = arguments.evalAll(frame, 1);
        values[0] = self;
        frame.site = this;
        return target instanceof LuaFunction
            ? ((LuaFunction)target).call(values)
            : Meta.callHandler(frame.state, target, "method '" + method + "'").call(LuaState.prepend(target, values));
    }

    @Override
    public boolean isMultiple()
    {
        return true;
    }

    @Override
    public boolean isMethodCall()
    {
        return true;
    }

    @Override
    public String calleeName()
    {
        return method.toString();
    }

    @Override
    public boolean isCall()
    {
        return true;
    }
}
