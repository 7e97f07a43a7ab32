package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;

/** {@code object:name(...)}. */
public final class MethodCall extends Expression implements Callable
{
    private final Expression object;
    private final LuaString method;
    private final Arguments arguments;

    /** What is called, and with which object in front. */
    private record Found(Object self, Object target)
    {
    }

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
        return call(frame, object.eval(frame));
    }

    private Object call(final Frame frame, final Object self)
    {
        final Object target = find(frame, self);
        return call(frame, target, values(frame, self, target));
    }

    private Object find(final Frame frame, final Object self)
    {
        frame.site = this;
        return Meta.index(frame.state, self, method, object);
    }

    private Object[] values(final Frame frame, final Object self, final Object target)
    {
        final Object[] values;
        try
        {
            values = arguments.evalAll(frame, 1);
        }
        catch (final Suspension e)
        {
            frame.keep(this, new Found(self, target));
            throw e;
        }

        values[0] = self;
        return values;
    }

    private Object[] resumeValues(final Frame frame, final Found found)
    {
        final Object[] values;
        try
        {
            values = arguments.resumeAll(frame);
        }
        catch (final Suspension e)
        {
            frame.keep(this, found);
            throw e;
        }

        values[0] = found.self;
        return values;
    }

    private Object call(final Frame frame, final Object target, final Object[] values)
    {
        frame.site = this;
        return target instanceof LuaFunction
            ? ((LuaFunction)target).call(values)
            : Meta.callHandler(frame.state, target, "method '" + method + "'").call(LuaState.prepend(target, values));
    }

    @Override
    public Object tailCall(final Frame frame)
    {
        return tailCall(frame, object.eval(frame));
    }

    private Object tailCall(final Frame frame, final Object self)
    {
        final Object target = find(frame, self);
        return tailCall(frame, target, values(frame, self, target));
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
            return call(frame, object.resume(frame));
        }

        final Object kept = frame.kept();
        return Frame.CALLED == kept
            ? frame.resumeCall(this)
            : call(frame, ((Found)kept).target, resumeValues(frame, (Found)kept));
    }

    @Override
    public Object resumeTail(final Frame frame)
    {
        if (!frame.hasKept(this))
        {
            return tailCall(frame, object.resume(frame));
        }

        final Object kept = frame.kept();
        return Frame.CALLED == kept
            ? frame.resumeCall(this)
            : tailCall(frame, ((Found)kept).target, resumeValues(frame, (Found)kept));
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
