package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;
import org.millrace.io.lua.value.NumberParser;

/** Reads MessagePack. */
final class MessagePackReader
{
    private final LuaState state;
    private final LuaString text;
    private int at;

    MessagePackReader(final LuaState state, final LuaString text, final int from)
    {
        this.state = state;
        this.text = text;
        at = from;
    }

    int left()
    {
        return text.length() - at;
    }

    Object value()
    {
        state.step();
        require(1);
        final int type = text.at(at++);
        if (type < 0x80)
        {
            return (double)type;
        }

        if (type >= 0xE0)
        {
            return (double)(byte)type;
        }

        if (type < 0xC0)
        {
            return fixed(type);
        }

        return switch (type)
        {
            case 0xC0 -> null;
            case 0xC2 -> false;
            case 0xC3 -> true;
            case 0xD9 -> string(unsigned(1));
            case 0xDA -> string(unsigned(2));
            case 0xDB -> string(unsigned(4));
            case 0xDC -> array(unsigned(2));
            case 0xDD -> array(unsigned(4));
            case 0xDE -> map(unsigned(2));
            case 0xDF -> map(unsigned(4));
            default -> number(type);
        };
    }

    private Object fixed(final int type)
    {
        if (type >= 0xA0)
        {
            return string(type & 0x1F);
        }

        return type >= 0x90 ? array(type & 0xF) : map(type & 0xF);
    }

    private Object number(final int type)
    {
        return switch (type)
        {
            case 0xCA -> (double)Float.intBitsToFloat((int)unsigned(4));
            case 0xCB -> Double.longBitsToDouble(unsigned(8));
            case 0xCC -> (double)unsigned(1);
            case 0xCD -> (double)unsigned(2);
            case 0xCE -> (double)unsigned(4);
            case 0xCF -> NumberParser.toDouble(unsigned(8));
            case 0xD0 -> (double)(byte)unsigned(1);
            case 0xD1 -> (double)(short)unsigned(2);
            case 0xD2 -> (double)(int)unsigned(4);
            case 0xD3 -> (double)unsigned(8);
            default -> throw LuaError.at("Bad data format in input.");
        };
    }

    private void require(final long bytes)
    {
        if (left() < bytes)
        {
            throw LuaError.at("Missing bytes in input.");
        }
    }

    private long unsigned(final int size)
    {
        require(size);
        long value = 0;
        for (int i = 0; i < size; i++)
        {
            value = value << Byte.SIZE | text.at(at++);
        }

        return value;
    }

    private LuaString string(final long length)
    {
        require(length);
        at += (int)length;
        return LuaString.of(text.bytes(), at - (int)length, at);
    }

    private LuaTable array(final long count)
    {
        final LuaTable table = new LuaTable();
        for (int i = 1; i <= count; i++)
        {
            table.set(i, value());
        }

        return table;
    }

    private LuaTable map(final long count)
    {
        final LuaTable table = new LuaTable();
        for (long i = 0; i < count; i++)
        {
            final Object key = value();
            table.set(key, value());
        }

        return table;
    }
}
