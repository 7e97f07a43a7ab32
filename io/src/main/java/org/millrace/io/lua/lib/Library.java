package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** What libraries have in common: how functions get into a table, and how arguments are taken. Indexes are from 0. */
public abstract class Library
{
    protected static final Object[] NONE = LuaFunction.NONE;
    private static final double LONG_LIMIT = 0x1p63;

    protected final LuaState state;

    protected Library(final LuaState state)
    {
        this.state = state;
    }

    protected void add(final LuaTable table, final String name, final Builtin.Body body)
    {
        table.set(name, new Builtin(state, body));
    }

    protected static Object[] results(final Object... values)
    {
        return values;
    }

    /** The argument, or nil if there is none. */
    protected static Object at(final Object[] arguments, final int index)
    {
        return index < arguments.length ? arguments[index] : null;
    }

    protected static boolean isNone(final Object[] arguments, final int index)
    {
        return null == at(arguments, index);
    }

    protected LuaError badArgument(final int index, final String message)
    {
        return state.badArgument(index + 1, message);
    }

    /** The argument has not the type that it should have. */
    protected LuaError typeError(final Object[] arguments, final int index, final String expected)
    {
        final String got = index < arguments.length ? Meta.typeName(arguments[index]) : "no value";
        return badArgument(index, expected + " expected, got " + got);
    }

    protected Object any(final Object[] arguments, final int index)
    {
        if (index >= arguments.length)
        {
            throw badArgument(index, "value expected");
        }

        return arguments[index];
    }

    protected LuaTable table(final Object[] arguments, final int index)
    {
        if (at(arguments, index) instanceof LuaTable)
        {
            return (LuaTable)arguments[index];
        }

        throw typeError(arguments, index, "table");
    }

    protected LuaFunction function(final Object[] arguments, final int index)
    {
        if (at(arguments, index) instanceof LuaFunction)
        {
            return (LuaFunction)arguments[index];
        }

        throw typeError(arguments, index, "function");
    }

    protected LuaString string(final Object[] arguments, final int index)
    {
        final LuaString text = Meta.toLuaString(at(arguments, index));
        if (null == text)
        {
            throw typeError(arguments, index, "string");
        }

        return text;
    }

    protected double number(final Object[] arguments, final int index)
    {
        final Double number = Meta.toNumber(at(arguments, index));
        if (null == number)
        {
            throw typeError(arguments, index, "number");
        }

        return number;
    }

    protected double number(final Object[] arguments, final int index, final double otherwise)
    {
        return isNone(arguments, index) ? otherwise : number(arguments, index);
    }

    /** As C makes an integer of a double. */
    protected static long toLong(final double number)
    {
        return number >= -LONG_LIMIT && number < LONG_LIMIT ? (long)number : Long.MIN_VALUE;
    }

    protected long integer(final Object[] arguments, final int index)
    {
        return toLong(number(arguments, index));
    }

    protected long integer(final Object[] arguments, final int index, final long otherwise)
    {
        return isNone(arguments, index) ? otherwise : integer(arguments, index);
    }

    /** As {@link #integer}, cut to 32 bits. */
    protected int small(final Object[] arguments, final int index)
    {
        return (int)integer(arguments, index);
    }
}
