package org.millrace.jmh.alternatives;

/** Tables of the CRC-64 of RDB files: the state after a byte, after a byte and seven zero bytes, and so on. */
final class Crc64Tables
{
    static final long POLYNOMIAL_REFLECTED = 0x95AC_9329_AC4B_C9B5L;

    static final long[] T0 = first();
    static final long[] T1 = next(T0);
    static final long[] T2 = next(T1);
    static final long[] T3 = next(T2);
    static final long[] T4 = next(T3);
    static final long[] T5 = next(T4);
    static final long[] T6 = next(T5);
    static final long[] T7 = next(T6);

    private Crc64Tables()
    {
    }

    /** The state after eight more bytes, which have been added to it. */
    static long step(final long word)
    {
        return T7[(int)word & 0xFF] ^
            T6[(int)(word >>> 8) & 0xFF] ^
            T5[(int)(word >>> 16) & 0xFF] ^
            T4[(int)(word >>> 24) & 0xFF] ^
            T3[(int)(word >>> 32) & 0xFF] ^
            T2[(int)(word >>> 40) & 0xFF] ^
            T1[(int)(word >>> 48) & 0xFF] ^
            T0[(int)(word >>> 56)];
    }

    /**
     * For each of the eight bytes of a state and each value of it, the state after {@code length} zero bytes: what a
     * checksum becomes when that many bytes follow, but for what these bytes add.
     */
    static long[][] afterZeros(final int length)
    {
        final long[][] tables = new long[8][256];
        for (int bit = 0; bit < Long.SIZE; bit++)
        {
            long state = 1L << bit;
            for (int i = 0; i < length; i++)
            {
                state = T0[(int)state & 0xFF] ^ state >>> 8;
            }

            for (int value = 0; value < 256; value++)
            {
                tables[bit / 8][value] ^= 0 == (value >>> bit % 8 & 1) ? 0 : state;
            }
        }

        return tables;
    }

    static long afterZeros(final long[][] tables, final long state)
    {
        long result = 0;
        for (int i = 0; i < 8; i++)
        {
            result ^= tables[i][(int)(state >>> 8 * i) & 0xFF];
        }

        return result;
    }

    private static long[] first()
    {
        final long[] table = new long[256];
        for (int i = 0; i < table.length; i++)
        {
            long crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = crc >>> 1 ^ (0 == (crc & 1) ? 0 : POLYNOMIAL_REFLECTED);
            }

            table[i] = crc;
        }

        return table;
    }

    private static long[] next(final long[] table)
    {
        final long[] result = new long[256];
        for (int i = 0; i < result.length; i++)
        {
            result[i] = T0[(int)table[i] & 0xFF] ^ table[i] >>> 8;
        }

        return result;
    }
}
