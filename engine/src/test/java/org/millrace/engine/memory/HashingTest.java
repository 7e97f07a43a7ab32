package org.millrace.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HashingTest
{
    private final long memory = Memory.reserve(300);

    @AfterEach
    void release()
    {
        Memory.release(memory);
    }

    @Test
    void shouldDependOnEveryByteAndTheLength()
    {
        final Set<Long> seen = new HashSet<>();
        Memory.set(memory, 300, (byte)0);
        for (int length = 0; length < 100; length++)
        {
            assertTrue(seen.add(Hashing.hash(1, memory, length)), "length " + length);
            for (int i = 0; i < length; i++)
            {
                Memory.putByte(memory + i, (byte)1);
                assertTrue(seen.add(Hashing.hash(1, memory, length)), "length " + length + " byte " + i);
                Memory.putByte(memory + i, (byte)0);
            }
        }

        assertNotEquals(Hashing.hash(1, memory, 16), Hashing.hash(2, memory, 16));
    }

    @Test
    void shouldNotReadBehindTheKey()
    {
        final Random random = new Random(1);
        for (int length = 0; length < 64; length++)
        {
            for (int i = 0; i < 300; i++)
            {
                Memory.putByte(memory + i, (byte)random.nextInt());
            }

            final long before = Hashing.hash(5, memory + 8, length);
            Memory.putByte(memory + 7, (byte)~Memory.getByte(memory + 7));
            Memory.putByte(memory + 8 + length, (byte)~Memory.getByte(memory + 8 + length));
            assertEquals(before, Hashing.hash(5, memory + 8, length), "length " + length);
        }
    }

    /** Flipping any bit of a key flips each bit of the hash about every other time. */
    @Test
    void shouldSpreadEveryBit()
    {
        final Random random = new Random(2);
        final int rounds = 2000;
        for (final int length : new int[]{1, 3, 4, 7, 8, 12, 16, 17, 32, 40})
        {
            final int[] flips = new int[64];
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < length; i++)
                {
                    Memory.putByte(memory + i, (byte)random.nextInt());
                }

                final long before = Hashing.hash(3, memory, length);
                final int at = random.nextInt(length);
                Memory.putByte(memory + at, (byte)(Memory.getByte(memory + at) ^ 1 << random.nextInt(8)));
                final long changed = before ^ Hashing.hash(3, memory, length);
                for (int bit = 0; bit < 64; bit++)
                {
                    flips[bit] += (int)(changed >>> bit & 1);
                }
            }

            for (int bit = 0; bit < 64; bit++)
            {
                assertEquals(0.5, flips[bit] / (double)rounds, 0.08, "length " + length + " bit " + bit);
            }
        }
    }

    /** Whatever constants a key is made of, keys that differ elsewhere do not meet. */
    @Test
    void shouldNotBeWipedOutByConstants()
    {
        final long[] constants = {
            0x2D35_8DCC_AA6C_78A5L, 0x8BB8_4B93_962E_ACC9L, 0x4B33_A62E_D433_D4A3L, 0, -1
        };
        for (final long constant : constants)
        {
            final Set<Long> seen = new HashSet<>();
            for (int i = 1; i < 1000; i++)
            {
                Memory.putLong(memory, constant);
                Memory.putLong(memory + 8, i);
                Memory.putLong(memory + 16, constant);
                Memory.putLong(memory + 24, ~(long)i);
                assertTrue(seen.add(Hashing.hash(7, memory, 16)));
                assertTrue(seen.add(Hashing.hash(7, memory + 8, 16)));
                assertTrue(seen.add(Hashing.hash(7, memory, 32)));
            }
        }
    }
}
