package org.millrace.engine.memory;

/**
 * A keyed 64-bit hash of raw bytes: 128-bit multiplications folded to 64 bits, 16 bytes a step, as the wyhash family
 * does it. With a secret seed a client cannot choose keys that meet. Not cryptographic, not the same between versions.
 */
public final class Hashing
{
    private static final long P0 = 0x2D35_8DCC_AA6C_78A5L;
    private static final long P1 = 0x8BB8_4B93_962E_ACC9L;
    private static final long P2 = 0x4B33_A62E_D433_D4A3L;

    private Hashing()
    {
    }

    /** Hash of the {@code length} bytes at {@code address}. */
    public static long hash(final long seed, final long address, final int length)
    {
        // Both factors of every product carry the seed: were one a known constant, a key could make the product zero
        // and so wipe out what it was to be mixed with.
        final long secret = Long.rotateLeft(seed, 32) ^ P1;
        long state = seed ^ P0;
        final long first;
        final long last;
        if (length > 16)
        {
            final long end = address + length;
            for (long at = address; at < end - 16; at += 16)
            {
                state = mix(Memory.getLong(at) ^ secret, Memory.getLong(at + 8) ^ state);
            }

            // The last 16 bytes, of which some may have been mixed in before.
            first = Memory.getLong(end - 16);
            last = Memory.getLong(end - 8);
        }
        else if (length >= 8)
        {
            first = Memory.getLong(address);
            last = Memory.getLong(address + length - 8);
        }
        else if (length >= 4)
        {
            first = Memory.getInt(address);
            last = Memory.getInt(address + length - 4);
        }
        else if (length > 0)
        {
            first = Memory.getUnsignedByte(address) << 16 | Memory.getUnsignedByte(address + (length >> 1)) << 8;
            last = Memory.getUnsignedByte(address + length - 1);
        }
        else
        {
            first = 0;
            last = 0;
        }

        return mix(P2 ^ length, mix(first ^ secret, last ^ state));
    }

    /** A bijection that spreads the bits of a number, for seeds and choices. */
    public static long mix64(final long value)
    {
        long z = (value ^ value >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    private static long mix(final long a, final long b)
    {
        // The high half of the unsigned product, which Java 17 lacks. With the signed one, a and b negated both give
        // the same, and whole sets of keys that meet under every other seed can be written down.
        final long high = Math.multiplyHigh(a, b) + (a >> 63 & b) + (b >> 63 & a);
        return high ^ a * b;
    }
}
