package org.millrace.engine.tree;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/**
 * The order of texts, byte by byte, and what it is of the strings of elements in each of their forms. Writer thread.
 */
public final class TextOrder implements AutoCloseable
{
    private final TreeRuns runs;
    private final long digits = Memory.reserve(2 * Decimal.LENGTH_MAX);

    public TextOrder(final Trees trees)
    {
        this(new TreeRuns(trees.memory()));
    }

    TextOrder(final TreeRuns runs)
    {
        this.runs = runs;
    }

    /**
     * The first eight bytes of a text as a signed number: where two of them differ, the texts are in their order; where
     * not, it takes more.
     */
    static long prefix(final long text, final long length)
    {
        if (length >= Long.BYTES)
        {
            return Long.reverseBytes(Memory.getLong(text)) ^ Long.MIN_VALUE;
        }

        long prefix = 0;
        for (int i = 0; i < length; i++)
        {
            prefix |= (long)Memory.getUnsignedByte(text + i) << 56 - 8 * i;
        }

        return prefix ^ Long.MIN_VALUE;
    }

    /** Negative, 0 or positive. */
    public static int compare(final long a, final long aLength, final long b, final long bLength)
    {
        final long length = Math.min(aLength, bLength);
        long i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES)
        {
            final long aWord = Memory.getLong(a + i);
            final long bWord = Memory.getLong(b + i);
            if (aWord != bWord)
            {
                return Long.compareUnsigned(Long.reverseBytes(aWord), Long.reverseBytes(bWord));
            }
        }

        for (; i < length; i++)
        {
            final int difference = Memory.getUnsignedByte(a + i) - Memory.getUnsignedByte(b + i);
            if (0 != difference)
            {
                return difference;
            }
        }

        return Long.compare(aLength, bLength);
    }

    /** Prefix of the string that stands at {@code at}. */
    long prefixOf(final long at)
    {
        if (ElementString.isNumber(at))
        {
            return prefix(digits, Decimal.format(digits, ElementString.number(at)));
        }

        if (ElementString.isReference(at))
        {
            runs.begin(ElementString.root(at), ElementString.textLength(at));
            // Every leaf of a long string but the last is full.
            runs.next();
            return prefix(runs.address(), runs.length());
        }

        return prefix(ElementString.textAddress(at), ElementString.textLength(at));
    }

    /** The string that stands at {@code at} before, at or behind a text: negative, 0 or positive. */
    public int compare(final long at, final long text, final long length)
    {
        if (ElementString.isNumber(at))
        {
            return compare(digits, Decimal.format(digits, ElementString.number(at)), text, length);
        }

        return ElementString.isReference(at)
            ? compareLong(at, text, length)
            : compare(ElementString.textAddress(at), ElementString.textLength(at), text, length);
    }

    private int compareLong(final long at, final long text, final long length)
    {
        final long ownLength = ElementString.textLength(at);
        runs.begin(ElementString.root(at), ownLength);
        long done = 0;
        while (done < length && runs.next())
        {
            final long step = Math.min(runs.length(), length - done);
            final int difference = compare(runs.address(), step, text + done, step);
            if (0 != difference)
            {
                return difference;
            }

            done += step;
        }

        return Long.compare(ownLength, length);
    }

    @Override
    public void close()
    {
        Memory.release(digits);
    }
}
