package org.millrace.io.lua.lib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;
import org.millrace.io.lua.value.NumberParser;

/** {@code struct}: values as the bytes of a C structure. */
public final class StructLibrary extends Library
{
    private static final int RESULTS_MAX = 7990;

    public StructLibrary(final LuaState state)
    {
        super(state);
    }

    public LuaTable make()
    {
        final LuaTable struct = new LuaTable();
        // As in C, where a nil stands behind the arguments.
        add(struct, "pack", (a) -> pack(0 == a.length ? a : Arrays.copyOf(a, a.length + 1)));
        add(struct, "unpack", this::unpack);
        add(struct, "size", this::size);
        return struct;
    }

    private Object pack(final Object[] a)
    {
        final StructFormat format = new StructFormat(state, string(a, 0));
        final Bytes out = new Bytes();
        int index = 1;
        long place = 0;
        while (format.next())
        {
            final int padding = format.padding(place);
            out.fill(0, padding);
            final int from = out.length();
            final int letter = format.letter();
            if (format.isInteger())
            {
                putLong(out, integerOf(number(a, index++)), format.size(), format.isBig());
            }
            else if ('x' == letter)
            {
                out.put(0);
            }
            else if ('f' == letter)
            {
                putLong(out, Float.floatToRawIntBits((float)number(a, index++)), Float.BYTES, format.isBig());
            }
            else if ('d' == letter)
            {
                putLong(out, Double.doubleToRawLongBits(number(a, index++)), Double.BYTES, format.isBig());
            }
            else if ('c' == letter || 's' == letter)
            {
                putString(out, format, string(a, index++), index);
            }
            else
            {
                format.control();
            }

            place += padding + out.length() - from;
        }

        return out.toLuaString();
    }

    /** As C converts to a long, and numbers of 2^63 and more to an unsigned one. */
    private static long integerOf(final double number)
    {
        if (number >= 0x1p63)
        {
            return number < 0x1p64 ? (long)(number - 0x1p63) ^ Long.MIN_VALUE : 0;
        }

        return toLong(number);
    }

    private static void putLong(final Bytes out, final long value, final int size, final boolean isBig)
    {
        for (int i = 0; i < size; i++)
        {
            final int byteIndex = isBig ? size - 1 - i : i;
            out.put(byteIndex < Long.BYTES ? (int)(value >>> byteIndex * Byte.SIZE) : 0);
        }
    }

    private void putString(final Bytes out, final StructFormat format, final LuaString text, final int nextIndex)
    {
        final int size = 0 == format.size() ? text.length() : format.size();
        if (text.length() < size)
        {
            throw badArgument(nextIndex, "string too short");
        }

        out.put(text.bytes(), 0, size);
        if ('s' == format.letter())
        {
            out.put(0);
        }
    }

    private Object unpack(final Object[] a)
    {
        final StructFormat format = new StructFormat(state, string(a, 0));
        final LuaString data = string(a, 1);
        final long start = integer(a, 2, 1) - 1;
        if (start < 0)
        {
            throw badArgument(2, "offset must be 1 or greater");
        }

        final List<Object> results = new ArrayList<>();
        long place = start;
        while (format.next())
        {
            place += format.padding(place);
            require(data, place, format.size());
            if (results.size() > RESULTS_MAX)
            {
                throw LuaError.at("stack overflow (too many results)");
            }

            place += take(format, data, (int)place, results);
        }

        results.add((double)(place + 1));
        return results.toArray();
    }

    private void require(final LuaString data, final long place, final long size)
    {
        if (size > data.length() || place > data.length() - size)
        {
            throw badArgument(1, "data string too short");
        }
    }

    /** @return the bytes taken. */
    private int take(final StructFormat format, final LuaString data, final int place, final List<Object> results)
    {
        final int letter = format.letter();
        final int size = format.size();
        if (format.isInteger())
        {
            results.add(integer(format, data, place));
        }
        else if ('f' == letter)
        {
            results.add((double)Float.intBitsToFloat((int)getLong(data, place, size, format.isBig())));
        }
        else if ('d' == letter)
        {
            results.add(Double.longBitsToDouble(getLong(data, place, size, format.isBig())));
        }
        else if ('c' == letter)
        {
            return takeString(data, place, 0 == size ? previousSize(data, place, results) : size, results);
        }
        else if ('s' == letter)
        {
            return takeTerminated(data, place, results);
        }
        else if ('x' != letter)
        {
            format.control();
        }

        return size;
    }

    private static Object integer(final StructFormat format, final LuaString data, final int place)
    {
        final int size = format.size();
        final long value = getLong(data, place, size, format.isBig());
        if (!format.isSigned())
        {
            return NumberParser.toDouble(value);
        }

        final int unused = Long.SIZE - size * Byte.SIZE;
        return (double)(unused > 0 && unused < Long.SIZE ? value << unused >> unused : value);
    }

    private static long getLong(final LuaString data, final int place, final int size, final boolean isBig)
    {
        long value = 0;
        for (int i = 0; i < size; i++)
        {
            value = value << Byte.SIZE | data.at(isBig ? place + i : place + size - 1 - i);
        }

        return value;
    }

    private int previousSize(final LuaString data, final int place, final List<Object> results)
    {
        if (results.isEmpty() || !(results.get(results.size() - 1) instanceof Double))
        {
            throw LuaError.at("format 'c0' needs a previous size");
        }

        final long size = toLong((Double)results.remove(results.size() - 1));
        if (size < 0)
        {
            throw badArgument(1, "data string too short");
        }

        require(data, place, size);
        return (int)size;
    }

    private static int takeString(final LuaString data, final int place, final int size, final List<Object> results)
    {
        results.add(LuaString.of(data.bytes(), place, place + size));
        return size;
    }

    private static int takeTerminated(final LuaString data, final int place, final List<Object> results)
    {
        int end = place;
        while (end < data.length() && 0 != data.at(end))
        {
            end++;
        }

        if (end >= data.length())
        {
            throw LuaError.at("unfinished string in data");
        }

        results.add(LuaString.of(data.bytes(), place, end));
        return end - place + 1;
    }

    private Object size(final Object[] a)
    {
        final StructFormat format = new StructFormat(state, string(a, 0));
        long place = 0;
        while (format.next())
        {
            place += format.padding(place);
            if ('s' == format.letter())
            {
                throw badArgument(0, "option 's' has no fixed size");
            }

            if ('c' == format.letter() && 0 == format.size())
            {
                throw badArgument(0, "option 'c0' has no fixed size");
            }

            if (!Character.isLetterOrDigit(format.letter()))
            {
                format.control();
            }

            place += format.size();
        }

        return (double)place;
    }
}
