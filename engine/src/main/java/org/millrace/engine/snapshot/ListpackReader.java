package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Memory;

/**
 * Reads listpacks, in which Redis 7 keeps small values and streams.
 * <pre>
 *   +-------------+----------------+---------+     +---------+----+
 *   | bytes in    | elements, FFFF | element | ... | element | FF |
 *   | all, 4 B    | unknown: 2 B   |         |     |         |    |
 *   +-------------+----------------+---------+     +---------+----+
 *
 *   element: form and content as below, then the length of both in groups of 7 bits, the most significant first, with
 *            the high bit set in all but the first: it is read from its end
 *   0nnnnnnn                       the number n
 *   10llllll                       text of l bytes
 *   110nnnnn n                     number of 13 bits, big-endian
 *   1110llll l                     text, its length in 12 bits, big-endian
 *   F0 l l l l                     text, its length in 32 bits, little-endian
 *   F1, F2, F3, F4                 number of 16, 24, 32, 64 bits, little-endian
 * </pre>
 */
final class ListpackReader extends PackedElements
{
    /** Bytes before the first element. */
    static final int HEAD_LENGTH = 6;

    private static final int COUNT_AT = 4;
    private static final int COUNT_UNKNOWN = 0xFFFF;
    private static final int END_MARK = 0xFF;

    private static final int TEXT_6 = 0x80;
    private static final int NUMBER_13 = 0xC0;
    private static final int TEXT_12 = 0xE0;
    private static final int TEXT_32 = 0xF0;
    private static final int NUMBER_16 = 0xF1;
    private static final int NUMBER_24 = 0xF2;
    private static final int NUMBER_32 = 0xF3;
    private static final int NUMBER_64 = 0xF4;

    private static final int NUMBER_13_BITS = 13;

    private long at;
    private long last;
    private int count;
    private int counted;

    @Override
    boolean wrap(final long address, final long length)
    {
        at = address + HEAD_LENGTH;
        last = address + length - 1;
        counted = 0;
        if (at > last || length != unsigned32(address) || END_MARK != Memory.getUnsignedByte(last))
        {
            return false;
        }

        count = Memory.getShort(address + COUNT_AT) & 0xFFFF;
        return true;
    }

    @Override
    int next()
    {
        if (at == last)
        {
            return COUNT_UNKNOWN == count || counted == count ? END : BAD;
        }

        final int form = Memory.getUnsignedByte(at);
        final int headLength = headLength(form);
        if (0 == headLength || headLength > last - at)
        {
            return BAD;
        }

        final long textLength = textLength(form);
        final long length = headLength + textLength;
        final int backLength = backLength(length);
        if (length + backLength > last - at || !isBackLength(at + length, backLength, length))
        {
            return BAD;
        }

        final long element = at;
        at += length + backLength;
        counted++;
        return isText(form) ? text(element + headLength, textLength) : number(numberAt(element, form));
    }

    /** Bytes of the form and, of a number, of its value; 0 if there is no such form. */
    private static int headLength(final int form)
    {
        if (form < NUMBER_13)
        {
            return 1;
        }

        if (form < TEXT_32)
        {
            return 2;
        }

        return switch (form)
        {
            case NUMBER_16 -> 3;
            case NUMBER_24 -> 4;
            case TEXT_32, NUMBER_32 -> 5;
            case NUMBER_64 -> 9;
            default -> 0;
        };
    }

    private static boolean isText(final int form)
    {
        return form >= TEXT_6 && form < NUMBER_13 || form >= TEXT_12 && form <= TEXT_32;
    }

    /** Bytes of the text behind the head, 0 behind that of a number. */
    private long textLength(final int form)
    {
        if (!isText(form))
        {
            return 0;
        }

        if (form < NUMBER_13)
        {
            return form & 0x3F;
        }

        return TEXT_32 == form ? unsigned32(at + 1) : (form & 0xF) << 8 | Memory.getUnsignedByte(at + 1);
    }

    private static long numberAt(final long address, final int form)
    {
        if (form < TEXT_6)
        {
            return form;
        }

        return switch (form)
        {
            case NUMBER_16 -> Memory.getShort(address + 1);
            case NUMBER_24 -> int24(address + 1);
            case NUMBER_32 -> Memory.getInt(address + 1);
            case NUMBER_64 -> Memory.getLong(address + 1);
            default -> {
                final int unused = Integer.SIZE - NUMBER_13_BITS;
                yield ((form & 0x1F) << 8 | Memory.getUnsignedByte(address + 1)) << unused >> unused;
            }
        };
    }

    /** Bytes of the length that stands behind an element; those who write it count so, one short of what would fit. */
    private static int backLength(final long length)
    {
        if (length <= 127)
        {
            return 1;
        }

        if (length < (1 << 14) - 1)
        {
            return 2;
        }

        if (length < (1 << 21) - 1)
        {
            return 3;
        }

        return length < (1 << 28) - 1 ? 4 : 5;
    }

    private static boolean isBackLength(final long address, final int backLength, final long length)
    {
        long rest = length;
        for (int i = backLength - 1; i >= 0; i--)
        {
            if (Memory.getUnsignedByte(address + i) != ((rest & 0x7F) | (i > 0 ? 0x80 : 0)))
            {
                return false;
            }

            rest >>>= 7;
        }

        return true;
    }
}
