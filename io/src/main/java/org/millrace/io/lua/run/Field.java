package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code object.key}. */
public final class Field extends Expression
{
    private final Expression object;
    private final LuaString key;

    public Field(final int line, final Expression object, final LuaString key)
    {
        super(line);
        this.object = object;
        this.key = key;
    }

    @Override
    public Object eval(final Frame frame)
    {
        return of(frame, object.eval(frame));
    }

    private Object of(final Frame frame, final Object at)
    {
        if (at instanceof LuaTable)
        {
            final LuaTable table = (LuaTable)at;
            final Object value = table.get(key);
            if (null != value || null == table.metatable())
            {
                return value;
            }
        }

        frame.site = this;
        return Meta.index(frame.state, at, key, object);
    }

    @Override
    public String description()
    {
        return "field '" + key + "'";
    }

    @Override
    public String name()
    {
        return key.toString();
    }

    @Override
    public Target target(final int line)
    {
        return new IndexTarget(line, object, new Constant(line, key));
    }

    @Override
    boolean isCalling()
    {
        return object.isCalling();
    }

    @Override
    Object resume(final Frame frame)
    {
        return of(frame, object.resume(frame));
    }
}
