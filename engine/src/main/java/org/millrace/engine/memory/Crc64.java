package org.millrace.engine.memory;

import org.agrona.UnsafeApi;
import org.millrace.engine.guard.MemoryGuard;

/**
 * The CRC-64 of RDB files and DUMP payloads: Jones' polynomial 0xad93d23594c935a9, reflected, no initial value and no
 * final xor. Stateless; any thread. Sixteen table look-ups take sixteen bytes at a time: the look-ups of one step do
 * not depend on each other, so the chain from step to step is as long as that of a single byte.
 */
public final class Crc64
{
    private static final long POLYNOMIAL_REFLECTED = 0x95AC9329AC4BC9B5L;

    /** The loop counts in ints over blocks of this size, which lets the compiler drop per-step safepoint polls. */
    private static final int BLOCK = 1 << 20;

    private static final long[] T0 = firstTable();
    private static final long[] T1 = next(T0);
    private static final long[] T2 = next(T1);
    private static final long[] T3 = next(T2);
    private static final long[] T4 = next(T3);
    private static final long[] T5 = next(T4);
    private static final long[] T6 = next(T5);
    private static final long[] T7 = next(T6);
    private static final long[] T8 = next(T7);
    private static final long[] T9 = next(T8);
    private static final long[] T10 = next(T9);
    private static final long[] T11 = next(T10);
    private static final long[] T12 = next(T11);
    private static final long[] T13 = next(T12);
    private static final long[] T14 = next(T13);
    private static final long[] T15 = next(T14);

    private Crc64()
    {
    }

    /**
     * Continue a checksum.
     *
     * @param crc what the bytes before have given, 0 at the start.
     * @return checksum of the bytes before followed by these.
     */
    public static long update(final long crc, final long address, final long length)
    {
        if (Memory.CHECKED)
        {
            MemoryGuard.read(address, length);
        }

        long result = crc;
        long at = address;
        long left = length;
        while (left > 0)
        {
            final int block = (int)Math.min(left, BLOCK);
            result = updateBlock(result, at, block);
            at += block;
            left -= block;
        }

        return result;
    }

    /** As {@link #update(long, long, long)}, of a heap array. */
    public static long update(final long crc, final byte[] bytes, final int offset, final int length)
    {
        long result = crc;
        for (int i = offset, end = offset + length; i < end; i++)
        {
            result = T0[((int)result ^ bytes[i]) & 0xFF] ^ result >>> 8;
        }

        return result;
    }

    private static long updateBlock(final long crc, final long address, final int length)
    {
        long result = crc;
        int i = 0;
        for (final int end = length - 15; i < end; i += 16)
        {
            final long low = result ^ UnsafeApi.getLong(address + i);
            final long high = UnsafeApi.getLong(address + i + 8);
            result = lowTables(low) ^ highTables(high);
        }

        for (; i < length; i++)
        {
            result = T0[((int)result ^ UnsafeApi.getByte(address + i)) & 0xFF] ^ result >>> 8;
        }

        return result;
    }

    private static long lowTables(final long word)
    {
        return T15[(int)word & 0xFF] ^
            T14[(int)(word >>> 8) & 0xFF] ^
            T13[(int)(word >>> 16) & 0xFF] ^
            T12[(int)(word >>> 24) & 0xFF] ^
            T11[(int)(word >>> 32) & 0xFF] ^
            T10[(int)(word >>> 40) & 0xFF] ^
            T9[(int)(word >>> 48) & 0xFF] ^
            T8[(int)(word >>> 56)];
    }

    private static long highTables(final long word)
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

    private static long[] firstTable()
    {
        final long[] table = new long[256];
        for (int i = 0; i < table.length; i++)
        {
            long crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = 0 == (crc & 1) ? crc >>> 1 : crc >>> 1 ^ POLYNOMIAL_REFLECTED;
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
