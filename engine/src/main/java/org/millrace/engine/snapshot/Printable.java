package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Memory;

/** Bytes of strangers as text for log lines and errors. Stateless; allocates, so never on the way of good data. */
final class Printable
{
    private static final int SHOWN_MAX = 64;

    private Printable()
    {
    }

    /** In single quotes, unprintable bytes escaped, cut to what fits a line. */
    static String quote(final long address, final long length)
    {
        return "'" + text(address, Math.min(length, SHOWN_MAX)) + (length > SHOWN_MAX ? "'..." : "'");
    }

    /** The same without quotes. */
    static String text(final long address, final long length)
    {
        final int shown = (int)Math.min(length, SHOWN_MAX);
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < shown; i++)
        {
            final int b = Memory.getUnsignedByte(address + i);
            if (b < ' ' || b > '~' || '\'' == b || '\\' == b)
            {
                text.append("\\x").append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 0xF, 16));
            }
            else
            {
                text.append((char)b);
            }
        }

        return text.append(length > shown ? "..." : "").toString();
    }
}
