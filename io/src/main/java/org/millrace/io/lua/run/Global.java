package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** A variable of the function's table of globals. */
public final class Global extends Expression
{
    private final LuaString key;

    public Global(final int line, final LuaString key)
    {
        super(line);
        this.key = key;
    }

    @Override
    public Object eval(final Frame frame)
    {
        final LuaTable globals = frame.closure.globals;
        final Object value = globals.get(key);
        if (null != value || null == globals.metatable())
        {
            return value;
        }

        frame.site = this;
        return Meta.index(frame.state, globals, key, null);
    }

    @Override
    public String description()
    {
        return "global '" + key + "'";
    }

    @Override
    public String name()
    {
        return key.toString();
    }

    @Override
    public Target target(final int line)
    {
        return new GlobalTarget(line, key);
    }
}
