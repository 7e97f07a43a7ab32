package org.millrace.engine.datatype;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.tree.ElementString;

/**
 * How Redis measures lists: it calls those small that fit one listpack of so many bytes or elements. Its listpacks are
 * not what lists are kept in here; only their lengths are looked at, as OBJECT ENCODING is to say what it would say there.
 */
final class ListpackSize
{
    /** Bytes of a listpack without elements. */
    static final int EMPTY = 7;

    /** Bytes of one that is limited by the number of its elements. */
    private static final int SAFE_MAX = 8192;

    /** The limits that -1 to -5 stand for: 4 KiB, and twice as much with each. */
    private static final int LEVEL_MIN = 4096;
    private static final int LEVELS = 5;

    /** Elements take at most a byte more in a listpack than here, and one more each for so many bytes. */
    private static final int LONG_TEXT = 126;
    private static final int SHORT_TEXT_MAX = 63;
    private static final int MIDDLE_TEXT_MAX = 4095;

    private ListpackSize()
    {
    }

    /** True if a listpack may not have so many bytes, or elements. @param limit list-max-listpack-size. */
    static boolean isTooLarge(final int limit, final long bytes, final long count)
    {
        return bytes > bytesMax(limit) || count > countMax(limit);
    }

    /** Most bytes of a listpack. */
    static long bytesMax(final int limit)
    {
        return limit >= 0 ? SAFE_MAX : (long)LEVEL_MIN << Math.min(LEVELS, -limit) - 1;
    }

    /** Most elements of a listpack. */
    static long countMax(final int limit)
    {
        return limit < 0 ? Long.MAX_VALUE : Math.max(1, limit);
    }

    /** Bytes that so many elements take in a listpack at most. @param bytes that they take here. */
    static long atMost(final long bytes, final long count)
    {
        return EMPTY + bytes + count + bytes / LONG_TEXT;
    }

    /** Bytes that so many elements take in a listpack, if none is a number of more than 32 bits. */
    static long about(final long bytes, final long count)
    {
        return EMPTY + bytes + count;
    }

    /** Bytes that an element takes in a listpack. */
    static long of(final long at)
    {
        if (ElementString.isNumber(at))
        {
            return ofNumber(ElementString.number(at));
        }

        final long length = ElementString.textLength(at);
        if (length <= Decimal.LENGTH_MAX && !ElementString.isReference(at) &&
            Decimal.isCanonical(ElementString.textAddress(at), length))
        {
            return 10;
        }

        if (length <= SHORT_TEXT_MAX)
        {
            return 2 + length;
        }

        final long whole = length + (length <= MIDDLE_TEXT_MAX ? 2 : 5);
        return whole + lengthOfLength(whole);
    }

    private static int ofNumber(final int number)
    {
        if (number >= 0 && number < 1 << 7)
        {
            return 2;
        }

        if (number >= -(1 << 12) && number < 1 << 12)
        {
            return 3;
        }

        if (number == (short)number)
        {
            return 4;
        }

        return number == number << 8 >> 8 ? 5 : 6;
    }

    /** Bytes of the length that stands behind an element for those who come from there. */
    private static int lengthOfLength(final long length)
    {
        int bytes = 1;
        for (long rest = length >>> 7; rest != 0; rest >>>= 7)
        {
            bytes++;
        }

        return bytes;
    }
}
