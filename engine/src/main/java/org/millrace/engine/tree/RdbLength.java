package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;

/** The length encoding of RDB files: 6, 14, 32 or 64 bits, big-endian. Values in memory are what goes out. */
public final class RdbLength
{
    private RdbLength()
    {
    }

    /** Bytes that the length at {@code address} takes: 1, 2, 5 or 9. It must be a length, not an encoded string. */
    public static int encodedLength(final long address)
    {
        final int first = Memory.getUnsignedByte(address);
        return switch (first >>> 6)
        {
            case 0 -> 1;
            case 1 -> 2;
            default -> 0x80 == first ? 5 : 9;
        };
    }

    public static long decode(final long address)
    {
        final int first = Memory.getUnsignedByte(address);
        return switch (first >>> 6)
        {
            case 0 -> first;
            case 1 -> (first & 0x3F) << 8 | Memory.getUnsignedByte(address + 1);
            default -> 0x80 == first
                ? Integer.reverseBytes(Memory.getInt(address + 1)) & 0xFFFF_FFFFL
                : Long.reverseBytes(Memory.getLong(address + 1));
        };
    }

    /** Bytes that {@link #encode} writes for this length. */
    public static int sizeOf(final long length)
    {
        if (length < 1 << 6)
        {
            return 1;
        }

        if (length < 1 << 14)
        {
            return 2;
        }

        return length <= 0xFFFF_FFFFL ? 5 : 9;
    }

    /** True if this length of up to 14 bits stands there in its shortest form. */
    public static boolean isShortest(final long address, final long length)
    {
        if (length < 1 << 6)
        {
            return length == Memory.getUnsignedByte(address);
        }

        // The second byte only if the first one says that there is one: else it may be another block's.
        return length < 1 << 14 && (0x40 | length >> 8) == Memory.getUnsignedByte(address) &&
            (length & 0xFF) == Memory.getUnsignedByte(address + 1);
    }

    /** Writes the shortest form and returns its size. */
    public static int encode(final long address, final long length)
    {
        final int size = sizeOf(length);
        switch (size)
        {
            case 1 -> Memory.putByte(address, (byte)length);
            case 2 -> encode14(address, (int)length);
            case 5 -> {
                Memory.putByte(address, (byte)0x80);
                Memory.putInt(address + 1, Integer.reverseBytes((int)length));
            }
            default -> {
                Memory.putByte(address, (byte)0x81);
                Memory.putLong(address + 1, Long.reverseBytes(length));
            }
        }

        return size;
    }

    /** Writes the 14-bit form, even of a length that 6 bits would hold, and returns its size. */
    public static int encode14(final long address, final int length)
    {
        Memory.putShort(address, Short.reverseBytes((short)(0x4000 | length)));
        return 2;
    }
}
