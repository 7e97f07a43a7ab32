package org.millrace.engine.snapshot;

import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.value.StringLayout;

/**
 * The loader's fast way: takes whole string records that lie in one piece of input, some at a time, so that the cache
 * misses of their buckets overlap. Whatever is unusual (a large value, compression, another opcode, a record cut by
 * the end of the piece) is left to the slow way. Owned by one loader.
 */
final class RdbBatch implements AutoCloseable
{
    private static final int CAPACITY = 16;

    /** Deadline, type, and two length bytes of the key. */
    private static final int KEY_HEAD_MAX = 9 + 1 + 2;

    /** Longest head of a value that is taken here: a 32-bit length, or a 32-bit integer. */
    private static final int VALUE_HEAD_MAX = 5;

    private final long[] keyAddresses = new long[CAPACITY];
    private final int[] keyLengths = new int[CAPACITY];
    private final long[] valueAddresses = new long[CAPACITY];
    private final long[] valueLengths = new long[CAPACITY];
    private final long[] deadlines = new long[CAPACITY];
    private final long intTexts = Memory.reserve(2 * CAPACITY * (RdbInput.INT_TEXT_MAX + 1));
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
        long at = address;
        while (size < CAPACITY)
        {
            final long next = take(at, end);
            if (next == at)
            {
                break;
            }

            target.prefetch(keyAddresses[size], keyLengths[size]);
            size++;
            at = next;
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
            return takeInt(first, at + 1);
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

    @Override
    public void close()
    {
        Memory.release(intTexts);
    }
}
