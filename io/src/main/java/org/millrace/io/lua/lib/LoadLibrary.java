package org.millrace.io.lua.lib;

import org.millrace.io.lua.parse.Parser;
import org.millrace.io.lua.run.LuaClosure;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code load} and {@code loadstring}: source only, compiled code is not taken. */
public final class LoadLibrary extends Library
{
    private final LuaTable globals;

    /** @param globals of what is loaded. */
    public LoadLibrary(final LuaState state, final LuaTable globals)
    {
        super(state);
        this.globals = globals;
    }

    public void addTo(final LuaTable table)
    {
        add(table, "loadstring", this::loadString);
        add(table, "load", this::load);
    }

    private Object loadString(final Object[] a)
    {
        final LuaString code = string(a, 0);
        return compile(code, isNone(a, 1) ? code : string(a, 1));
    }

    private Object load(final Object[] a)
    {
        final LuaFunction reader = function(a, 0);
        final LuaString name = isNone(a, 1) ? LuaString.of("=(load)") : string(a, 1);
        return state.protect(() -> compile(readAll(reader), name), (value) -> results(null, value));
    }

    private LuaString readAll(final LuaFunction reader)
    {
        final Bytes code = new Bytes();
        while (true)
        {
            final Object piece = LuaFunction.first(state.call(reader));
            final LuaString text = Meta.toLuaString(piece);
            if (null != piece && null == text)
            {
                throw LuaError.at("reader function must return a string");
            }

            if (null == text || 0 == text.length())
            {
                return code.toLuaString();
            }

            code.put(text);
            state.step();
        }
    }

    private Object compile(final LuaString code, final LuaString name)
    {
        try
        {
            return new LuaClosure(state, Parser.parse(code.bytes(), 0, name.toString()), globals);
        }
        catch (final LuaError e)
        {
            return results(null, e.value());
        }
    }
}
