package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Memory;

/**
 * Reads ziplists, in which Redis before 7 kept small values.
 * <pre>
 *   +-------------+-----------------+----------------+---------+     +---------+----+
 *   | bytes in    | offset of the   | elements, FFFF | element | ... | element | FF |
 *   | all, 4 B    | last one, 4 B   | unknown: 2 B   |         |     |         |    |
 *   +-------------+-----------------+----------------+---------+     +---------+----+
 *
 *   element: length of the element before it, in 1 byte, or as FE and 4 bytes; form and content
 *   00llllll                       text of l bytes
 *   01llllll l                     text, its length in 14 bits, big-endian
 *   10______ l l l l               text, its length in 32 bits, big-endian
 *   C0, F0, D0, E0                 number of 16, 24, 32, 64 bits
 *   FE n                           number of 8 bits
 *   F1 to FD                       the numbers 0 to 12
 * </pre>
 * Integers are little-endian where nothing else is said.
 */
final class ZiplistReader extends PackedElements
{
    private static final int TAIL_AT = 4;
    private static final int COUNT_AT = 8;
    private static final int HEAD_LENGTH = 10;
    private static final int COUNT_UNKNOWN = 0xFFFF;
    private static final int END_MARK = 0xFF;
    private static final int LONG_BEFORE = 0xFE;

    private static final int TEXT_14 = 0x40;
    private static final int TEXT_32 = 0x80;
    private static final int NUMBER_16 = 0xC0;
    private static final int NUMBER_32 = 0xD0;
    private static final int NUMBER_64 = 0xE0;
    private static final int NUMBER_24 = 0xF0;
    private static final int NUMBER_8 = 0xFE;
    private static final int SMALL_MIN = 0xF1;
    private static final int SMALL_MAX = 0xFD;

    private long start;
    private long at;
    private long last;
    private long before;
    private int counted;

    @Override
    boolean wrap(final long address, final long length)
    {
        start = address;
        at = address + HEAD_LENGTH;
        last = address + length - 1;
        before = 0;
        counted = 0;
        return at <= last && length == unsigned32(address) && END_MARK == Memory.getUnsignedByte(last) &&
            unsigned32(address + TAIL_AT) <= length - 1;
    }

    @Override
    int next()
    {
        if (at == last)
        {
            return isCounted() && isTail(at - before) ? END : BAD;
        }

        final int first = Memory.getUnsignedByte(at);
        final int beforeLength = LONG_BEFORE == first ? 5 : 1;
        // One byte more than that: the form.
        if (END_MARK == first || beforeLength + 1 > last - at ||
            before != (LONG_BEFORE == first ? unsigned32(at + 1) : first))
        {
            return BAD;
        }

        final long element = at + beforeLength;
        final int form = Memory.getUnsignedByte(element);
        final int headLength = headLength(form);
        if (0 == headLength || headLength > last - element)
        {
            return BAD;
        }

        final long textLength = form < NUMBER_16 ? textLength(element, form) : 0;
        if (textLength > last - element - headLength)
        {
            return BAD;
        }

        before = beforeLength + headLength + textLength;
        at += before;
        counted++;
        return form < NUMBER_16 ? text(element + headLength, textLength) : number(numberAt(element, form));
    }

    private boolean isCounted()
    {
        final int count = Memory.getShort(start + COUNT_AT) & 0xFFFF;
        return COUNT_UNKNOWN == count || counted == count;
    }

    /** The head names the last element; of an empty one it may say what it likes. */
    private boolean isTail(final long lastElement)
    {
        return 0 == counted || unsigned32(start + TAIL_AT) == lastElement - start;
    }

    /** Bytes of the form and, of a number, of its value; 0 if there is no such form. */
    private static int headLength(final int form)
    {
        if (form < NUMBER_16)
        {
            return form < TEXT_14 ? 1 : form < TEXT_32 ? 2 : 5;
        }

        if (form >= SMALL_MIN && form <= SMALL_MAX)
        {
            return 1;
        }

        return switch (form)
        {
            case NUMBER_8 -> 2;
            case NUMBER_16 -> 3;
            case NUMBER_24 -> 4;
            case NUMBER_32 -> 5;
            case NUMBER_64 -> 9;
            default -> 0;
        };
    }

    private static long textLength(final long address, final int form)
    {
        if (form < TEXT_14)
        {
            return form;
        }

        return form < TEXT_32
            ? (form & 0x3F) << 8 | Memory.getUnsignedByte(address + 1)
            : Integer.reverseBytes(Memory.getInt(address + 1)) & 0xFFFF_FFFFL;
    }

    private static long numberAt(final long address, final int form)
    {
        return switch (form)
        {
            case NUMBER_8 -> Memory.getByte(address + 1);
            case NUMBER_16 -> Memory.getShort(address + 1);
            case NUMBER_24 -> int24(address + 1);
            case NUMBER_32 -> Memory.getInt(address + 1);
            case NUMBER_64 -> Memory.getLong(address + 1);
            default -> form - SMALL_MIN;
        };
    }
}
