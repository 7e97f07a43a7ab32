package org.millrace.engine.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.millrace.engine.memory.Memory;

class LzfTest
{
    private static final byte GUARD = 0x5A;

    @Test
    void shouldGiveBackWhatWasCompressed()
    {
        final long seed = 11;
        final Random random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            final byte[] plain = compressible(random, 1 + random.nextInt(3000));

            assertArrayEquals(
                plain, decompress(LzfCompressor.compress(plain), plain.length), "seed " + seed + ", round " + i);
        }
    }

    @Test
    void shouldRepeatBytesWhenACopyOverlapsItself()
    {
        final byte[] plain = new byte[1000];
        Arrays.fill(plain, (byte)'x');

        assertArrayEquals(plain, decompress(LzfCompressor.compress(plain), plain.length));
    }

    @Test
    void shouldRefuseACopyFromBeforeTheOutput()
    {
        assertEquals(null, decompress(new byte[]{0, 'a', 0x20, 5}, 4));
    }

    @Test
    void shouldRefuseOutputOfAnotherLength()
    {
        final byte[] compressed = LzfCompressor.compress("aaaaaaaaaaaaaaaaaaaaaaaa".getBytes());

        assertEquals(null, decompress(compressed, 23));
        assertEquals(null, decompress(compressed, 25));
    }

    @Test
    void shouldStayInBoundsWhateverTheInput()
    {
        final long seed = 23;
        final Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++)
        {
            final byte[] compressed = new byte[1 + random.nextInt(60)];
            random.nextBytes(compressed);
            if (random.nextBoolean())
            {
                compressed[0] = (byte)random.nextInt(32);
            }

            decompress(compressed, 1 + random.nextInt(400));
        }
    }

    @Test
    void shouldTellImpossibleLengthsBeforeRoomIsMade()
    {
        assertFalse(Lzf.isPlausible(10, 1 << 20));
        assertFalse(Lzf.isPlausible(0, 5));
        assertFalse(Lzf.isPlausible(5, 0));
        assertTrue(Lzf.isPlausible(3, 264));
        assertTrue(Lzf.isPlausible(30, 10));
    }

    private static byte[] compressible(final Random random, final int length)
    {
        final byte[] result = new byte[length];
        for (int at = 0; at < length;)
        {
            final int run = Math.min(length - at, 1 + random.nextInt(300));
            if (at > 0 && random.nextBoolean())
            {
                final int from = random.nextInt(at);
                for (int i = 0; i < run; i++)
                {
                    result[at + i] = result[from + i];
                }
            }
            else
            {
                for (int i = 0; i < run; i++)
                {
                    result[at + i] = (byte)random.nextInt(256);
                }
            }

            at += run;
        }

        return result;
    }

    /** Null if refused; fails when a byte around the output has changed. */
    private static byte[] decompress(final byte[] compressed, final int plainLength)
    {
        final long in = Memory.reserve(compressed.length);
        final long out = Memory.reserve(plainLength + 32);
        try
        {
            Memory.copy(compressed, 0, in, compressed.length);
            Memory.set(out, plainLength + 32, GUARD);
            final boolean isGood = Lzf.decompress(in, compressed.length, out + 16, plainLength);
            for (int i = 0; i < 16; i++)
            {
                assertEquals(GUARD, Memory.getByte(out + i));
                assertEquals(GUARD, Memory.getByte(out + 16 + plainLength + i));
            }

            final byte[] plain = new byte[plainLength];
            Memory.copy(out + 16, plain, 0, plainLength);
            return isGood ? plain : null;
        }
        finally
        {
            Memory.release(in);
            Memory.release(out);
        }
    }
}
