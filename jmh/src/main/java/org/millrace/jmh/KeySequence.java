package org.millrace.jmh;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.millrace.engine.memory.Memory;

/**
 * The keys of a benchmark: number 0 to count - 1 as 16 bytes each, in order or by a seeded random choice that costs
 * about a nanosecond. The same keys in the same order for every store. Thread-confined.
 */
public final class KeySequence
{
    public static final int KEY_LENGTH = 16;
    public static final int VALUE_LENGTH = 64;

    /** How many different values there are; a power of two. */
    public static final int VALUES = 64;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class,
        ByteOrder.LITTLE_ENDIAN);
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    private final long count;
    private long state;
    private long number;

    public KeySequence(final int count, final long seed)
    {
        this.count = count;
        state = seed;
    }

    /** Go to some key; returns its number. */
    public long next()
    {
        state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
        number = (state >>> 32) * count >>> 32;
        return number;
    }

    /** Go to the key with this number. */
    public void at(final long value)
    {
        number = value;
    }

    public long number()
    {
        return number;
    }

    /** First eight bytes of the present key. */
    public long low()
    {
        return number * SPREAD;
    }

    /** Last eight bytes of the present key. */
    public long high()
    {
        return number;
    }

    public void write(final long address)
    {
        Memory.putLong(address, low());
        Memory.putLong(address + 8, high());
    }

    public void write(final byte[] target)
    {
        LONGS.set(target, 0, low());
        LONGS.set(target, 8, high());
    }

    /** First eight bytes of the value that the present key has: one of {@link #VALUES} values. */
    public long stamp()
    {
        return number & VALUES - 1;
    }

    /** All values one after another, off-heap. */
    public static void writeValues(final long address)
    {
        Memory.set(address, (long)VALUES * VALUE_LENGTH, (byte)'v');
        for (int i = 0; i < VALUES; i++)
        {
            Memory.putLong(address + (long)i * VALUE_LENGTH, i);
        }
    }

    /** All values as arrays. */
    public static byte[][] values()
    {
        final byte[][] values = new byte[VALUES][VALUE_LENGTH];
        for (int i = 0; i < VALUES; i++)
        {
            LONGS.set(values[i], 0, i);
        }

        return values;
    }

    /** First eight bytes of an array. */
    public static long start(final byte[] bytes)
    {
        return (long)LONGS.get(bytes, 0);
    }
}
