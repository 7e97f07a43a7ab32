package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code object[key]}. */
public final class Index extends Binary
{
    public Index(final int line, final Expression object, final Expression key)
    {
        super(line, object, key);
    }

    @Override
    public Object eval(final Frame frame)
    {
        final Object at = left.eval(frame);
        return apply(frame, at, isRightCalling ? right(frame, at) : right.eval(frame));
    }

    @Override
    Object apply(final Frame frame, final Object at, final Object which)
    {
        if (at instanceof LuaTable)
        {
            final LuaTable table = (LuaTable)at;
            final Object value = table.get(which);
            if (null != value || null == table.metatable())
            {
                return value;
            }
        }

        frame.site = this;
        return Meta.index(frame.state, at, which, left);
    }

    @Override
    public String description()
    {
        return "field '" + name() + "'";
    }

    @Override
    public String name()
    {
        return right instanceof Constant && ((Constant)right).value() instanceof LuaString
            ? shown(((Constant)right).value())
            : "?";
    }

    @Override
    public Target target(final int line)
    {
        return new IndexTarget(line, left, right);
    }
}
