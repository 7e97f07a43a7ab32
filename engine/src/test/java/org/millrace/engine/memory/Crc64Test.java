package org.millrace.engine.memory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

import org.junit.jupiter.api.Test;

class Crc64Test
{
    @Test
    void shouldGiveThePublishedCheckValue()
    {
        final byte[] digits = "123456789".getBytes(US_ASCII);

        assertEquals(0xe9c6d914c4b8d9caL, Crc64.update(0, digits, 0, digits.length));
        assertEquals(0xe9c6d914c4b8d9caL, offHeap(digits, 0, digits.length));
    }

    @Test
    void shouldGiveZeroWhenThereAreNoBytes()
    {
        assertEquals(0, Crc64.update(0, 0L, 0));
        assertEquals(77, Crc64.update(77, 0L, 0));
    }

    @Test
    void shouldAgreeWithTheByteWiseFormAtEveryLengthAndAlignment()
    {
        final long seed = 0x5EEDL;
        final byte[] bytes = new byte[200];
        new Random(seed).nextBytes(bytes);
        for (int offset = 0; offset < 17; offset++)
        {
            for (int length = 0; length <= bytes.length - offset; length++)
            {
                assertEquals(
                    Crc64.update(0, bytes, offset, length),
                    offHeap(bytes, offset, length),
                    "offset " + offset + ", length " + length + ", seed " + seed);
            }
        }
    }

    @Test
    void shouldContinueWhereverTheBytesAreSplit()
    {
        final byte[] bytes = new byte[(1 << 20) + 100];
        new Random(7).nextBytes(bytes);
        final long whole = offHeap(bytes, 0, bytes.length);

        assertEquals(Crc64.update(0, bytes, 0, bytes.length), whole);
        final long first = Crc64.update(0, bytes, 0, 1_000_003);
        assertEquals(whole, Crc64.update(first, bytes, 1_000_003, bytes.length - 1_000_003));
    }

    private static long offHeap(final byte[] bytes, final int offset, final int length)
    {
        final long address = Memory.reserve(bytes.length + 1);
        try
        {
            Memory.copy(bytes, 0, address, bytes.length);
            return Crc64.update(0, address + offset, length);
        }
        finally
        {
            Memory.release(address);
        }
    }
}
