package org.millrace.engine.snapshot;

import org.millrace.engine.memory.Memory;

/**
 * Reads intsets, in which small sets of integers are kept and written.
 * <pre>
 *   +----------------+----------------+--------+     +--------+
 *   | bytes of each, | integers, at   | lowest | ... | highest|
 *   | 2, 4, 8: 4 B   | least one: 4 B |        |     |        |
 *   +----------------+----------------+--------+     +--------+
 * </pre>
 * All are little-endian, in ascending order, none twice.
 */
final class IntsetReader extends PackedElements
{
    /** Bytes before the first integer. */
    static final int HEAD_LENGTH = 8;

    private static final int COUNT_AT = 4;

    private long at;
    private long end;
    private int width;
    private boolean isFirst;

    @Override
    boolean wrap(final long address, final long length)
    {
        if (length < HEAD_LENGTH)
        {
            return false;
        }

        at = address + HEAD_LENGTH;
        end = address + length;
        isFirst = true;
        width = Memory.getInt(address);
        final long count = unsigned32(address + COUNT_AT);
        return (Short.BYTES == width || Integer.BYTES == width || Long.BYTES == width) && 0 < count &&
            HEAD_LENGTH + count * width == length;
    }

    @Override
    int next()
    {
        if (at == end)
        {
            return END;
        }

        final long value = switch (width)
        {
            case Short.BYTES -> Memory.getShort(at);
            case Integer.BYTES -> Memory.getInt(at);
            default -> Memory.getLong(at);
        };
        if (!isFirst && value <= number())
        {
            return BAD;
        }

        isFirst = false;
        at += width;
        return number(value);
    }
}
