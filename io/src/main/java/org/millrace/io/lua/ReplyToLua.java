package org.millrace.io.lua;

import org.millrace.engine.memory.Memory;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;
import org.millrace.io.lua.value.NumberParser;

/** A reply as it stands on the wire, made a value of the script. */
final class ReplyToLua
{
    private static final LuaString OK = LuaString.of("ok");
    private static final LuaString MAP = LuaString.of("map");
    private static final LuaString SET = LuaString.of("set");
    private static final LuaString DOUBLE = LuaString.of("double");
    private static final LuaString BIG_NUMBER = LuaString.of("big_number");
    private static final LuaString VERBATIM = LuaString.of("verbatim_string");
    private static final LuaString FORMAT = LuaString.of("format");
    private static final LuaString STRING = LuaString.of("string");
    private static final LuaString STATUS_OK = LuaString.of("OK");
    private static final int FORMAT_LENGTH = 3;

    private long at;

    /** The value of the reply at an address. */
    Object convert(final long address)
    {
        at = address;
        return value();
    }

    private Object value()
    {
        final int type = Memory.getByte(at++);
        return switch (type)
        {
            case ':' -> (Object)(double)number();
            case '$' -> bulk();
            case '+' -> single(OK, line());
            case '-' -> ErrorTable.ofCommand(line().toString());
            case '*' -> array();
            case '_' -> nothing();
            case '%' -> single(MAP, map(number()));
            case '~' -> single(SET, set(number()));
            case '#' -> bool();
            case ',' -> single(DOUBLE, NumberParser.parse(line()));
            case '(' -> single(BIG_NUMBER, line());
            case '=' -> verbatim();
            case '|' -> behindAttribute();
            default -> throw new IllegalStateException("no reply begins with " + type);
        };
    }

    private static LuaTable single(final LuaString name, final Object value)
    {
        final LuaTable table = new LuaTable(0, 1);
        table.set(name, value);
        return table;
    }

    /** The number up to the end of the line. */
    private long number()
    {
        final boolean isNegative = '-' == Memory.getByte(at);
        if (isNegative)
        {
            at++;
        }

        long value = 0;
        int c = Memory.getByte(at++);
        while ('\r' != c)
        {
            value = value * 10 + (c - '0');
            c = Memory.getByte(at++);
        }

        at++;
        return isNegative ? -value : value;
    }

    private LuaString line()
    {
        final long from = at;
        while ('\r' != Memory.getByte(at))
        {
            at++;
        }

        final int length = (int)(at - from);
        at += 2;
        return 2 == length && 'O' == Memory.getByte(from) && 'K' == Memory.getByte(from + 1)
            ? STATUS_OK
            : text(from, length);
    }

    private static LuaString text(final long from, final int length)
    {
        final byte[] bytes = new byte[length];
        Memory.copy(from, bytes, 0, length);
        return LuaString.of(bytes);
    }

    private Object bulk()
    {
        final long length = number();
        if (length < 0)
        {
            return false;
        }

        final LuaString text = text(at, (int)length);
        at += length + 2;
        return text;
    }

    private Object array()
    {
        final long count = number();
        if (count < 0)
        {
            return false;
        }

        final LuaTable table = new LuaTable();
        for (int i = 1; i <= count; i++)
        {
            table.set(i, value());
        }

        return table;
    }

    private Object nothing()
    {
        at += 2;
        return null;
    }

    private Object bool()
    {
        final boolean is = 't' == Memory.getByte(at);
        at += 1 + 2;
        return is;
    }

    private LuaTable map(final long pairs)
    {
        final LuaTable table = new LuaTable();
        for (long i = 0; i < pairs; i++)
        {
            final Object key = value();
            table.set(key, value());
        }

        return table;
    }

    private LuaTable set(final long count)
    {
        final LuaTable table = new LuaTable();
        for (long i = 0; i < count; i++)
        {
            table.set(value(), true);
        }

        return table;
    }

    private Object verbatim()
    {
        final int length = (int)number();
        final LuaTable table = new LuaTable(0, 2);
        table.set(STRING, text(at + FORMAT_LENGTH + 1, length - FORMAT_LENGTH - 1));
        table.set(FORMAT, text(at, FORMAT_LENGTH));
        at += length + 2L;
        return single(VERBATIM, table);
    }

    /** What is said about a reply is not for scripts. */
    private Object behindAttribute()
    {
        for (long i = 2 * number(); i > 0; i--)
        {
            value();
        }

        return value();
    }
}
