package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/**
 * Elements that lie packed in one blob, in one of the forms in which Redis keeps small values and writes them. Nothing
 * that the blob says is believed: every offset is checked before it is followed, and whatever Redis's deep check of
 * integrity refuses is refused here. A whole blob, in one piece, which stays where it is; one thread, one blob at a time.
 * <pre>{@code
 *   int step = elements.wrap(address, length) ? elements.next() : PackedElements.BAD;
 *   for (; PackedElements.ELEMENT == step; step = elements.next())
 *   {
 *       // elements.textLength() bytes at elements.textAddress()
 *   }
 *   // END: the blob is sound to its last byte
 * }</pre>
 */
abstract class PackedElements implements AutoCloseable
{
    /** There are no more, and the blob is sound. */
    static final int END = 0;

    /** There is an element. */
    static final int ELEMENT = 1;

    /** The blob is not sound; elements that were given before are not to be used. */
    static final int BAD = 2;

    private final long digits = Memory.reserve(Decimal.LENGTH_MAX);
    private boolean isNumber;
    private boolean isFormatted;
    private long number;
    private long textAddress;
    private long textLength;

    /** Begin with another blob. @return false if its head or its end is wrong. */
    abstract boolean wrap(long address, long length);

    /** On to the next element. @return one of the constants above. */
    abstract int next();

    /** True if the element lies there as a number. A text may look like one all the same. */
    final boolean isNumber()
    {
        return isNumber;
    }

    /** Value of an element that is a number. */
    final long number()
    {
        return number;
    }

    /** Where the bytes of the element lie, of a number its decimal text; until the next element. */
    final long textAddress()
    {
        format();
        return textAddress;
    }

    /** Bytes of the element. */
    final long textLength()
    {
        format();
        return textLength;
    }

    private void format()
    {
        if (isNumber && !isFormatted)
        {
            isFormatted = true;
            textAddress = digits;
            textLength = Decimal.format(digits, number);
        }
    }

    /** The element is a number. @return {@link #ELEMENT}. */
    final int number(final long value)
    {
        isNumber = true;
        isFormatted = false;
        number = value;
        return ELEMENT;
    }

    /** The element is a text. @return {@link #ELEMENT}. */
    final int text(final long address, final long length)
    {
        isNumber = false;
        textAddress = address;
        textLength = length;
        return ELEMENT;
    }

    /** A little-endian signed integer of 24 bits. */
    static long int24(final long address)
    {
        return Memory.getByte(address + 2) << 16 | Memory.getShort(address) & 0xFFFF;
    }

    /** A little-endian unsigned integer of 32 bits. */
    static long unsigned32(final long address)
    {
        return Memory.getInt(address) & 0xFFFF_FFFFL;
    }

    @Override
    public void close()
    {
        Memory.release(digits);
    }
}
