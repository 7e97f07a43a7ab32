package org.millrace.io.lua.value;

import java.util.Arrays;

/** Bytes of a string that is being made. Asks the heap before it gets large. */
public final class Bytes
{
    private static final int INITIAL = 64;
    private static final int LARGE = 1 << 18;

    /** Longest string: an array has no more elements. */
    private static final int LENGTH_MAX = Integer.MAX_VALUE - 64;

    private byte[] bytes;
    private int length;

    public Bytes()
    {
        bytes = new byte[INITIAL];
    }

    public Bytes(final int capacity)
    {
        bytes = new byte[capacity];
    }

    public int length()
    {
        return length;
    }

    /** The bytes themselves, of which {@link #length} count; until the next change. */
    public byte[] array()
    {
        return bytes;
    }

    public void clear()
    {
        length = 0;
    }

    /** Drop what was written behind so many bytes. */
    public void truncate(final int length)
    {
        this.length = length;
    }

    public Bytes put(final int value)
    {
        if (length == bytes.length)
        {
            reserve(1);
        }

        bytes[length++] = (byte)value;
        return this;
    }

    public Bytes put(final byte[] source, final int from, final int to)
    {
        reserve(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
        return this;
    }

    public Bytes put(final LuaString text)
    {
        return put(text.bytes(), 0, text.length());
    }

    /** Text whose chars are bytes. */
    public Bytes put(final String text)
    {
        reserve(text.length());
        for (int i = 0; i < text.length(); i++)
        {
            bytes[length++] = (byte)text.charAt(i);
        }

        return this;
    }

    public Bytes fill(final int value, final int count)
    {
        reserve(count);
        Arrays.fill(bytes, length, length + count, (byte)value);
        length += count;
        return this;
    }

    /** Room for so many more bytes, which the caller writes into {@link #array} and then says {@link #advance}. */
    public void reserve(final int more)
    {
        final long needed = (long)length + more;
        if (needed <= bytes.length)
        {
            return;
        }

        if (needed > LENGTH_MAX)
        {
            throw LuaError.of(LuaString.of("not enough memory"));
        }

        final long capacity = Math.min(LENGTH_MAX, Math.max(needed, 2L * bytes.length));
        if (capacity > LARGE)
        {
            Heap.require(capacity);
        }

        bytes = Arrays.copyOf(bytes, (int)capacity);
    }

    public void advance(final int count)
    {
        length += count;
    }

    public LuaString toLuaString()
    {
        if (length > LARGE)
        {
            Heap.require(length);
        }

        return LuaString.of(bytes, 0, length);
    }
}
