package org.millrace.engine.memory;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.millrace.engine.base.Check;
import org.millrace.engine.guard.MemoryGuard;

/**
 * Typed access to raw off-heap memory; little-endian, no bounds checks but in {@link #CHECKED checked mode}. Addresses
 * come from {@link OffHeap}, from {@link #reserve}, or from {@link #address(ByteBuffer) direct buffers} that the caller
 * keeps alive. The only class through which the engine touches memory.
 */
public final class Memory
{
    /** Longest single copy: a longer one would hold off safepoints of every thread. */
    public static final int COPY_STEP = 1 << 20;

    /** Beyond this the call that a block copy is made of is worth its price. */
    private static final int INLINE_COPY_MAX = 127;

    /**
     * Every access is checked against what is alive: the property {@code millrace.memory.checked}, true in tests. A
     * constant, so that otherwise the compiler leaves nothing of the checks. What is too hot to be checked always is
     * checked where this is true.
     */
    public static final boolean CHECKED = Boolean.getBoolean("millrace.memory.checked");

    private static final AtomicLong LIVE_BLOCKS = new AtomicLong();

    private Memory()
    {
    }

    public static byte getByte(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.read(address, Byte.BYTES);
        }

        return UnsafeApi.getByte(address);
    }

    public static int getUnsignedByte(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.read(address, Byte.BYTES);
        }

        return UnsafeApi.getByte(address) & 0xFF;
    }

    /** Load a cache line ahead of its use: from any memory that is mapped, whose content must not matter. */
    public static int touch(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.touch(address);
        }

        return UnsafeApi.getByte(address);
    }

    public static void putByte(final long address, final byte value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, Byte.BYTES);
        }

        UnsafeApi.putByte(address, value);
    }

    public static short getShort(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.read(address, Short.BYTES);
        }

        return UnsafeApi.getShort(address);
    }

    public static void putShort(final long address, final short value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, Short.BYTES);
        }

        UnsafeApi.putShort(address, value);
    }

    public static int getInt(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.read(address, Integer.BYTES);
        }

        return UnsafeApi.getInt(address);
    }

    public static void putInt(final long address, final int value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, Integer.BYTES);
        }

        UnsafeApi.putInt(address, value);
    }

    public static int getIntAcquire(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.read(address, Integer.BYTES);
        }

        return UnsafeApi.getIntAcquire(null, address);
    }

    public static void putIntRelease(final long address, final int value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, Integer.BYTES);
        }

        UnsafeApi.putIntRelease(null, address, value);
    }

    public static long getLong(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.read(address, Long.BYTES);
        }

        return UnsafeApi.getLong(address);
    }

    public static void putLong(final long address, final long value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, Long.BYTES);
        }

        UnsafeApi.putLong(address, value);
    }

    public static long getLongAcquire(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.read(address, Long.BYTES);
        }

        return UnsafeApi.getLongAcquire(null, address);
    }

    public static long getLongVolatile(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.read(address, Long.BYTES);
        }

        return UnsafeApi.getLongVolatile(null, address);
    }

    public static void putLongRelease(final long address, final long value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, Long.BYTES);
        }

        UnsafeApi.putLongRelease(null, address, value);
    }

    public static void putLongVolatile(final long address, final long value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, Long.BYTES);
        }

        UnsafeApi.putLongVolatile(null, address, value);
    }

    public static boolean compareAndSetLong(final long address, final long expected, final long value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, Long.BYTES);
        }

        return UnsafeApi.compareAndSetLong(null, address, expected, value);
    }

    public static void loadFence()
    {
        UnsafeApi.loadFence();
    }

    public static void storeFence()
    {
        UnsafeApi.storeFence();
    }

    public static void fullFence()
    {
        UnsafeApi.fullFence();
    }

    /** Copy, also between overlapping ranges when the whole length fits one step; in steps of {@link #COPY_STEP}. */
    public static void copy(final long source, final long target, final long length)
    {
        if (CHECKED)
        {
            MemoryGuard.read(source, length);
            MemoryGuard.write(target, length);
        }

        copySteps(source, target, length);
    }

    private static void copySteps(final long source, final long target, final long length)
    {
        if (length <= COPY_STEP)
        {
            UnsafeApi.copyMemory(source, target, length);
            return;
        }

        for (long done = 0; done < length; done += COPY_STEP)
        {
            UnsafeApi.copyMemory(source + done, target + done, Math.min(COPY_STEP, length - done));
        }
    }

    /** Copy between ranges that do not overlap; quicker than {@link #copy} for some tens of bytes. */
    public static void copyDisjoint(final long source, final long target, final long length)
    {
        if (CHECKED)
        {
            Check.that(source + length <= target || target + length <= source, "copy between ranges that overlap: " +
                "distance, length", target - source, length);
            MemoryGuard.read(source, length);
            MemoryGuard.write(target, length);
        }

        if (length < 8 || length > INLINE_COPY_MAX)
        {
            copyShortOrLong(source, target, length);
            return;
        }

        // Eight loads, then eight stores: twice as fast as one by one for a cache line, see jmh's CopyBenchmark.
        int at = 0;
        for (final int end = (int)length - 63; at < end; at += 64)
        {
            copyEight(source + at, target + at);
        }

        for (final int end = (int)length - 7; at < end; at += 8)
        {
            UnsafeApi.putLong(target + at, UnsafeApi.getLong(source + at));
        }

        if (at < length)
        {
            UnsafeApi.putLong(target + length - 8, UnsafeApi.getLong(source + length - 8));
        }
    }

    private static void copyEight(final long source, final long target)
    {
        final long a = UnsafeApi.getLong(source);
        final long b = UnsafeApi.getLong(source + 8);
        final long c = UnsafeApi.getLong(source + 16);
        final long d = UnsafeApi.getLong(source + 24);
        final long e = UnsafeApi.getLong(source + 32);
        final long f = UnsafeApi.getLong(source + 40);
        final long g = UnsafeApi.getLong(source + 48);
        final long h = UnsafeApi.getLong(source + 56);
        UnsafeApi.putLong(target, a);
        UnsafeApi.putLong(target + 8, b);
        UnsafeApi.putLong(target + 16, c);
        UnsafeApi.putLong(target + 24, d);
        UnsafeApi.putLong(target + 32, e);
        UnsafeApi.putLong(target + 40, f);
        UnsafeApi.putLong(target + 48, g);
        UnsafeApi.putLong(target + 56, h);
    }

    private static void copyShortOrLong(final long source, final long target, final long length)
    {
        if (length > INLINE_COPY_MAX)
        {
            copySteps(source, target, length);
            return;
        }

        for (int i = 0; i < length; i++)
        {
            UnsafeApi.putByte(target + i, UnsafeApi.getByte(source + i));
        }
    }

    /** Copy from a heap array. */
    public static void copy(final byte[] source, final int offset, final long target, final int length)
    {
        if (CHECKED)
        {
            Objects.checkFromIndexSize(offset, length, source.length);
            MemoryGuard.write(target, length);
        }

        UnsafeApi.copyMemory(source, BufferUtil.ARRAY_BASE_OFFSET + offset, null, target, length);
    }

    /** Copy to a heap array. */
    public static void copy(final long source, final byte[] target, final int offset, final int length)
    {
        if (CHECKED)
        {
            Objects.checkFromIndexSize(offset, length, target.length);
            MemoryGuard.read(source, length);
        }

        UnsafeApi.copyMemory(null, source, target, BufferUtil.ARRAY_BASE_OFFSET + offset, length);
    }

    /** True if all these bytes are zero. */
    public static boolean isZero(final long address, final long length)
    {
        long offset = 0;
        while (offset + Long.BYTES <= length && 0 == getLong(address + offset))
        {
            offset += Long.BYTES;
        }

        while (offset < length && 0 == getByte(address + offset))
        {
            offset++;
        }

        return offset == length;
    }

    public static void set(final long address, final long length, final byte value)
    {
        if (CHECKED)
        {
            MemoryGuard.write(address, length);
        }

        for (long done = 0; done < length; done += COPY_STEP)
        {
            UnsafeApi.setMemory(address + done, Math.min(COPY_STEP, length - done), value);
        }
    }

    /** True when both ranges of {@code length} bytes are equal. */
    public static boolean equal(final long a, final long b, final long length)
    {
        if (CHECKED)
        {
            MemoryGuard.read(a, length);
            MemoryGuard.read(b, length);
        }

        if (length < 8)
        {
            return equalShort(a, b, (int)length);
        }

        final long last = length - 8;
        for (long i = 0; i < last; i += 8)
        {
            if (UnsafeApi.getLong(a + i) != UnsafeApi.getLong(b + i))
            {
                return false;
            }
        }

        // The last eight bytes may overlap what was compared before: cheaper than a loop over single bytes.
        return UnsafeApi.getLong(a + last) == UnsafeApi.getLong(b + last);
    }

    private static boolean equalShort(final long a, final long b, final int length)
    {
        if (length >= 4)
        {
            return UnsafeApi.getInt(a) == UnsafeApi.getInt(b) &&
                UnsafeApi.getInt(a + length - 4) == UnsafeApi.getInt(b + length - 4);
        }

        for (int i = 0; i < length; i++)
        {
            if (UnsafeApi.getByte(a + i) != UnsafeApi.getByte(b + i))
            {
                return false;
            }
        }

        return true;
    }

    /** A block outside any node's accounted memory, for buffers of sessions and tools. Free with {@link #release}. */
    public static long reserve(final long length)
    {
        final long address = UnsafeApi.allocateMemory(length);
        if (CHECKED)
        {
            MemoryGuard.reserved(address, length);
        }

        LIVE_BLOCKS.incrementAndGet();
        return address;
    }

    public static void release(final long address)
    {
        if (CHECKED)
        {
            MemoryGuard.released(address);
        }

        LIVE_BLOCKS.decrementAndGet();
        UnsafeApi.freeMemory(address);
    }

    /** Where a direct buffer's memory begins; the caller keeps the buffer as long as it goes by the address. */
    public static long address(final ByteBuffer buffer)
    {
        if (CHECKED)
        {
            MemoryGuard.buffer(buffer);
        }

        return BufferUtil.address(buffer);
    }

    /** As {@link #address(ByteBuffer)}, of a buffer that wraps off-heap memory. */
    public static long address(final DirectBuffer buffer)
    {
        if (CHECKED)
        {
            MemoryGuard.lent(buffer.addressOffset(), buffer.capacity(), buffer.byteBuffer());
        }

        return buffer.addressOffset();
    }

    /** Give a direct buffer's memory back now; nobody goes by its address any more. */
    public static void free(final ByteBuffer buffer)
    {
        forget(buffer);
        BufferUtil.free(buffer);
    }

    /** A buffer is about to be unmapped by whoever has mapped it. */
    public static void forget(final ByteBuffer buffer)
    {
        if (CHECKED && null != buffer)
        {
            MemoryGuard.forget(buffer);
        }
    }

    /**
     * From here to {@link #endExamining} this thread reads what an allocator has mapped, free or in whatever use, and
     * goes by nothing that it finds there alone. Means something in checked mode only.
     */
    public static void beginExamining()
    {
        if (CHECKED)
        {
            MemoryGuard.beginExamining();
        }
    }

    public static void endExamining()
    {
        if (CHECKED)
        {
            MemoryGuard.endExamining();
        }
    }

    /** Blocks reserved and not released, of all nodes in this process; any thread. */
    public static long liveBlocks()
    {
        return LIVE_BLOCKS.get();
    }
}
