package org.millrace.engine.commands;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;

/**
 * A HyperLogLog in Redis's string form, in work memory: 16384 registers of 6 bits, for the longest run of zeros seen.
 * <pre>
 *   0        4          5         8                      16
 *   +--------+----------+---------+----------------------+---------------------------------+
 *   | "HYLL" | encoding | not used| cardinality, 8 bytes | registers                       |
 *   +--------+----------+---------+----------------------+---------------------------------+
 * </pre>
 * Cardinality is little-endian, its highest bit set when it is out of date. Dense (0): 6 bits a register, lowest bits
 * first. Sparse (1): opcodes {@code 00nnnnnn} n+1 zeros, {@code 01nnnnnn nnnnnnnn} n+1 zeros, {@code 1vvvvvnn} n+1
 * registers of v+1. The sparse form depends on the order of changes, so each step here does to the bytes exactly what
 * Redis 7 does: primary and replica must hold equal strings whichever of them is a Redis.
 * <p>
 * Reused; writer thread.
 */
@Layout(value = "A HyperLogLog in Redis's string form: frozen, part of values, files and the stream", then = "registers: dense, 6 bits each, lowest bits first; or sparse, opcodes of 1 or 2 bytes")
final class HyperLogLog
{
    static final int REGISTERS = 16384;
    static final int HEADER_LENGTH = 16;
    static final int DENSE_LENGTH = HEADER_LENGTH + REGISTERS * 6 / 8;

    /** No sound sparse form is longer: each opcode of two bytes stands for at least one register. */
    static final int SPARSE_LENGTH_MAX = HEADER_LENGTH + 2 * REGISTERS;

    /** Bytes that {@link #wrap} needs: the longest value, growth, and the dense form beside it. */
    static final int WORK_LENGTH = SPARSE_LENGTH_MAX + 64 + DENSE_LENGTH + 64;

    static final int DENSE = 0;
    static final int SPARSE = 1;

    /** Results of {@link #add} and {@link #set}. */
    static final int SAME = 0;
    static final int CHANGED = 1;
    static final int CORRUPT = -1;

    /** Result of {@link #count()}. */
    static final long CORRUPT_COUNT = -1;

    private static final int MAGIC = 'H' | 'Y' << 8 | 'L' << 16 | 'L' << 24;

    @Layout.Field(bytes = Integer.BYTES, value = "HYLL")
    private static final int MAGIC_OFFSET = 0;

    @Layout.Field(bytes = 1, value = "0 dense, 1 sparse")
    private static final int ENCODING_OFFSET = 4;

    @Layout.Field(bytes = Long.BYTES, value = "cardinality, the highest bit set when it is out of date")
    private static final int CARDINALITY_OFFSET = 8;
    private static final long STALE = 1L << 63;

    private static final int INDEX_BITS = 14;
    private static final int HASH_BITS = 64 - INDEX_BITS;
    private static final long HASH_SEED = 0xADC8_3B19L;
    private static final double ALPHA = 0.721347520444481703680;

    private static final int VALUE_MAX = 32;
    private static final int VALUE_RUN_MAX = 4;
    private static final int ZERO_RUN_MAX = 64;
    private static final int MERGE_OPCODES = 5;

    private final int[] histogram = new int[64];
    private int sparseBytesMax;
    private long address;
    private long denseAddress;
    private int length;

    /** Set the work memory and hll-sparse-max-bytes for what follows. */
    void wrap(final long workAddress, final int sparseMaxBytes)
    {
        address = workAddress;
        denseAddress = workAddress + SPARSE_LENGTH_MAX + 64;
        sparseBytesMax = sparseMaxBytes;
        length = 0;
    }

    /** Where a value of {@code valueLength} bytes is to be copied to. */
    long load(final int valueLength)
    {
        length = valueLength;
        // What stands after the last opcode may be looked at when it is cut short.
        Memory.putLong(address + valueLength, 0);
        return address;
    }

    /** Make an empty one: sparse, one opcode, cardinality 0. */
    void clear()
    {
        length = HEADER_LENGTH + 2;
        Memory.set(address, length + 8, (byte)0);
        Memory.putInt(address, MAGIC);
        Memory.putByte(address + ENCODING_OFFSET, (byte)SPARSE);
        putLongZeros(address + HEADER_LENGTH, REGISTERS);
    }

    long address()
    {
        return address;
    }

    int length()
    {
        return length;
    }

    int encoding()
    {
        return encoding(address);
    }

    /** Cardinality kept in the value at an address, negative if it is out of date. */
    static long cardinality(final long value)
    {
        return Memory.getLong(value + CARDINALITY_OFFSET);
    }

    /** Keep a cardinality, which then is up to date. */
    void keepCardinality(final long value)
    {
        Memory.putLong(address + CARDINALITY_OFFSET, value);
    }

    void markStale()
    {
        Memory.putLong(address + CARDINALITY_OFFSET, Memory.getLong(address + CARDINALITY_OFFSET) | STALE);
    }

    /** True if a string at {@code value} has the form; registers are not looked at. */
    static boolean isValid(final long value, final long valueLength)
    {
        return valueLength >= HEADER_LENGTH && MAGIC == Memory.getInt(value) && encoding(value) <= SPARSE &&
            (DENSE != encoding(value) || DENSE_LENGTH == valueLength);
    }

    static int encoding(final long value)
    {
        return Memory.getUnsignedByte(value + ENCODING_OFFSET);
    }

    /** Hash of an element; {@link #indexOf} and {@link #runOf} take it apart. */
    static long hash(final long element, final int elementLength)
    {
        final long m = 0xC6A4_A793_5BD1_E995L;
        long h = HASH_SEED ^ elementLength * m;
        int i = 0;
        for (; i + 8 <= elementLength; i += 8)
        {
            long k = Memory.getLong(element + i) * m;
            k ^= k >>> 47;
            h = (h ^ k * m) * m;
        }

        if (i < elementLength)
        {
            long tail = 0;
            for (int j = elementLength - 1; j >= i; j--)
            {
                tail = tail << 8 | Memory.getUnsignedByte(element + j);
            }

            h = (h ^ tail) * m;
        }

        h = (h ^ h >>> 47) * m;
        return h ^ h >>> 47;
    }

    /** Register of a hash. */
    static int indexOf(final long hash)
    {
        return (int)hash & REGISTERS - 1;
    }

    /** Zeros before the first one in the rest of a hash, plus one. */
    static int runOf(final long hash)
    {
        return Long.numberOfTrailingZeros(hash >>> INDEX_BITS | 1L << HASH_BITS) + 1;
    }

    /** Count an element. */
    int add(final long element, final int elementLength)
    {
        final long hash = hash(element, elementLength);
        return set(indexOf(hash), runOf(hash));
    }

    /** Raise a register to {@code run} if it is lower. */
    int set(final int index, final int run)
    {
        return DENSE == encoding() ? setDense(index, run) : setSparse(index, run);
    }

    static int denseRegister(final long value, final int index)
    {
        final int bit = index * 6;
        final long at = value + HEADER_LENGTH + (bit >>> 3);
        // The last register ends with its byte: nothing past the value is read.
        final int high = (bit & 7) > 2 ? Memory.getUnsignedByte(at + 1) << 8 : 0;
        return (Memory.getUnsignedByte(at) | high) >>> (bit & 7) & 63;
    }

    /** Turn into the dense form; false if the sparse one is corrupt. */
    boolean toDense()
    {
        if (DENSE == encoding())
        {
            return true;
        }

        Memory.set(denseAddress, DENSE_LENGTH, (byte)0);
        Memory.copy(address, denseAddress, HEADER_LENGTH);
        Memory.putByte(denseAddress + 4, (byte)DENSE);
        int index = 0;
        for (long at = address + HEADER_LENGTH, end = address + length; at < end; at += opcodeLength(at))
        {
            final int run = opcodeRun(at);
            if (index + run > REGISTERS)
            {
                return false;
            }

            final int value = opcodeValue(at);
            for (int i = 0; i < run && value > 0; i++)
            {
                putDense(denseAddress, index + i, value);
            }

            index += run;
        }

        if (REGISTERS != index)
        {
            return false;
        }

        Memory.copy(denseAddress, address, DENSE_LENGTH);
        length = DENSE_LENGTH;
        return true;
    }

    /** Raise each byte of {@code max} (one a register) to the register here; false if the value is corrupt. */
    boolean mergeInto(final long max)
    {
        if (DENSE == encoding())
        {
            for (int i = 0; i < REGISTERS; i++)
            {
                raise(max + i, denseRegister(address, i));
            }

            return true;
        }

        int index = 0;
        for (long at = address + HEADER_LENGTH, end = address + length; at < end; at += opcodeLength(at))
        {
            final int run = opcodeRun(at);
            if (index + run > REGISTERS)
            {
                return false;
            }

            final int value = opcodeValue(at);
            for (int i = 0; i < run && value > 0; i++)
            {
                raise(max + index + i, value);
            }

            index += run;
        }

        return REGISTERS == index;
    }

    /** Estimated number of elements, or {@link #CORRUPT_COUNT}. */
    long count()
    {
        clearHistogram();
        if (DENSE == encoding())
        {
            for (int i = 0; i < REGISTERS; i++)
            {
                histogram[denseRegister(address, i)]++;
            }

            return estimate();
        }

        int index = 0;
        for (long at = address + HEADER_LENGTH, end = address + length; at < end; at += opcodeLength(at))
        {
            final int run = opcodeRun(at);
            if (index + run > REGISTERS)
            {
                return CORRUPT_COUNT;
            }

            histogram[opcodeValue(at)] += run;
            index += run;
        }

        return REGISTERS == index ? estimate() : CORRUPT_COUNT;
    }

    /** Estimate for registers of one byte each. */
    long count(final long registers)
    {
        clearHistogram();
        for (int i = 0; i < REGISTERS; i++)
        {
            histogram[Memory.getByte(registers + i) & 63]++;
        }

        return estimate();
    }

    /** Opcodes as PFDEBUG DECODE shows them. */
    String decode()
    {
        final StringBuilder text = new StringBuilder();
        for (long at = address + HEADER_LENGTH, end = address + length; at < end; at += opcodeLength(at))
        {
            final int value = opcodeValue(at);
            text.append(text.isEmpty() ? "" : " ");
            text.append(value > 0 ? "v:" + value + "," : isLongZeros(at) ? "Z:" : "z:");
            text.append(opcodeRun(at));
        }

        return text.toString();
    }

    private int setDense(final int index, final int run)
    {
        if (run <= denseRegister(address, index))
        {
            return SAME;
        }

        putDense(address, index, run);
        return CHANGED;
    }

    private static void putDense(final long value, final int index, final int register)
    {
        final int bit = index * 6;
        final int shift = bit & 7;
        final long at = value + HEADER_LENGTH + (bit >>> 3);
        Memory.putByte(at, (byte)(Memory.getByte(at) & ~(63 << shift) | register << shift));
        if (shift > 2)
        {
            Memory.putByte(at + 1, (byte)(Memory.getByte(at + 1) & ~(63 >>> 8 - shift) | register >>> 8 - shift));
        }
    }

    private int setSparse(final int index, final int run)
    {
        if (run > VALUE_MAX)
        {
            return promote(index, run);
        }

        final long end = address + length;
        long previous = 0;
        long at = address + HEADER_LENGTH;
        int first = 0;
        while (at < end && index >= first + opcodeRun(at))
        {
            first += opcodeRun(at);
            previous = at;
            at += opcodeLength(at);
        }

        if (at >= end)
        {
            return CORRUPT;
        }

        final int value = opcodeValue(at);
        if (value >= run)
        {
            return SAME;
        }

        if (1 == opcodeRun(at) && !isLongZeros(at))
        {
            putValue(at, run, 1);
        }
        else if (!split(at, index - first, run))
        {
            return promote(index, run);
        }

        mergeValues(0 == previous ? address + HEADER_LENGTH : previous);
        markStale();
        return CHANGED;
    }

    /** Replace the opcode by what stands for {@code before} registers, the new one, and the rest; false: too long. */
    private boolean split(final long at, final int before, final int run)
    {
        final int value = opcodeValue(at);
        final int after = opcodeRun(at) - before - 1;
        final int oldLength = opcodeLength(at);
        final int growth = runLength(value, before) + 1 + runLength(value, after) - oldLength;
        if (growth > 0 && length + growth > sparseBytesMax)
        {
            return false;
        }

        final long next = at + oldLength;
        Memory.copy(next, next + growth, address + length - next);
        length += growth;
        Memory.putLong(address + length, 0);
        final long target = putRun(at, value, before);
        putValue(target, run, 1);
        putRun(target + 1, value, after);
        return true;
    }

    private static int runLength(final int value, final int run)
    {
        return 0 == run ? 0 : 0 == value && run > ZERO_RUN_MAX ? 2 : 1;
    }

    private static long putRun(final long at, final int value, final int run)
    {
        if (0 == run)
        {
            return at;
        }

        if (value > 0)
        {
            putValue(at, value, run);
        }
        else if (run > ZERO_RUN_MAX)
        {
            putLongZeros(at, run);
            return at + 2;
        }
        else
        {
            Memory.putByte(at, (byte)(run - 1));
        }

        return at + 1;
    }

    /** Join neighbours of equal value, in the few opcodes that a change may have made so. */
    private void mergeValues(final long from)
    {
        long at = from;
        for (int i = 0; i < MERGE_OPCODES && at < address + length; i++)
        {
            final int value = opcodeValue(at);
            if (value > 0 && at + 1 < address + length && opcodeValue(at + 1) == value &&
                opcodeRun(at) + opcodeRun(at + 1) <= VALUE_RUN_MAX)
            {
                putValue(at + 1, value, opcodeRun(at) + opcodeRun(at + 1));
                Memory.copy(at + 1, at, address + length - at - 1);
                length--;
                Memory.putLong(address + length, 0);
            }
            else
            {
                at += opcodeLength(at);
            }
        }
    }

    private int promote(final int index, final int run)
    {
        return toDense() ? setDense(index, run) : CORRUPT;
    }

    private static boolean isLongZeros(final long at)
    {
        return 0x40 == (Memory.getByte(at) & 0xC0);
    }

    private static int opcodeLength(final long at)
    {
        return isLongZeros(at) ? 2 : 1;
    }

    /** Registers that the opcode stands for. */
    private static int opcodeRun(final long at)
    {
        final int opcode = Memory.getUnsignedByte(at);
        if (opcode >= 0x80)
        {
            return (opcode & 3) + 1;
        }

        return opcode < 0x40 ? opcode + 1 : ((opcode & 0x3F) << 8 | Memory.getUnsignedByte(at + 1)) + 1;
    }

    /** Value of those registers. */
    private static int opcodeValue(final long at)
    {
        final int opcode = Memory.getUnsignedByte(at);
        return opcode >= 0x80 ? (opcode >>> 2 & 0x1F) + 1 : 0;
    }

    private static void putValue(final long at, final int value, final int run)
    {
        Memory.putByte(at, (byte)(0x80 | value - 1 << 2 | run - 1));
    }

    private static void putLongZeros(final long at, final int run)
    {
        Memory.putByte(at, (byte)(0x40 | run - 1 >>> 8));
        Memory.putByte(at + 1, (byte)(run - 1));
    }

    private static void raise(final long at, final int value)
    {
        if (value > Memory.getByte(at))
        {
            Memory.putByte(at, (byte)value);
        }
    }

    private void clearHistogram()
    {
        java.util.Arrays.fill(histogram, 0);
    }

    /** Otmar Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284. */
    private long estimate()
    {
        final double m = REGISTERS;
        double z = m * tau((m - histogram[HASH_BITS + 1]) / m);
        for (int i = HASH_BITS; i >= 1; i--)
        {
            z += histogram[i];
            z *= 0.5;
        }

        z += m * sigma(histogram[0] / m);
        return Math.round(ALPHA * m * m / z);
    }

    private static double sigma(final double ratio)
    {
        if (1.0 == ratio)
        {
            return Double.POSITIVE_INFINITY;
        }

        double x = ratio;
        double y = 1;
        double z = ratio;
        double previous;
        do
        {
            x *= x;
            previous = z;
            z += x * y;
            y += y;
        }
        while (previous != z);

        return z;
    }

    private static double tau(final double ratio)
    {
        if (0.0 == ratio || 1.0 == ratio)
        {
            return 0;
        }

        double x = ratio;
        double y = 1;
        double z = 1 - ratio;
        double previous;
        do
        {
            x = Math.sqrt(x);
            previous = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (previous != z);

        return z / 3;
    }
}
