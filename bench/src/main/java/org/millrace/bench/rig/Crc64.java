package org.millrace.bench.rig;

/**
 * The checksum at the end of a snapshot: CRC-64 with the polynomial of Jones, reflected, starting from 0. Eight bytes
 * at a time through tables. Not thread-safe.
 */
final class Crc64
{
    private static final long POLYNOMIAL = 0x95AC9329AC4BC9B5L;
    private static final long[][] TABLES = tables();

    private long value;

    /**
     * Takes the first {@code length} bytes.
     */
    void update(final byte[] bytes, final int length)
    {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES)
        {
            long mixed = value;
            for (int j = 0; j < Long.BYTES; j++)
            {
                mixed ^= (bytes[i + j] & 0xFFL) << (Byte.SIZE * j);
            }

            long next = 0;
            for (int j = 0; j < Long.BYTES; j++)
            {
                next ^= TABLES[Long.BYTES - 1 - j][(int)(mixed >>> (Byte.SIZE * j)) & 0xFF];
            }

            value = next;
        }

        for (; i < length; i++)
        {
            value = TABLES[0][(int)(value ^ bytes[i]) & 0xFF] ^ (value >>> Byte.SIZE);
        }
    }

    long value()
    {
        return value;
    }

    private static long[][] tables()
    {
        final long[][] tables = new long[Long.BYTES][256];
        for (int i = 0; i < 256; i++)
        {
            long crc = i;
            for (int bit = 0; bit < Byte.SIZE; bit++)
            {
                crc = 0 != (crc & 1) ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
            }

            tables[0][i] = crc;
        }

        for (int i = 0; i < 256; i++)
        {
            for (int j = 1; j < Long.BYTES; j++)
            {
                final long before = tables[j - 1][i];
                tables[j][i] = tables[0][(int)before & 0xFF] ^ (before >>> Byte.SIZE);
            }
        }

        return tables;
    }
}
