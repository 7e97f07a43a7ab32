package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Memory;

/**
 * Reads zipmaps, in which Redis before 2.6 kept small hashes: fields and values in turn.
 * <pre>
 *   +-------------+----------+-------+----------+------+-------+--------+     +----+
 *   | pairs, FE:  | length   | field | length   | free | value | free   | ... | FF |
 *   | unknown 1 B | 1 or 5 B |       | 1 or 5 B | 1 B  |       | bytes  |     |    |
 *   +-------------+----------+-------+----------+------+-------+--------+     +----+
 *
 *   length: 1 byte, or FE and 4 bytes, little-endian
 * </pre>
 */
final class ZipmapReader extends PackedElements
{
    private static final int COUNT_UNKNOWN = 0xFE;
    private static final int LONG_LENGTH = 0xFE;
    private static final int END_MARK = 0xFF;
    private static final int LENGTH_MIN = 2;

    private long at;
    private long last;
    private int count;
    private int counted;
    private boolean isAtValue;

    @Override
    boolean wrap(final long address, final long length)
    {
        if (length < LENGTH_MIN)
        {
            return false;
        }

        at = address + 1;
        last = address + length - 1;
        count = Memory.getUnsignedByte(address);
        counted = 0;
        isAtValue = false;
        return END_MARK == Memory.getUnsignedByte(last);
    }

    @Override
    int next()
    {
        if (at == last)
        {
            return !isAtValue && (COUNT_UNKNOWN == count || counted == count) ? END : BAD;
        }

        final int first = Memory.getUnsignedByte(at);
        // Behind the length of a value the number of bytes that are free behind it.
        final int headLength = (LONG_LENGTH == first ? 5 : 1) + (isAtValue ? 1 : 0);
        if (END_MARK == first || headLength > last - at)
        {
            return BAD;
        }

        final long length = LONG_LENGTH == first ? unsigned32(at + 1) : first;
        final long free = isAtValue ? Memory.getUnsignedByte(at + headLength - 1) : 0;
        if (length + free > last - at - headLength)
        {
            return BAD;
        }

        final long content = at + headLength;
        at = content + length + free;
        counted += isAtValue ? 1 : 0;
        isAtValue = !isAtValue;
        return text(content, length);
    }
}
