package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code string}, but for patterns ({@link PatternLibrary}) and {@code format} ({@link StringFormat}). */
public final class StringLibrary extends Library
{
    private static final int RESULTS_MAX = 7999;

    public StringLibrary(final LuaState state)
    {
        super(state);
    }

    public LuaTable make()
    {
        final LuaTable string = new LuaTable();
        add(string, "len", (a) -> (double)string(a, 0).length());
        add(string, "sub", this::sub);
        add(string, "byte", this::bytes);
        add(string, "char", this::chars);
        add(string, "rep", this::repeat);
        add(string, "reverse", this::reverse);
        add(string, "lower", this::lower);
        add(string, "upper", this::upper);
        add(string, "dump", this::dump);
        add(string, "format", new StringFormat(state)::format);
        new PatternLibrary(state).addTo(string);
        return string;
    }

    /** A position from 1, or from the end if it is negative. */
    static long position(final long position, final int length)
    {
        final long from = position < 0 ? position + length + 1 : position;
        return Math.max(0, from);
    }

    private Object sub(final Object[] a)
    {
        final LuaString text = string(a, 0);
        final long from = Math.max(1, position(integer(a, 1), text.length()));
        final long to = Math.min(text.length(), position(integer(a, 2, -1), text.length()));
        return from > to ? LuaString.EMPTY : LuaString.of(text.bytes(), (int)from - 1, (int)to);
    }

    private Object bytes(final Object[] a)
    {
        final LuaString text = string(a, 0);
        final long first = position(integer(a, 1, 1), text.length());
        final long from = Math.max(1, first);
        final long to = Math.min(text.length(), position(integer(a, 2, first), text.length()));
        if (from > to)
        {
            return NONE;
        }

        if (to - from >= RESULTS_MAX)
        {
            throw LuaError.at("string slice too long");
        }

        final Object[] values = new Object[(int)(to - from) + 1];
        for (int i = 0; i < values.length; i++)
        {
            values[i] = (double)text.at((int)from - 1 + i);
        }

        return values;
    }

    private Object chars(final Object[] a)
    {
        final byte[] bytes = new byte[a.length];
        for (int i = 0; i < a.length; i++)
        {
            final int c = small(a, i);
            if (c < 0 || c > 0xFF)
            {
                throw badArgument(i, "invalid value");
            }

            bytes[i] = (byte)c;
        }

        return LuaString.of(bytes);
    }

    private Object repeat(final Object[] a)
    {
        final LuaString text = string(a, 0);
        final long count = Math.max(0, small(a, 1));
        if (0 == count || 0 == text.length())
        {
            return LuaString.EMPTY;
        }

        final long length = count * text.length();
        if (length > Integer.MAX_VALUE / 2)
        {
            throw LuaError.of(LuaString.of("not enough memory"));
        }

        final Bytes bytes = new Bytes(0);
        bytes.reserve((int)length);
        for (long i = 0; i < count; i++)
        {
            bytes.put(text);
        }

        state.steps((int)(length >> 6));
        return bytes.toLuaString();
    }

    private Object reverse(final Object[] a)
    {
        final LuaString text = string(a, 0);
        final byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++)
        {
            bytes[i] = (byte)text.at(bytes.length - 1 - i);
        }

        return LuaString.of(bytes);
    }

    private Object lower(final Object[] a)
    {
        final byte[] bytes = string(a, 0).bytes().clone();
        for (int i = 0; i < bytes.length; i++)
        {
            if (bytes[i] >= 'A' && bytes[i] <= 'Z')
            {
                bytes[i] += 'a' - 'A';
            }
        }

        return LuaString.of(bytes);
    }

    private Object upper(final Object[] a)
    {
        final byte[] bytes = string(a, 0).bytes().clone();
        for (int i = 0; i < bytes.length; i++)
        {
            if (bytes[i] >= 'a' && bytes[i] <= 'z')
            {
                bytes[i] -= 'a' - 'A';
            }
        }

        return LuaString.of(bytes);
    }

    private Object dump(final Object[] a)
    {
        function(a, 0);
        throw LuaError.at("unable to dump given function");
    }
}
