package org.millrace.engine.tree;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/**
 * One string within an element: as RDB files write it, or a reference to a tree of bytes where it is long.
 * <pre>
 *   00llllll                   bytes            up to 63 bytes
 *   01llllll llllllll          bytes            up to {@link #INLINE_MAX} bytes
 *   C0 nn   C1 nn nn   C2 nn nn nn nn           a number of 8, 16, 32 bits, little-endian
 *   80 length, 32 bits | root, 32 bits | hash, 64 bits     a string that lies elsewhere
 * </pre>
 * Where the second string of an element is expected, C3 and 8 bytes may stand, a deadline ({@link Element}): no string, but
 * {@link #length} hops over it as over one.
 * The bytes of every form but the last go out as they stand; of the last the first five do, then the bytes of the tree.
 * Since longer strings always lie elsewhere, 80 says so. The hash, of strings that are found by it, saves reading them
 * when a leaf is split.
 *
 * <p>A text has one form only: decimal numbers of at most 32 bits are numbers. So equal forms are equal texts.
 */
@Layout(value = "Reference to a string that is too long to stand in an element", length = ElementString.REFERENCE_LENGTH)
public final class ElementString
{
    /** Longest string that stands in an element itself: an element has one or two, and leaves hold several. */
    public static final int INLINE_MAX = 256;

    /** Bytes of a reference in an element. */
    public static final int REFERENCE_LENGTH = 17;

    /** Bytes of a reference that go out, those of the string behind them. */
    static final int REFERENCE_HEAD_LENGTH = 5;

    /** Longest form. */
    public static final int LENGTH_MAX = 2 + INLINE_MAX;

    private static final int REFERENCE = 0x80;
    private static final int NUMBER_8 = 0xC0;
    private static final int NUMBER_16 = 0xC1;
    private static final int NUMBER_32 = 0xC2;
    private static final int DEADLINE = 0xC3;
    private static final int NUMBER_TEXT_MAX = 11;

    @Layout.Field(bytes = 1, value = "80")
    static final int FORM_OFFSET = 0;

    @Layout.Field(bytes = Integer.BYTES, value = "bytes of the string, big-endian: with the byte before it what goes out")
    static final int LENGTH_OFFSET = 1;

    @Layout.Field(bytes = Integer.BYTES, value = "root of the tree of its bytes")
    static final int ROOT_OFFSET = 5;

    @Layout.Field(bytes = Long.BYTES, value = "its hash; 0 if it is not found by that")
    static final int HASH_OFFSET = 9;

    private ElementString()
    {
    }

    /** Bytes of the form that stands at {@code at}. */
    public static int length(final long at)
    {
        final int first = Memory.getUnsignedByte(at);
        if (first < 1 << 6)
        {
            return 1 + first;
        }

        if (first < REFERENCE)
        {
            return 2 + ((first & 0x3F) << 8) + Memory.getUnsignedByte(at + 1);
        }

        return REFERENCE == first ? REFERENCE_LENGTH : 1 + (1 << (first & 3));
    }

    /** True if the length of a text stands there in two bytes. */
    static boolean isTwoBytesLong(final long at)
    {
        return 1 == Memory.getUnsignedByte(at) >>> 6;
    }

    public static boolean isReference(final long at)
    {
        return REFERENCE == Memory.getUnsignedByte(at);
    }

    public static boolean isNumber(final long at)
    {
        return Memory.getUnsignedByte(at) >= NUMBER_8;
    }

    /** True if no string stands there, but a deadline. */
    static boolean isDeadline(final long at)
    {
        return DEADLINE == Memory.getUnsignedByte(at);
    }

    /** Writes a deadline. @return its length. */
    static int encodeDeadline(final long target, final long deadlineMs)
    {
        Memory.putByte(target, (byte)DEADLINE);
        Memory.putLong(target + 1, deadlineMs);
        return Element.DEADLINE_LENGTH;
    }

    /** Value of a number. */
    public static int number(final long at)
    {
        return switch (Memory.getUnsignedByte(at))
        {
            case NUMBER_8 -> Memory.getByte(at + 1);
            case NUMBER_16 -> Memory.getShort(at + 1);
            default -> Memory.getInt(at + 1);
        };
    }

    /** Length of the text. */
    public static long textLength(final long at)
    {
        return isNumber(at) ? Decimal.length(number(at)) : RdbLength.decode(at);
    }

    /** Where the text stands that is in the element itself. */
    public static long textAddress(final long at)
    {
        return at + RdbLength.encodedLength(at);
    }

    /** Root of the tree that a reference stands for. */
    public static int root(final long at)
    {
        return Memory.getInt(at + ROOT_OFFSET);
    }

    public static void root(final long at, final int ref)
    {
        Memory.putInt(at + ROOT_OFFSET, ref);
    }

    /** As {@link #root(long, int)}, behind all that was stored before. */
    static void rootRelease(final long at, final int ref)
    {
        Memory.putIntRelease(at + ROOT_OFFSET, ref);
    }

    /** Length of the text that a reference stands for. */
    static void referredLength(final long at, final long length)
    {
        Memory.putInt(at + LENGTH_OFFSET, Integer.reverseBytes((int)length));
    }

    /** Hash that a reference carries. */
    public static long hash(final long at)
    {
        return Memory.getLong(at + HASH_OFFSET);
    }

    /** Writes the form of a text of at most {@link #INLINE_MAX} bytes. @return its length. */
    public static int encode(final long target, final long text, final int length)
    {
        if (length <= NUMBER_TEXT_MAX && Decimal.isCanonical(text, length))
        {
            final long value = Decimal.parse(text, length);
            if (value == (int)value)
            {
                return encodeNumber(target, (int)value);
            }
        }

        final int head = RdbLength.encode(target, length);
        Memory.copyDisjoint(text, target + head, length);
        return head + length;
    }

    /** Writes a reference. @return its length. */
    public static int encodeReference(final long target, final long length, final int root, final long hash)
    {
        Memory.putByte(target + FORM_OFFSET, (byte)REFERENCE);
        referredLength(target, length);
        Memory.putInt(target + ROOT_OFFSET, root);
        Memory.putLong(target + HASH_OFFSET, hash);
        return REFERENCE_LENGTH;
    }

    private static int encodeNumber(final long target, final int value)
    {
        if (value == (byte)value)
        {
            Memory.putByte(target, (byte)NUMBER_8);
            Memory.putByte(target + 1, (byte)value);
            return 2;
        }

        if (value == (short)value)
        {
            Memory.putByte(target, (byte)NUMBER_16);
            Memory.putShort(target + 1, (short)value);
            return 3;
        }

        Memory.putByte(target, (byte)NUMBER_32);
        Memory.putInt(target + 1, value);
        return 5;
    }
}
