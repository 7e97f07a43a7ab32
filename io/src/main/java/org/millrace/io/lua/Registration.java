package org.millrace.io.lua;

import org.millrace.engine.script.ScriptException;
import org.millrace.engine.script.ScriptFlags;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code redis.register_function}, with positions or with one table of names. */
final class Registration
{
    private final Run run;

    Registration(final Run run)
    {
        this.run = run;
    }

    Object register(final Object[] a)
    {
        if (a.length < 1 || a.length > 2)
        {
            throw error("wrong number of arguments to redis.register_function");
        }

        if (1 == a.length)
        {
            registerNamed(a[0]);
        }
        else
        {
            registerPositioned(a[0], a[1]);
        }

        return LuaFunction.NONE;
    }

    private void registerPositioned(final Object name, final Object callback)
    {
        final LuaString text = Meta.toLuaString(name);
        if (null == text)
        {
            throw error("first argument to redis.register_function must be a string");
        }

        if (!(callback instanceof LuaFunction))
        {
            throw error("second argument to redis.register_function must be a function");
        }

        register(text, null, 0, callback);
    }

    private void registerNamed(final Object argument)
    {
        if (!(argument instanceof LuaTable))
        {
            throw error("calling redis.register_function with a single argument is only applicable to Lua table " +
                "(representing named arguments).");
        }

        final LuaTable table = (LuaTable)argument;
        LuaString name = null;
        Object callback = null;
        LuaString description = null;
        int flags = 0;
        for (int place = table.occupied(0); place >= 0; place = table.occupied(place + 1))
        {
            final Object value = table.valueAt(place);
            switch (keyName(table.keyAt(place)))
            {
                case "function_name" -> name = string(value, "function_name");
                case "description" -> description = string(value, "description");
                case "callback" -> callback = callback(value);
                case "flags" -> flags = flags(value);
                default -> throw error("unknown argument given to redis.register_function");
            }
        }

        if (null == name)
        {
            throw error("redis.register_function must get a function name argument");
        }

        if (null == callback)
        {
            throw error("redis.register_function must get a callback argument");
        }

        register(name, description, flags, callback);
    }

    private static String keyName(final Object key)
    {
        final LuaString name = Meta.toLuaString(key);
        if (null == name)
        {
            throw error("named argument key given to redis.register_function is not a string");
        }

        return name.toString();
    }

    /** A number is a string, too. */
    private static LuaString string(final Object value, final String name)
    {
        final LuaString text = Meta.toLuaString(value);
        if (null == text)
        {
            throw error(name + " argument given to redis.register_function must be a string");
        }

        return text;
    }

    private static Object callback(final Object value)
    {
        if (!(value instanceof LuaFunction))
        {
            throw error("callback argument given to redis.register_function must be a function");
        }

        return value;
    }

    private static int flags(final Object value)
    {
        if (!(value instanceof LuaTable))
        {
            throw error("flags argument to redis.register_function must be a table representing function flags");
        }

        final LuaTable table = (LuaTable)value;
        int flags = 0;
        for (int i = 1; null != table.get(i); i++)
        {
            final int flag = table.get(i) instanceof LuaString ? ScriptFlags.of(table.get(i).toString()) : 0;
            if (0 == flag)
            {
                throw error("unknown flag given");
            }

            flags |= flag;
        }

        return flags;
    }

    private void register(final LuaString name, final LuaString description, final int flags, final Object callback)
    {
        if (null == run.library())
        {
            throw error("redis.register_function can only be called on FUNCTION LOAD command");
        }

        try
        {
            run.library().register(
                name.toString(),
                null == description ? null : description.toString(),
                flags,
                new LuaMachine.Registered((LuaFunction)callback));
        }
        catch (final ScriptException e)
        {
            throw error(e.getMessage());
        }
    }

    private static LuaError error(final String text)
    {
        return LuaError.of(ErrorTable.of(text));
    }
}
