package org.millrace.engine.snapshot;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;
import org.millrace.engine.value.StringLayout;

/**
 * Takes lengths, fixed fields and strings out of bytes that arrive in pieces split anywhere. Every {@code read} method
 * either gives its result, or takes what there is and asks for more; calling it again with more bytes goes on.
 * Owned by one loader. Strings that lie in one piece are given where they lie, without a copy.
 */
final class RdbInput implements AutoCloseable
{
    static final int NEED_MORE = 0;

    /** {@link #stringAddress} and {@link #stringLength} are set, valid until the next read or the end of the piece. */
    static final int READY = 1;

    /** A raw string longer than the caller wants gathered: {@link #stringLength} bytes follow, to be taken by hand. */
    static final int LARGE = 2;

    /** {@link #error} says what is wrong. */
    static final int BAD = 3;

    /** Longest text of an integer that stands for a string. */
    static final int INT_TEXT_MAX = 11;

    /** Longest string that is gathered: keys have lengths of 31 bits. */
    private static final long GATHERED_MAX = Integer.MAX_VALUE;

    private static final int CARRY_CAPACITY = 16;

    private static final int HEAD = 0;
    private static final int INT = 1;
    private static final int COMPRESSED_LENGTH = 2;
    private static final int PLAIN_LENGTH = 3;
    private static final int BODY = 4;

    /** Next byte to take, and the end of the piece. */
    long at;
    long end;

    long length;

    /** The first byte began no length but a string encoding, {@link #encoding}, or nothing that is known. */
    boolean isEncoded;
    int encoding;

    long stringAddress;
    long stringLength;
    String error;

    private final long carry = Memory.reserve(CARRY_CAPACITY + INT_TEXT_MAX + 1);
    private final long intText = carry + CARRY_CAPACITY;
    private final ScratchBuffer gathered = new ScratchBuffer();
    private final ScratchBuffer plain = new ScratchBuffer();
    private int carried;
    private int stringStep = HEAD;
    private boolean isCompressed;

    /** The buffers hold a string, and are to be cleared before the next. */
    private boolean isHolding;
    private long bodyLeft;
    private long plainLength;

    void wrap(final long address, final int count)
    {
        at = address;
        end = address + count;
    }

    /** Forget what was begun, and give back what large strings needed. */
    void reset()
    {
        carried = 0;
        stringStep = HEAD;
        clearBuffers();
    }

    private void clearBuffers()
    {
        isHolding = false;
        gathered.clear();
        plain.clear();
    }

    /** Address of {@code count} (at most {@link #CARRY_CAPACITY}) contiguous bytes that were taken, or 0 when more must come first. */
    long fixed(final int count)
    {
        Check.that(count <= CARRY_CAPACITY, "too much in one piece: count, max", count, CARRY_CAPACITY);
        if (0 == carried && end - at >= count)
        {
            final long address = at;
            at += count;
            return address;
        }

        if (!fillCarry(count))
        {
            return 0;
        }

        carried = 0;
        return carry;
    }

    /** True when {@link #length} or {@link #encoding} is set. */
    boolean readLength()
    {
        if (0 == carried && !fillCarry(1))
        {
            return false;
        }

        final int first = Memory.getUnsignedByte(carry);
        isEncoded = first > RdbDescriptor.LENGTH_64_BIT;
        if (!fillCarry(lengthOfLength(first)))
        {
            return false;
        }

        carried = 0;
        if (isEncoded)
        {
            encoding = first;
        }
        else
        {
            length = decodeLength(first);
        }

        return true;
    }

    private boolean fillCarry(final int count)
    {
        while (carried < count && at < end)
        {
            Memory.putByte(carry + carried++, Memory.getByte(at++));
        }

        return carried >= count;
    }

    private static int lengthOfLength(final int first)
    {
        if (first < 0x40 || first > RdbDescriptor.LENGTH_64_BIT)
        {
            return 1;
        }

        if (first < RdbDescriptor.LENGTH_32_BIT)
        {
            return 2;
        }

        return RdbDescriptor.LENGTH_64_BIT == first ? 9 : 5;
    }

    private long decodeLength(final int first)
    {
        if (first < 0x40)
        {
            return first;
        }

        if (first < RdbDescriptor.LENGTH_32_BIT)
        {
            return (first & 0x3F) << 8 | Memory.getUnsignedByte(carry + 1);
        }

        return RdbDescriptor.LENGTH_32_BIT == first
            ? Integer.reverseBytes(Memory.getInt(carry + 1)) & 0xFFFF_FFFFL
            : Long.reverseBytes(Memory.getLong(carry + 1));
    }

    /**
     * Read a string in any encoding.
     *
     * @param largeFrom a raw string longer than this is left to the caller.
     * @return {@link #NEED_MORE}, {@link #READY}, {@link #LARGE} or {@link #BAD}.
     */
    int readString(final long largeFrom)
    {
        if (HEAD == stringStep && 0 == carried && !isHolding && takeShort(largeFrom))
        {
            return READY;
        }

        int result = NEED_MORE;
        boolean isGoingOn = true;
        while (isGoingOn)
        {
            final int step = stringStep;
            result = switch (step)
            {
                case HEAD -> readHead(largeFrom);
                case INT -> readInt();
                case COMPRESSED_LENGTH -> readCompressedLength();
                case PLAIN_LENGTH -> readPlainLength();
                default -> readBody();
            };
            isGoingOn = NEED_MORE == result && step != stringStep;
        }

        if (NEED_MORE != result)
        {
            stringStep = HEAD;
        }

        return result;
    }

    /** The short way for what most strings are: raw, of a length that takes one byte or two, whole in this piece. */
    private boolean takeShort(final long largeFrom)
    {
        final long available = end - at;
        if (available < 2)
        {
            return false;
        }

        final int first = Memory.getUnsignedByte(at);
        final int headLength = first < 0x40 ? 1 : 2;
        final int count = first < 0x40 ? first : (first & 0x3F) << 8 | Memory.getUnsignedByte(at + 1);
        if (first >= RdbDescriptor.LENGTH_32_BIT || count > largeFrom || count > available - headLength)
        {
            return false;
        }

        stringAddress = at + headLength;
        stringLength = count;
        at += headLength + count;
        return true;
    }

    /**
     * Read bytes that have no length of their own as a string.
     *
     * @param count of bytes; the same one until they are there.
     * @return {@link #NEED_MORE} or {@link #READY}.
     */
    int readBytes(final long count)
    {
        if (HEAD == stringStep)
        {
            clearBuffers();
            isCompressed = false;
            bodyLeft = count;
            stringStep = BODY;
        }

        final int result = readBody();
        if (NEED_MORE != result)
        {
            stringStep = HEAD;
        }

        return result;
    }

    private int readHead(final long largeFrom)
    {
        if (!readLength())
        {
            return NEED_MORE;
        }

        clearBuffers();
        if (isEncoded)
        {
            if (encoding < RdbDescriptor.STRING_INT8 || encoding > RdbDescriptor.STRING_LZF)
            {
                return bad("a string with the unknown encoding " + encoding);
            }

            stringStep = RdbDescriptor.STRING_LZF == encoding ? COMPRESSED_LENGTH : INT;
            return NEED_MORE;
        }

        if (!isTooLong(length) && length > largeFrom)
        {
            stringLength = length;
            return LARGE;
        }

        if (length < 0 || length > GATHERED_MAX)
        {
            return bad("a string with the impossible length " + Long.toUnsignedString(length));
        }

        isCompressed = false;
        bodyLeft = length;
        stringStep = BODY;
        return NEED_MORE;
    }

    private int readInt()
    {
        final long address = fixed(intLength(encoding));
        if (0 == address)
        {
            return NEED_MORE;
        }

        stringLength = formatInt(decodeInt(encoding, address), intText);
        stringAddress = intText;
        return READY;
    }

    private int readCompressedLength()
    {
        if (!readLength())
        {
            return NEED_MORE;
        }

        if (isEncoded || isTooLong(length))
        {
            return bad("a compressed string with an impossible length");
        }

        bodyLeft = length;
        stringStep = PLAIN_LENGTH;
        return NEED_MORE;
    }

    private int readPlainLength()
    {
        if (!readLength())
        {
            return NEED_MORE;
        }

        if (isEncoded || isTooLong(length) || !Lzf.isPlausible(bodyLeft, length))
        {
            return bad("a compressed string whose lengths cannot be: " + bodyLeft + " for " + length);
        }

        plainLength = length;
        isCompressed = true;
        stringStep = BODY;
        return NEED_MORE;
    }

    private int readBody()
    {
        final long available = end - at;
        if (0 == gathered.length() && available >= bodyLeft)
        {
            stringAddress = at;
            stringLength = bodyLeft;
            at += bodyLeft;
        }
        else
        {
            final long taken = Math.min(available, bodyLeft);
            isHolding = true;
            gathered.append(at, taken);
            at += taken;
            bodyLeft -= taken;
            if (bodyLeft > 0)
            {
                return NEED_MORE;
            }

            stringAddress = gathered.address();
            stringLength = gathered.length();
        }

        return isCompressed ? decompress() : READY;
    }

    private int decompress()
    {
        isHolding = true;
        plain.reserve(plainLength);
        if (!Lzf.decompress(stringAddress, stringLength, plain.address(), plainLength))
        {
            return bad("a compressed string that does not decompress");
        }

        stringAddress = plain.address();
        stringLength = plainLength;
        return READY;
    }

    private int bad(final String text)
    {
        error = text;
        return BAD;
    }

    private static boolean isTooLong(final long value)
    {
        // Whatever a value may have grown to is written, so it must be read.
        return value < 0 || value > StringLayout.LENGTH_MAX;
    }

    static int intLength(final int encoding)
    {
        return 1 << encoding - RdbDescriptor.STRING_INT8;
    }

    static int decodeInt(final int encoding, final long address)
    {
        return switch (encoding)
        {
            case RdbDescriptor.STRING_INT8 -> Memory.getByte(address);
            case RdbDescriptor.STRING_INT16 -> Memory.getShort(address);
            default -> Memory.getInt(address);
        };
    }

    /** Decimal text at {@code target}, at most {@link #INT_TEXT_MAX} bytes; returns its length. */
    static int formatInt(final int value, final long target)
    {
        long left = Math.abs((long)value);
        int digits = 1;
        for (long power = 10; left >= power; power *= 10)
        {
            digits++;
        }

        final int sign = value < 0 ? 1 : 0;
        for (int i = sign + digits - 1; i >= sign; i--)
        {
            Memory.putByte(target + i, (byte)('0' + left % 10));
            left /= 10;
        }

        if (value < 0)
        {
            Memory.putByte(target, (byte)'-');
        }

        return sign + digits;
    }

    /** Off-heap bytes in use. */
    long memoryBytes()
    {
        return gathered.capacity() + plain.capacity();
    }

    @Override
    public void close()
    {
        Memory.release(carry);
        gathered.close();
        plain.close();
    }
}
