package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.Frame;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;

/** A library function. */
public final class Builtin extends LuaFunction
{
    /** What it does. */
    public interface Body
    {
        /** @return a value, or an {@code Object[]} of any number. */
        Object call(Object[] arguments);
    }

    private final LuaState state;
    private final Body body;

    Builtin(final LuaState state, final Body body)
    {
        this.state = state;
        this.body = body;
    }

    @Override
    public Object call(final Object[] arguments)
    {
        final Frame caller = state.frameAt(1);
        try
        {
            return body.call(arguments);
        }
        catch (final LuaError e)
        {
            // Of an operation within the library function itself no place is told.
            throw e.isOfCode() && caller == state.frameAt(1) ? LuaError.of(e.value()) : e;
        }
    }
}
