package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code object[key]}. */
public final class Index extends Expression
{
    final Expression object;
    final Expression key;

    public Index(final int line, final Expression object, final Expression key)
    {
        super(line);
        this.object = object;
        this.key = key;
    }

    @Override
    public Object eval(final Frame frame)
    {
        final Object at = object.eval(frame);
        final Object which = key.eval(frame);
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
        return Meta.index(frame.state, at, which, object);
    }

    @Override
    public String description()
    {
        return "field '" + name() + "'";
    }

    @Override
    public String name()
    {
        return key instanceof Constant && ((Constant)key).value() instanceof LuaString
            ? shown(((Constant)key).value())
            : "?";
    }

    @Override
    public Target target(final int line)
    {
        return new IndexTarget(line, object, key);
    }
}
