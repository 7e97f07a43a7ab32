package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;

/**
 * One byte of each element's hash, before the content of a leaf in hash order, in the elements' order. A look at some
 * 20 of them in one line tells where an element may be, and nearly always that it is nowhere.
 * <pre>
 *   16                  + count         start                               end
 *   +---------------------+---------------+-----------------------------------+
 *   | one byte an element | room for more | elements                          |
 *   +---------------------+---------------+-----------------------------------+
 * </pre>
 */
final class Fingerprints
{
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGHS = 0x8080_8080_8080_8080L;
    private static final long LOWS = ~HIGHS;

    private Fingerprints()
    {
    }

    static byte of(final long hash)
    {
        return (byte)hash;
    }

    static long address(final long leaf)
    {
        return leaf + Node.HEADER_LENGTH;
    }

    /** Elements that there is room for. */
    static int room(final long leaf)
    {
        return Node.start(leaf) - Node.HEADER_LENGTH;
    }

    /** The index of the first one from {@code index} on that is equal; {@code count} if there is none. */
    static int find(final long leaf, final byte print, final int index, final int count)
    {
        final long pattern = (print & 0xFF) * ONES;
        for (int i = index; i < count; i += Long.BYTES)
        {
            final long word = Memory.getLong(address(leaf) + i) ^ pattern;
            // The high bit of each byte that is zero, exactly.
            final long zeros = ~((word & LOWS) + LOWS | word) & HIGHS;
            if (0 != zeros)
            {
                return Math.min(count, i + (Long.numberOfTrailingZeros(zeros) >>> 3));
            }
        }

        return count;
    }
}
