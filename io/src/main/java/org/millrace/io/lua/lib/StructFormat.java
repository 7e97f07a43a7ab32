package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;

/** The letters of a struct's format, one after the other, with order of bytes and alignment as they stand. */
final class StructFormat
{
    private static final int INTEGER_MAX = 32;
    private static final int ALIGNMENT_MAX = 8;

    private final LuaState state;
    private final LuaString format;
    private int at;
    private int letter;
    private int size;
    private boolean isBig;
    private int alignment = 1;

    StructFormat(final LuaState state, final LuaString format)
    {
        this.state = state;
        this.format = format;
    }

    /** Go to the next letter. @return false if there is none. */
    boolean next()
    {
        if (at >= format.length() || 0 == format.at(at))
        {
            return false;
        }

        letter = format.at(at++);
        size = sizeOf();
        return true;
    }

    int letter()
    {
        return letter;
    }

    /** Bytes that it takes; 0 if that depends on the value, or it takes none. */
    int size()
    {
        return size;
    }

    boolean isBig()
    {
        return isBig;
    }

    boolean isInteger()
    {
        return "bBhHlLTiI".indexOf(letter) >= 0;
    }

    boolean isSigned()
    {
        return letter >= 'a';
    }

    private int sizeOf()
    {
        return switch (letter)
        {
            case 'B', 'b', 'x' -> 1;
            case 'H', 'h' -> 2;
            case 'L', 'l', 'T', 'd' -> 8;
            case 'f' -> 4;
            case 'c' -> number(1);
            case 'i', 'I' -> integerSize();
            default -> 0;
        };
    }

    private int integerSize()
    {
        final int bytes = number(4);
        if (bytes > INTEGER_MAX)
        {
            throw LuaError.at("integral size " + bytes + " is larger than limit of " + INTEGER_MAX);
        }

        return bytes;
    }

    private boolean isDigit()
    {
        return at < format.length() && format.at(at) >= '0' && format.at(at) <= '9';
    }

    private int number(final int otherwise)
    {
        if (!isDigit())
        {
            return otherwise;
        }

        long value = 0;
        while (isDigit())
        {
            value = value * 10 + format.at(at++) - '0';
            if (value > Integer.MAX_VALUE)
            {
                throw LuaError.at("integral size overflow");
            }
        }

        return (int)value;
    }

    /** Bytes to leave free at a place, so that what comes is aligned. */
    int padding(final long place)
    {
        if (0 == size || 'c' == letter)
        {
            return 0;
        }

        final int unit = Math.min(size, alignment);
        return (int)(unit - (place & unit - 1)) & unit - 1;
    }

    /** A letter that is no value: it changes what comes. */
    void control()
    {
        switch (letter)
        {
            case ' ' -> {
            }
            case '>' -> isBig = true;
            case '<' -> isBig = false;
            case '!' -> align();
            default -> throw state.badArgument(1, "invalid format option '" + (char)letter + "'");
        }
    }

    private void align()
    {
        final int unit = number(ALIGNMENT_MAX);
        if (unit <= 0 || 0 != (unit & unit - 1))
        {
            throw LuaError.at("alignment " + unit + " is not a power of 2");
        }

        alignment = unit;
    }
}
