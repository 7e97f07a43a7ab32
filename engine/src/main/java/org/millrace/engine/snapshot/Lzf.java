package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Memory;

/**
 * Decompresses LZF, the compression of RDB strings, between two blocks of raw memory. Stateless. Reads and writes
 * nothing outside the blocks whatever the input says.
 * <p>
 * The compressed bytes are a sequence of literal runs, {@code 000LLLLL} and L + 1 bytes, and of copies from what was
 * written before, {@code LLLooooo [LLLLLLLL] oooooooo}: L + 2 bytes (L = 7: 7 more and those of the next byte) from
 * offset o + 1 back.
 */
final class Lzf
{
    /** Most bytes that one compressed byte can stand for: a copy of 264 bytes takes three. */
    private static final int EXPANSION_MAX = 88;

    private static final int LITERALS_BELOW = 1 << 5;

    private Lzf()
    {
    }

    /** False when no compressed bytes of that length can give so much: checked before room is made for it. */
    static boolean isPlausible(final long compressedLength, final long plainLength)
    {
        return 0 < compressedLength && 0 < plainLength && plainLength / EXPANSION_MAX <= compressedLength;
    }

    /**
     * Decompress.
     *
     * @return true when the input was well formed and gave exactly {@code plainLength} bytes.
     */
    static boolean decompress(
        final long compressed, final long compressedLength, final long plain, final long plainLength)
    {
        final long inputEnd = compressed + compressedLength;
        final long outputEnd = plain + plainLength;
        long in = compressed;
        long out = plain;

        while (in < inputEnd)
        {
            final int control = Memory.getUnsignedByte(in++);
            if (control < LITERALS_BELOW)
            {
                final int run = control + 1;
                if (run > inputEnd - in || run > outputEnd - out)
                {
                    return false;
                }

                copyRun(in, out, run);
                in += run;
                out += run;
                continue;
            }

            int length = control >>> 5;
            if (7 == length && in < inputEnd)
            {
                length += Memory.getUnsignedByte(in++);
            }

            length += 2;
            if (in >= inputEnd || length > outputEnd - out)
            {
                return false;
            }

            final int distance = ((control & 0x1F) << 8 | Memory.getUnsignedByte(in++)) + 1;
            if (distance > out - plain)
            {
                return false;
            }

            copyBack(out, distance, length);
            out += length;
        }

        return out == outputEnd;
    }

    private static void copyRun(final long source, final long target, final int length)
    {
        int i = 0;
        for (; i + 8 <= length; i += 8)
        {
            Memory.putLong(target + i, Memory.getLong(source + i));
        }

        for (; i < length; i++)
        {
            Memory.putByte(target + i, Memory.getByte(source + i));
        }
    }

    /**
     * The ranges overlap when the distance is shorter than the length: then the bytes repeat, and are the same from any
     * multiple of the distance that has been written.
     */
    private static void copyBack(final long target, final int distance, final int length)
    {
        final int back = distance < Long.BYTES ? (Long.BYTES + distance - 1) / distance * distance : distance;
        int i = 0;
        for (final int end = Math.min(length, back - distance); i < end; i++)
        {
            Memory.putByte(target + i, Memory.getByte(target + i - distance));
        }

        for (; i + Long.BYTES <= length; i += Long.BYTES)
        {
            Memory.putLong(target + i, Memory.getLong(target + i - back));
        }

        for (; i < length; i++)
        {
            Memory.putByte(target + i, Memory.getByte(target + i - distance));
        }
    }
}
