package org.millrace.engine.snapshot;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.StringLayout;

/**
 * The loader's fast way: takes whole string records that lie in one piece of input, some at a time, so that the cache
 * misses of their buckets overlap. Whatever is unusual (a large value, another opcode, a record cut by the end of the
 * piece) is left to the slow way. Owned by one loader.
 */
final class RdbBatch implements AutoCloseable
{
    /** Most records of a batch. */
    static final int CAPACITY = 16;

    /** Deadline, type, and two length bytes of the key. */
    private static final int KEY_HEAD_MAX = 9 + 1 + 2;

    /** Longest head of a value that is taken here: a 32-bit length, or a 32-bit integer. */
    private static final int VALUE_HEAD_MAX = 5;

    /** Most of what was compressed, of one batch. */
    private static final int PLAINS_CAPACITY = 64 * 1024;

    /** Longest head of a compressed string: its encoding, and two lengths. */
    private static final int COMPRESSED_HEAD_MAX = 1 + 2 * 5;

    private final long[] keyAddresses = new long[CAPACITY];
    private final int[] keyLengths = new int[CAPACITY];
    private final long[] valueAddresses = new long[CAPACITY];
    private final long[] valueLengths = new long[CAPACITY];
    private final long[] deadlines = new long[CAPACITY];
    private final long intTexts = Memory.reserve(2 * CAPACITY * (RdbInput.INT_TEXT_MAX + 1));

    /** What was compressed of the records taken last. */
    private final long plains = Memory.reserve(PLAINS_CAPACITY);
    private int plainsLength;
    private long bodyAddress;
    private long bodyLength;
    private long nextAt;
    private int size;
    private int intCount;

    int size()
    {
        return size;
    }

    long keyAddress(final int index)
    {
        return keyAddresses[index];
    }

    int keyLength(final int index)
    {
        return keyLengths[index];
    }

    long valueAddress(final int index)
    {
        return valueAddresses[index];
    }

    long valueLength(final int index)
    {
        return valueLengths[index];
    }

    long deadlineMs(final int index)
    {
        return deadlines[index];
    }

    /**
     * Take as many records as there are and fit.
     *
     * @return address of the first byte that was not taken.
     */
    long fill(final long address, final long end, final RdbTarget target)
    {
        size = 0;
        intCount = 0;
        plainsLength = 0;
        long at = address;
        while (size < CAPACITY)
        {
            final long next = take(at, end);
            if (next == at)
            {
                break;
            }

            size++;
            at = next;
        }

        if (size > 0)
        {
            target.prefetch(keyAddresses, keyLengths, size);
        }

        return at;
    }

    private long take(final long start, final long end)
    {
        if (end - start < KEY_HEAD_MAX)
        {
            return start;
        }

        long at = start;
        long deadlineMs = Entry.NO_DEADLINE;
        if (RdbDescriptor.OPCODE_EXPIRETIME_MS == Memory.getUnsignedByte(at))
        {
            deadlineMs = Memory.getLong(at + 1);
            at += 9;
        }

        if (RdbDescriptor.TYPE_STRING != Memory.getUnsignedByte(at++) || !takeString(at, end))
        {
            return start;
        }

        final long keyAddress = bodyAddress;
        final int keyLength = (int)bodyLength;
        at = nextAt;
        if (end - at < VALUE_HEAD_MAX || !takeString(at, end))
        {
            return start;
        }

        keyAddresses[size] = keyAddress;
        keyLengths[size] = keyLength;
        valueAddresses[size] = bodyAddress;
        valueLengths[size] = bodyLength;
        deadlines[size] = deadlineMs;
        return nextAt;
    }

    /** A string at {@code at}, where at least a key's or a value's longest head lies before the end. */
    private boolean takeString(final long at, final long end)
    {
        final int first = Memory.getUnsignedByte(at);
        if (first < 0x40)
        {
            bodyAddress = at + 1;
            bodyLength = first;
        }
        else if (first < RdbDescriptor.LENGTH_32_BIT)
        {
            bodyAddress = at + 2;
            bodyLength = (first & 0x3F) << 8 | Memory.getUnsignedByte(at + 1);
        }
        else if (end - at < VALUE_HEAD_MAX)
        {
            return false;
        }
        else if (RdbDescriptor.LENGTH_32_BIT == first)
        {
            bodyAddress = at + 5;
            bodyLength = Integer.reverseBytes(Memory.getInt(at + 1)) & 0xFFFF_FFFFL;
        }
        else
        {
            return RdbDescriptor.STRING_LZF == first ? takeCompressed(at + 1, end) : takeInt(first, at + 1);
        }

        nextAt = bodyAddress + bodyLength;
        return bodyLength <= StringLayout.COMPACT_MAX && bodyLength <= end - bodyAddress;
    }

    private boolean takeInt(final int encoding, final long at)
    {
        if (encoding < RdbDescriptor.STRING_INT8 || encoding > RdbDescriptor.STRING_INT32)
        {
            return false;
        }

        bodyAddress = intTexts + (long)intCount * (RdbInput.INT_TEXT_MAX + 1);
        bodyLength = RdbInput.formatInt(RdbInput.decodeInt(encoding, at), bodyAddress);
        intCount++;
        nextAt = at + RdbInput.intLength(encoding);
        return true;
    }

    private boolean takeCompressed(final long start, final long end)
    {
        if (end - start < COMPRESSED_HEAD_MAX || !takeLength(start))
        {
            return false;
        }

        final long length = bodyLength;
        if (!takeLength(nextAt) || length > end - nextAt || bodyLength > PLAINS_CAPACITY - plainsLength ||
            bodyLength > StringLayout.COMPACT_MAX || !Lzf.isPlausible(length, bodyLength) ||
            !Lzf.decompress(nextAt, length, plains + plainsLength, bodyLength))
        {
            return false;
        }

        bodyAddress = plains + plainsLength;
        plainsLength += (int)bodyLength;
        nextAt += length;
        return true;
    }

    /** A length of at most 32 bits to {@link #bodyLength}; what follows it to {@link #nextAt}. */
    private boolean takeLength(final long at)
    {
        final int first = Memory.getUnsignedByte(at);
        if (first < 0x40)
        {
            bodyLength = first;
            nextAt = at + 1;
        }
        else if (first < RdbDescriptor.LENGTH_32_BIT)
        {
            bodyLength = (first & 0x3F) << 8 | Memory.getUnsignedByte(at + 1);
            nextAt = at + 2;
        }
        else
        {
            bodyLength = Integer.reverseBytes(Memory.getInt(at + 1)) & 0xFFFF_FFFFL;
            nextAt = at + 5;
        }

        return first <= RdbDescriptor.LENGTH_32_BIT;
    }

    @Override
    public void close()
    {
        Memory.release(plains);
        Memory.release(intTexts);
    }
}
