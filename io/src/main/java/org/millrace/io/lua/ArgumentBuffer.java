package org.millrace.io.lua;

import org.millrace.engine.memory.DoubleText;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.resp.ArgVector;
import org.millrace.io.lua.value.LuaString;

/** The arguments of a command, out of the script's values into raw memory. */
final class ArgumentBuffer implements AutoCloseable
{
    private final ScratchBuffer buffer = new ScratchBuffer();
    private final ArgVector arguments = new ArgVector();

    /** @return null if a value is neither a string nor a number, or there are too many bytes; valid until the next call. */
    ArgVector fill(final Object[] values)
    {
        arguments.trim();
        arguments.clear();
        long length = 0;
        for (final Object value : values)
        {
            if (!(value instanceof LuaString) && !(value instanceof Double))
            {
                return null;
            }

            length += value instanceof LuaString ? ((LuaString)value).length() : DoubleText.LENGTH_MAX;
        }

        long at = buffer.renew(Math.max(1, length));
        for (final Object value : values)
        {
            final int written = value instanceof LuaString ? put(at, (LuaString)value) : put(at, (Double)value);
            arguments.add(at, written);
            at += written;
        }

        return arguments;
    }

    private static int put(final long at, final LuaString text)
    {
        Memory.copy(text.bytes(), 0, at, text.length());
        return text.length();
    }

    /** Whole numbers with all digits, others with as few as tell them apart. */
    private static int put(final long at, final double number)
    {
        return DoubleText.format(at, 0 == number ? 0.0 : number);
    }

    @Override
    public void close()
    {
        buffer.close();
    }
}
