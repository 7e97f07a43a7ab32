package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.LuaTable;

/** {@code os}, of which scripts have the clock alone. */
public final class OsLibrary extends Library
{
    private static final double NANOS = 1e9;

    public OsLibrary(final LuaState state)
    {
        super(state);
    }

    public LuaTable make()
    {
        final LuaTable os = new LuaTable();
        add(os, "clock", (a) -> System.nanoTime() / NANOS);
        return os;
    }
}
