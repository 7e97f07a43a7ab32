package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** Values as MessagePack, each in its shortest form. What it has no form for is nil, and so are tables too deep. */
final class MessagePackWriter
{
    private static final int DEPTH_MAX = 16;
    private static final double LONG_LIMIT = 0x1p63;

    private final LuaState state;
    private final Bytes out;

    MessagePackWriter(final LuaState state, final Bytes out)
    {
        this.state = state;
        this.out = out;
    }

    void put(final Object value, final int depth)
    {
        state.step();
        if (value instanceof LuaString)
        {
            putString((LuaString)value);
        }
        else if (value instanceof Boolean)
        {
            out.put((Boolean)value ? 0xC3 : 0xC2);
        }
        else if (value instanceof Double)
        {
            putNumber((Double)value);
        }
        else if (value instanceof LuaTable && depth < DEPTH_MAX)
        {
            putTable((LuaTable)value, depth + 1);
        }
        else
        {
            out.put(0xC0);
        }
    }

    private void putNumber(final double number)
    {
        final boolean isInRange = number >= -LONG_LIMIT && number < LONG_LIMIT;
        if (isInRange && (long)number == number)
        {
            putInteger((long)number);
        }
        else if ((float)number == number)
        {
            putBytes(0xCA, Float.floatToRawIntBits((float)number), Float.BYTES);
        }
        else
        {
            putBytes(0xCB, Double.doubleToRawLongBits(number), Double.BYTES);
        }
    }

    private void putInteger(final long value)
    {
        if (value >= -32 && value <= 0x7F)
        {
            out.put((int)value);
        }
        else if (value >= 0)
        {
            putSized(value, 0xCC, 0xCD, 0xCE, value <= 0xFF, value <= 0xFFFF, value <= 0xFFFFFFFFL);
        }
        else
        {
            putSized(value, 0xD0, 0xD1, 0xD2, value >= Byte.MIN_VALUE, value >= Short.MIN_VALUE,
                value >= Integer.MIN_VALUE);
        }
    }

    private void putSized(final long value, final int one, final int two, final int four, final boolean isOne,
        final boolean isTwo, final boolean isFour)
    {
        if (isOne)
        {
            putBytes(one, value, 1);
        }
        else if (isTwo)
        {
            putBytes(two, value, 2);
        }
        else if (isFour)
        {
            putBytes(four, value, 4);
        }
        else
        {
            putBytes(four + 1, value, 8);
        }
    }

    private void putBytes(final int type, final long value, final int size)
    {
        out.put(type);
        for (int i = size - 1; i >= 0; i--)
        {
            out.put((int)(value >>> i * Byte.SIZE));
        }
    }

    private void putString(final LuaString text)
    {
        final int length = text.length();
        if (length < 32)
        {
            out.put(0xA0 | length);
        }
        else if (length <= 0xFF)
        {
            putBytes(0xD9, length, 1);
        }
        else if (length <= 0xFFFF)
        {
            putBytes(0xDA, length, 2);
        }
        else
        {
            putBytes(0xDB, length, 4);
        }

        out.put(text);
    }

    private void putTable(final LuaTable table, final int depth)
    {
        int count = 0;
        double max = 0;
        boolean isArray = true;
        for (int place = table.occupied(0); place >= 0; place = table.occupied(place + 1))
        {
            final Object key = table.keyAt(place);
            isArray = isArray && key instanceof Double && (Double)key > 0 && (int)(double)(Double)key == (Double)key;
            max = isArray ? Math.max(max, (Double)key) : 0;
            count++;
        }

        if (isArray && max == count)
        {
            putArray(table, count, depth);
        }
        else
        {
            putMap(table, count, depth);
        }
    }

    private void putArray(final LuaTable table, final int count, final int depth)
    {
        putCount(count, 0x90, 0xDC);
        for (int i = 1; i <= count; i++)
        {
            put(table.get(i), depth);
        }
    }

    private void putMap(final LuaTable table, final int count, final int depth)
    {
        putCount(count, 0x80, 0xDE);
        for (int place = table.occupied(0); place >= 0; place = table.occupied(place + 1))
        {
            put(table.keyAt(place), depth);
            put(table.valueAt(place), depth);
        }
    }

    private void putCount(final int count, final int small, final int two)
    {
        if (count < 16)
        {
            out.put(small | count);
        }
        else if (count <= 0xFFFF)
        {
            putBytes(two, count, 2);
        }
        else
        {
            putBytes(two + 1, count, 4);
        }
    }
}
