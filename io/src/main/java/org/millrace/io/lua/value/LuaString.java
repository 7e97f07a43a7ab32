package org.millrace.io.lua.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A string: bytes, whatever they are. Immutable; its hash is that of Lua 5.1, which tables go by in their order. */
public final class LuaString implements Comparable<LuaString>
{
    public static final LuaString EMPTY = new LuaString(new byte[0]);

    private static final LuaString[] SINGLE = new LuaString[256];

    static
    {
        for (int i = 0; i < SINGLE.length; i++)
        {
            SINGLE[i] = new LuaString(new byte[]{(byte)i});
        }
    }

    private final byte[] bytes;
    private int hash;

    private LuaString(final byte[] bytes)
    {
        this.bytes = bytes;
    }

    /** These bytes, which nobody changes any more. */
    public static LuaString of(final byte[] bytes)
    {
        Heap.made(bytes.length);
        return new LuaString(bytes);
    }

    /** A part of the bytes, copied. */
    public static LuaString of(final byte[] bytes, final int from, final int to)
    {
        if (to - from <= 1)
        {
            return to <= from ? EMPTY : SINGLE[bytes[from] & 0xFF];
        }

        return of(Arrays.copyOfRange(bytes, from, to));
    }

    /** Text whose chars are bytes. */
    public static LuaString of(final String text)
    {
        return new LuaString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The bytes themselves: not to be changed. */
    public byte[] bytes()
    {
        return bytes;
    }

    public int length()
    {
        return bytes.length;
    }

    /** The byte at an index from 0, unsigned. */
    public int at(final int index)
    {
        return bytes[index] & 0xFF;
    }

    /** Lua 5.1's: of a long string not all bytes count. */
    @Override
    public int hashCode()
    {
        int h = hash;
        if (0 == h)
        {
            h = bytes.length;
            final int step = (bytes.length >> 5) + 1;
            for (int i = bytes.length; i >= step; i -= step)
            {
                h ^= (h << 5) + (h >>> 2) + (bytes[i - 1] & 0xFF);
            }

            hash = h;
        }

        return h;
    }

    @Override
    public boolean equals(final Object other)
    {
        return this == other || other instanceof LuaString && isSame((LuaString)other);
    }

    /** True if it has the same bytes. */
    public boolean isSame(final LuaString other)
    {
        return bytes.length == other.bytes.length && hashCode() == other.hashCode() &&
            Arrays.equals(bytes, other.bytes);
    }

    /** By unsigned bytes. */
    @Override
    public int compareTo(final LuaString other)
    {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    /** The bytes as chars. */
    @Override
    public String toString()
    {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
