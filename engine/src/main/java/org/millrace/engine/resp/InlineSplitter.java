package org.millrace.engine.resp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.millrace.engine.memory.Memory;

/**
 * Splits an inline command into arguments as Redis does: spaces separate, "..." with backslash escapes, '...' with \'
 * only. Unescaped text goes to a buffer of its own, which the arguments point into until the next split.
 */
public final class InlineSplitter
{
    private OutBuffer text;

    /** The words of the first bytes as texts, a character a byte; null if quotes do not fit. Allocates. */
    public static List<String> words(final byte[] source, final int length)
    {
        final long copy = Memory.reserve(Math.max(1, length));
        Memory.copy(source, 0, copy, length);
        final ArgVector parts = new ArgVector();
        List<String> texts = null;
        if (new InlineSplitter().split(copy, length, parts))
        {
            texts = new ArrayList<>();
            for (int i = 0; i < parts.count(); i++)
            {
                texts.add(new String(parts.bytes(i), StandardCharsets.ISO_8859_1));
            }
        }

        Memory.release(copy);
        return texts;
    }

    /** False if quotes do not balance, or a closing quote is not followed by a space. */
    public boolean split(final long address, final int length, final ArgVector args)
    {
        if (null == text)
        {
            text = new OutBuffer(256);
        }

        text.truncate(0);
        // Unescaped text is never longer than the line: nothing moves while arguments point into it.
        final long out = text.claim(Math.max(1, length));
        int written = 0;
        int i = 0;
        while (true)
        {
            while (i < length && isSpace(Memory.getByte(address + i)))
            {
                i++;
            }

            if (i >= length)
            {
                return true;
            }

            final int start = written;
            while (i < length && !isSeparator(Memory.getByte(address + i)))
            {
                final int c = Memory.getByte(address + i);
                if ('"' == c || '\'' == c)
                {
                    final long quoted = unquote(address, i + 1, length, c, out + written);
                    if (quoted < 0)
                    {
                        return false;
                    }

                    i = (int)(quoted >>> 32);
                    written += (int)quoted;
                    if (i < length && !isSpace(Memory.getByte(address + i)))
                    {
                        return false;
                    }

                    break;
                }

                Memory.putByte(out + written++, (byte)c);
                i++;
            }

            args.add(out + start, written - start);
        }
    }

    /** Copies until the closing quote; returns (index after it) << 32 | bytes written, or -1. */
    private static long unquote(final long address, final int from, final int length, final int quote, final long out)
    {
        int written = 0;
        int i = from;
        while (i < length)
        {
            int c = Memory.getByte(address + i);
            if (quote == c)
            {
                return (long)(i + 1) << 32 | written;
            }

            if ('\\' == c && i + 1 < length)
            {
                final int next = Memory.getByte(address + i + 1);
                if ('\'' == quote)
                {
                    if ('\'' == next)
                    {
                        c = next;
                        i++;
                    }
                }
                else if ('x' == next && i + 3 < length && hex(address + i + 2) >= 0 && hex(address + i + 3) >= 0)
                {
                    c = hex(address + i + 2) << 4 | hex(address + i + 3);
                    i += 3;
                }
                else
                {
                    c = escaped(next);
                    i++;
                }
            }

            Memory.putByte(out + written++, (byte)c);
            i++;
        }

        return -1;
    }

    private static int escaped(final int c)
    {
        return switch (c)
        {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> 7;
            default -> c;
        };
    }

    private static int hex(final long address)
    {
        return Character.digit(Memory.getByte(address), 16);
    }

    /** What ends an argument; what may stand in front of one, or behind a quote, is more. */
    private static boolean isSeparator(final int c)
    {
        return ' ' == c || '\t' == c || '\n' == c || '\r' == c;
    }

    private static boolean isSpace(final int c)
    {
        return ' ' == c || c >= '\t' && c <= '\r';
    }
}
