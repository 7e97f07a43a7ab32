package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/**
 * Listpacks, in which the entries of streams lie: static access to one that is known to be whole, and what it takes to
 * write one. They go out as they lie, so they are Redis's, byte by byte.
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
 * A text that is a canonical number of 64 bits is one. An element is told by its address.
 */
@Layout(value = "A listpack, in which the entries of a stream lie: Redis's form", length = Listpack.HEAD_LENGTH, then = {
    "elements", "FF"})
public final class Listpack
{
    /** Bytes before the first element. */
    public static final int HEAD_LENGTH = 6;

    /** Bytes of an empty one. */
    public static final int EMPTY_LENGTH = HEAD_LENGTH + 1;

    /** More bytes than a text's element has beside the text, and than any number's has. */
    public static final int OVERHEAD_MAX = 16;

    @Layout.Field(bytes = Integer.BYTES, value = "bytes in all")
    static final int LENGTH_OFFSET = 0;
    @Layout.Field(bytes = Short.BYTES, value = "elements; FFFF: unknown")
    static final int COUNT_OFFSET = 4;

    private static final int COUNT_UNKNOWN = 0xFFFF;
    private static final int END = 0xFF;

    private static final int TEXT_6 = 0x80;
    private static final int NUMBER_13 = 0xC0;
    private static final int TEXT_12 = 0xE0;
    private static final int TEXT_32 = 0xF0;
    private static final int NUMBER_16 = 0xF1;
    private static final int NUMBER_24 = 0xF2;
    private static final int NUMBER_32 = 0xF3;
    private static final int NUMBER_64 = 0xF4;

    private static final int TEXT_6_MAX = 63;
    private static final int TEXT_12_MAX = 4095;
    private static final int UNUSED_OF_13 = Integer.SIZE - 13;
    private static final int UNUSED_OF_24 = Integer.SIZE - 24;

    private Listpack()
    {
    }

    /** Bytes in all, as it says itself. */
    public static long length(final long listpack)
    {
        return Memory.getInt(listpack + LENGTH_OFFSET) & 0xFFFF_FFFFL;
    }

    /** Elements, or -1 if it does not know. */
    public static int count(final long listpack)
    {
        final int count = Memory.getShort(listpack + COUNT_OFFSET) & 0xFFFF;
        return COUNT_UNKNOWN == count ? -1 : count;
    }

    /** Say how long it is and how many elements it has, and end it. @param count -1 if that is not known. */
    public static void seal(final long listpack, final long length, final long count)
    {
        Memory.putInt(listpack + LENGTH_OFFSET, (int)length);
        Memory.putShort(listpack + COUNT_OFFSET, (short)(count < 0 || count > COUNT_UNKNOWN ? COUNT_UNKNOWN : count));
        Memory.putByte(listpack + length - 1, (byte)END);
    }

    public static long first(final long listpack)
    {
        return listpack + HEAD_LENGTH;
    }

    /** True behind the last element. */
    public static boolean isEnd(final long at)
    {
        return END == Memory.getUnsignedByte(at);
    }

    public static long next(final long at)
    {
        final long length = formLength(at);
        return at + length + backLength(length);
    }

    /** The element before this one, or before the end. */
    public static long previous(final long at)
    {
        long length = 0;
        long from = at - 1;
        int shift = 0;
        while (true)
        {
            final int group = Memory.getUnsignedByte(from);
            length |= (long)(group & 0x7F) << shift;
            if (0 == (group & 0x80))
            {
                return from - length;
            }

            shift += 7;
            from--;
        }
    }

    /** Bytes of form and content. */
    public static long formLength(final long at)
    {
        final int form = Memory.getUnsignedByte(at);
        return headLength(form) + (isTextForm(form) ? textLength(at) : 0);
    }

    /** Bytes of the form and, of a number, of its value; 0 if there is no such form. */
    public static int headLength(final int form)
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

    static boolean isTextForm(final int form)
    {
        return form >= TEXT_6 && form < NUMBER_13 || form >= TEXT_12 && form <= TEXT_32;
    }

    public static boolean isText(final long at)
    {
        return isTextForm(Memory.getUnsignedByte(at));
    }

    public static long textAddress(final long at)
    {
        return at + headLength(Memory.getUnsignedByte(at));
    }

    /** Bytes of the text of an element that is one. */
    public static long textLength(final long at)
    {
        final int form = Memory.getUnsignedByte(at);
        if (form < NUMBER_13)
        {
            return form & TEXT_6_MAX;
        }

        return TEXT_32 == form
            ? Memory.getInt(at + 1) & 0xFFFF_FFFFL
            : (form & 0xF) << 8 | Memory.getUnsignedByte(at + 1);
    }

    /** Value of an element that is a number. */
    public static long number(final long at)
    {
        final int form = Memory.getUnsignedByte(at);
        if (form < TEXT_6)
        {
            return form;
        }

        return switch (form)
        {
            case NUMBER_16 -> Memory.getShort(at + 1);
            case NUMBER_24 -> (Memory.getShort(at + 1) & 0xFFFF |
                Memory.getUnsignedByte(at + 3) << 16) << UNUSED_OF_24 >> UNUSED_OF_24;
            case NUMBER_32 -> Memory.getInt(at + 1);
            case NUMBER_64 -> Memory.getLong(at + 1);
            default -> ((form & 0x1F) << 8 | Memory.getUnsignedByte(at + 1)) << UNUSED_OF_13 >> UNUSED_OF_13;
        };
    }

    /** Write a number. @return where the next element is to stand. */
    public static long putNumber(final long at, final long value)
    {
        return endElement(at, putNumberForm(at, value));
    }

    private static long putNumberForm(final long at, final long value)
    {
        if (value >= 0 && value <= 127)
        {
            Memory.putByte(at, (byte)value);
            return 1;
        }

        if (value >= -4096 && value <= 4095)
        {
            Memory.putByte(at, (byte)(NUMBER_13 | value >> 8 & 0x1F));
            Memory.putByte(at + 1, (byte)value);
            return 2;
        }

        if (value == (short)value)
        {
            Memory.putByte(at, (byte)NUMBER_16);
            Memory.putShort(at + 1, (short)value);
            return 3;
        }

        return putLongNumberForm(at, value);
    }

    private static long putLongNumberForm(final long at, final long value)
    {
        if (value == (int)value << UNUSED_OF_24 >> UNUSED_OF_24)
        {
            Memory.putByte(at, (byte)NUMBER_24);
            Memory.putShort(at + 1, (short)value);
            Memory.putByte(at + 3, (byte)(value >> 16));
            return 4;
        }

        if (value == (int)value)
        {
            Memory.putByte(at, (byte)NUMBER_32);
            Memory.putInt(at + 1, (int)value);
            return 5;
        }

        Memory.putByte(at, (byte)NUMBER_64);
        Memory.putLong(at + 1, value);
        return 9;
    }

    /** Bytes of a number's element. */
    public static int sizeOfNumber(final long value)
    {
        if (value >= 0 && value <= 127)
        {
            return 2;
        }

        if (value >= -4096 && value <= 4095)
        {
            return 3;
        }

        if (value == (short)value)
        {
            return 4;
        }

        if (value != (int)value)
        {
            return 10;
        }

        return value == (int)value << UNUSED_OF_24 >> UNUSED_OF_24 ? 5 : 6;
    }

    /** Write a text; as a number, if it is one. @return where the next element is to stand. */
    public static long putText(final long at, final long text, final long length)
    {
        if (Decimal.isCanonical(text, length))
        {
            return putNumber(at, Decimal.parse(text, length));
        }

        final int head;
        if (length <= TEXT_6_MAX)
        {
            Memory.putByte(at, (byte)(TEXT_6 | length));
            head = 1;
        }
        else if (length <= TEXT_12_MAX)
        {
            Memory.putByte(at, (byte)(TEXT_12 | length >> 8));
            Memory.putByte(at + 1, (byte)length);
            head = 2;
        }
        else
        {
            Memory.putByte(at, (byte)TEXT_32);
            Memory.putInt(at + 1, (int)length);
            head = 5;
        }

        Memory.copyDisjoint(text, at + head, length);
        return endElement(at, head + length);
    }

    /** True if the element is what {@link #putText} would write. */
    public static boolean isEqual(final long at, final long text, final long length)
    {
        if (isText(at))
        {
            return length == textLength(at) && Memory.equal(textAddress(at), text, length);
        }

        return Decimal.isCanonical(text, length) && Decimal.parse(text, length) == number(at);
    }

    private static long endElement(final long at, final long length)
    {
        final int backLength = backLength(length);
        long rest = length;
        for (int i = backLength - 1; i >= 0; i--)
        {
            Memory.putByte(at + length + i, (byte)(rest & 0x7F | (i > 0 ? 0x80 : 0)));
            rest >>>= 7;
        }

        return at + length + backLength;
    }

    /** Bytes of the length that stands behind an element; those who write it count so, one short of what would fit. */
    static int backLength(final long length)
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

    /**
     * The element behind this one, of a listpack that nobody has looked through yet.
     *
     * @param end where the mark stands that ends it.
     * @return 0 if what stands here is no element that ends at {@code end} or before.
     */
    static long checkedNext(final long at, final long end)
    {
        final int head = at < end ? headLength(Memory.getUnsignedByte(at)) : 0;
        if (0 == head || head > end - at)
        {
            return 0;
        }

        final long length = formLength(at);
        final int backLength = backLength(length);
        if (length + backLength > end - at)
        {
            return 0;
        }

        long rest = length;
        for (int i = backLength - 1; i >= 0; i--)
        {
            if (Memory.getUnsignedByte(at + length + i) != (rest & 0x7F | (i > 0 ? 0x80 : 0)))
            {
                return 0;
            }

            rest >>>= 7;
        }

        return at + length + backLength;
    }
}
