package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;
import org.millrace.io.lua.value.LuaUserdata;
import org.millrace.io.lua.value.NumberText;

/** Values as JSON. A table is an array if all its keys are positive integers and there is one at least. */
final class JsonWriter
{
    private static final String HEX = "0123456789abcdef";

    private final LuaState state;
    private final JsonConfig config;
    private final Bytes out;

    JsonWriter(final LuaState state, final JsonConfig config, final Bytes out)
    {
        this.state = state;
        this.config = config;
        this.out = out;
    }

    void put(final Object value, final int depth)
    {
        state.step();
        if (value instanceof LuaString)
        {
            putString((LuaString)value);
        }
        else if (value instanceof Double)
        {
            putNumber((Double)value);
        }
        else if (value instanceof Boolean)
        {
            out.put((Boolean)value ? "true" : "false");
        }
        else if (value instanceof LuaTable)
        {
            putTable((LuaTable)value, depth + 1);
        }
        else if (null == value || LuaUserdata.NULL == value)
        {
            out.put("null");
        }
        else
        {
            throw unserialisable(value, "type not supported");
        }
    }

    private static LuaError unserialisable(final Object value, final String reason)
    {
        return LuaError.at("Cannot serialise " + Meta.typeName(value) + ": " + reason);
    }

    private void putNumber(final double number)
    {
        if (Double.isFinite(number) || 1 == config.encodeInvalid)
        {
            out.put(14 == config.precision ? NumberText.text(number) : NumberText.general(number, config.precision));
        }
        else if (JsonLibrary.AS_NULL == config.encodeInvalid)
        {
            out.put("null");
        }
        else
        {
            throw unserialisable(number, "must not be NaN or Inf");
        }
    }

    private void putTable(final LuaTable table, final int depth)
    {
        if (depth > config.encodeDepth)
        {
            throw LuaError.at("Cannot serialise, excessive nesting (" + depth + ")");
        }

        final int length = arrayLength(table);
        if (length > 0)
        {
            putArray(table, length, depth);
        }
        else
        {
            putObject(table, depth);
        }
    }

    /** The largest key, if all are positive integers; else, or if the largest is none of C's, not above 0. */
    private int arrayLength(final LuaTable table)
    {
        int items = 0;
        int max = 0;
        for (int place = table.occupied(0); place >= 0; place = table.occupied(place + 1))
        {
            final Object key = table.keyAt(place);
            if (!(key instanceof Double) || (Double)key < 1 || Math.floor((Double)key) != (Double)key)
            {
                return -1;
            }

            max = (Double)key > max ? toInt((Double)key) : max;
            items++;
        }

        final boolean isSparse = config.sparseRatio > 0 && max > items * config.sparseRatio &&
            max > config.sparseSafe;
        if (isSparse && !config.convertsSparse)
        {
            throw unserialisable(table, "excessively sparse array");
        }

        return isSparse ? -1 : max;
    }

    /** As x86 makes an int of a double. */
    private static int toInt(final double number)
    {
        return number <= Integer.MAX_VALUE ? (int)number : Integer.MIN_VALUE;
    }

    private void putArray(final LuaTable table, final int length, final int depth)
    {
        out.put('[');
        for (int i = 1; i <= length; i++)
        {
            if (i > 1)
            {
                out.put(',');
            }

            put(table.get(i), depth);
        }

        out.put(']');
    }

    private void putObject(final LuaTable table, final int depth)
    {
        out.put('{');
        boolean isFirst = true;
        for (int place = table.occupied(0); place >= 0; place = table.occupied(place + 1))
        {
            if (!isFirst)
            {
                out.put(',');
            }

            isFirst = false;
            putKey(table.keyAt(place));
            out.put(':');
            put(table.valueAt(place), depth);
        }

        out.put('}');
    }

    private void putKey(final Object key)
    {
        if (key instanceof LuaString)
        {
            putString((LuaString)key);
        }
        else if (key instanceof Double)
        {
            out.put('"');
            putNumber((Double)key);
            out.put('"');
        }
        else
        {
            throw unserialisable(key, "table key must be a number or string");
        }
    }

    private void putString(final LuaString text)
    {
        out.reserve(text.length() + 2);
        out.put('"');
        for (int i = 0; i < text.length(); i++)
        {
            putCharacter(text.at(i));
        }

        out.put('"');
    }

    private void putCharacter(final int c)
    {
        switch (c)
        {
            case '"' -> out.put("\\\"");
            case '\\' -> out.put("\\\\");
            case '/' -> out.put("\\/");
            case '\b' -> out.put("\\b");
            case '\t' -> out.put("\\t");
            case '\n' -> out.put("\\n");
            case '\f' -> out.put("\\f");
            case '\r' -> out.put("\\r");
            default -> {
                if (c < ' ' || 127 == c)
                {
                    out.put("\\u00").put(HEX.charAt(c >> 4)).put(HEX.charAt(c & 0xF));
                }
                else
                {
                    out.put(c);
                }
            }
        }
    }
}
