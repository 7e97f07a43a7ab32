package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.Coroutine;
import org.millrace.io.lua.run.LuaClosure;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** The table {@code coroutine}. */
public final class CoroutineLibrary extends Library
{
    public CoroutineLibrary(final LuaState state)
    {
        super(state);
    }

    public LuaTable make()
    {
        final LuaTable table = new LuaTable();
        add(table, "create", this::create);
        add(table, "resume", this::resume);
        add(table, "running", (a) -> state.coroutine());
        add(table, "status", (a) -> coroutine(a).status().text());
        add(table, "wrap", this::wrap);
        add(table, "yield", state::yield);
        return table;
    }

    private Coroutine create(final Object[] a)
    {
        if (!(at(a, 0) instanceof LuaClosure))
        {
            throw badArgument(0, "Lua function expected");
        }

        return new Coroutine(state, (LuaClosure)a[0]);
    }

    private Coroutine coroutine(final Object[] a)
    {
        if (!(at(a, 0) instanceof Coroutine))
        {
            throw badArgument(0, "coroutine expected");
        }

        return (Coroutine)a[0];
    }

    private Object resume(final Object[] a)
    {
        final Coroutine coroutine = coroutine(a);
        try
        {
            return LuaState.prepend(true, LuaFunction.all(coroutine.resume(LuaState.behindFirst(a))));
        }
        catch (final LuaError e)
        {
            return results(false, e.value());
        }
    }

    /** Errors go on to who has called the function, whose place is put in front of theirs. */
    private Object wrap(final Object[] a)
    {
        final Coroutine coroutine = create(a);
        return new Builtin(state, (arguments) ->
        {
            try
            {
                return coroutine.resume(arguments);
            }
            catch (final LuaError e)
            {
                final LuaString text = Meta.toLuaString(e.value());
                throw null == text ? e : LuaError.of(LuaString.of(state.where(1) + text));
            }
        });
    }
}
