package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaString;

/** A global that is assigned to. */
public final class GlobalTarget extends Target
{
    private final LuaString key;

    public GlobalTarget(final int line, final LuaString key)
    {
        super(line);
        this.key = key;
    }

    @Override
    void assign(final Frame frame, final Object table, final Object unused, final Object value)
    {
        frame.site = this;
        Meta.setIndex(frame.state, frame.closure.globals, key, value, null);
    }
}
