package org.millrace.io.lua;

import org.millrace.io.lua.run.Frame;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/**
 * An error with which a script ends.
 *
 * @param text with its code, without the dash.
 * @param wasCounted true if it is that of a command, which has been counted when it was executed.
 */
record Failure(String text, boolean wasCounted)
{
    private static final LuaString ERR = LuaString.of("err");
    private static final LuaString COUNTED = LuaString.of("ignore_error_stats_update");

    /** What was thrown: a table with the text in {@code err}, or something to make a text of. */
    static Failure of(final LuaState state, final Object value)
    {
        if (!(value instanceof LuaTable))
        {
            return new Failure("ERR " + Meta.describe(state, value), false);
        }

        final Failure named = returned(value);
        return null == named ? new Failure("ERR unknown error", false) : named;
    }

    /** The error that a script has returned; null if it returned something else. */
    static Failure returned(final Object result)
    {
        if (!(result instanceof LuaTable))
        {
            return null;
        }

        final LuaTable table = (LuaTable)result;
        final Object text = table.get(ERR);
        return text instanceof LuaString
            ? new Failure(text.toString(), Boolean.TRUE == table.get(COUNTED))
            : null;
    }

    /** With the name of the script, and where it was thrown. */
    Failure placed(final String name, final Frame frame)
    {
        if (null == frame || LuaState.line(frame) < 0)
        {
            return this;
        }

        return new Failure(
            text + " script: " + name + ", on " + LuaState.source(frame) + ":" + LuaState.line(frame) + ".",
            wasCounted);
    }
}
