package org.millrace.io.lua.value;

/** A value without content; what it is lies in its metatable, if it has one. */
public final class LuaUserdata
{
    /** The null pointer, as which JSON's null goes. */
    public static final LuaUserdata NULL = new LuaUserdata(null);

    private LuaTable metatable;

    public LuaUserdata(final LuaTable metatable)
    {
        this.metatable = metatable;
    }

    public LuaTable metatable()
    {
        return metatable;
    }

    public void metatable(final LuaTable metatable)
    {
        this.metatable = metatable;
    }
}
