package org.millrace.engine.resp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.millrace.engine.memory.Memory;

/** The arguments of one command as places in raw memory; no objects. Reused; thread-confined. */
public final class ArgVector
{
    /** No arguments; never to be added to. */
    public static final ArgVector NONE = new ArgVector();

    private long[] addresses = new long[16];
    private int[] lengths = new int[16];
    private int count;

    public int count()
    {
        return count;
    }

    public long address(final int index)
    {
        return addresses[index];
    }

    public int length(final int index)
    {
        return lengths[index];
    }

    public void clear()
    {
        count = 0;
    }

    public void add(final long address, final int length)
    {
        if (count == addresses.length)
        {
            addresses = Arrays.copyOf(addresses, count * 2);
            lengths = Arrays.copyOf(lengths, count * 2);
        }

        addresses[count] = address;
        lengths[count++] = length;
    }

    /** Add {@code delta} to every address from {@code from} on: the buffer behind them has moved. */
    public void shift(final long delta)
    {
        for (int i = 0; i < count; i++)
        {
            addresses[i] += delta;
        }
    }

    /** Drop what a huge command left behind. */
    public void trim()
    {
        if (addresses.length > 1024)
        {
            addresses = new long[16];
            lengths = new int[16];
        }
    }

    /** True if the argument is this word, ASCII letters of either case; {@code word} in upper case. */
    public boolean is(final int index, final String word)
    {
        final int length = lengths[index];
        if (length != word.length())
        {
            return false;
        }

        final long address = addresses[index];
        for (int i = 0; i < length; i++)
        {
            int c = Memory.getByte(address + i);
            if (c >= 'a' && c <= 'z')
            {
                c -= 32;
            }

            if (c != word.charAt(i))
            {
                return false;
            }
        }

        return true;
    }

    /** A copy on the heap. */
    public byte[] bytes(final int index)
    {
        final byte[] copy = new byte[lengths[index]];
        Memory.copy(addresses[index], copy, 0, copy.length);
        return copy;
    }

    /** A copy as text, one char a byte (ISO 8859-1), so that nothing is lost. */
    public String text(final int index)
    {
        return text(index, Integer.MAX_VALUE);
    }

    /** As {@link #text(int)}, at most {@code lengthMax} characters: an argument may be longer than the heap. */
    public String text(final int index, final int lengthMax)
    {
        final byte[] copy = new byte[Math.min(lengthMax, lengths[index])];
        Memory.copy(addresses[index], copy, 0, copy.length);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }
}
