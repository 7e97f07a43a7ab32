package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaFunction;

/** {@code return ...}. */
public final class Return extends Statement
{
    private final Expression[] expressions;
    private final Arguments values;

    public Return(final int line, final Expression[] expressions)
    {
        super(line);
        this.expressions = expressions;
        values = new Arguments(expressions);
    }

    @Override
    public int exec(final Frame frame)
    {
        if (1 == expressions.length)
        {
            final Expression only = expressions[0];
            frame.result = only instanceof Callable ? ((Callable)only).tailCall(frame) : only.evalAll(frame);
        }
        else
        {
            frame.result = 0 == expressions.length ? LuaFunction.NONE : values.evalAll(frame, 0);
        }

        return RETURN;
    }

    @Override
    int resume(final Frame frame)
    {
        if (1 == expressions.length)
        {
            final Expression only = expressions[0];
            frame.result = only instanceof Callable ? ((Callable)only).resumeTail(frame) : only.resumeAll(frame);
        }
        else
        {
            frame.result = values.resumeAll(frame);
        }

        return RETURN;
    }
}
