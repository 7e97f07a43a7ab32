package org.millrace.engine.value;

import org.millrace.engine.base.Layout;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.RdbLength;
import org.millrace.engine.tree.TreeRelease;

/**
 * A set of integers behind its key, as in an RDB record: a string that holds them in ascending order.
 * <pre>
 *   +--------------+-----------+-----------+-------------------------------+
 *   | length of    | width     | count     | integers, little-endian,      |
 *   | what follows | 4 B       | 4 B       | of 2, 4 or 8 bytes as width   |
 *   | 1, 2, 5 B    |           |           | says                          |
 *   +--------------+-----------+-----------+-------------------------------+
 * </pre>
 * Never large. {@code value} is the address of the first byte behind the key in all methods.
 */
@Layout(value = "A set of integers behind its key", then = {
    "RDB length of what follows", "bytes of an integer, 4 bytes: 2, 4 or 8", "integers, 4 bytes",
    "the integers, ascending"})
public final class IntsetLayout extends ValueLayout
{
    /** RDB value type: the type byte of an entry. */
    public static final int TYPE = 11;

    /** Bytes of what comes before the integers, without the length. */
    public static final int HEADER_LENGTH = 2 * Integer.BYTES;

    static final IntsetLayout INSTANCE = new IntsetLayout();

    private IntsetLayout()
    {
    }

    /** Where the width stands. */
    public static long blob(final long value)
    {
        return value + RdbLength.encodedLength(value);
    }

    /** Bytes from the width on to the end. */
    public static long blobLength(final long value)
    {
        return RdbLength.decode(value);
    }

    /** Bytes of a whole value. */
    public static long sizeOf(final long blobLength)
    {
        return RdbLength.sizeOf(blobLength) + blobLength;
    }

    /** Write the length. @return where the blob is to be written. */
    public static long init(final long value, final long blobLength)
    {
        return value + RdbLength.encode(value, blobLength);
    }

    /** Bytes of an integer. */
    public static int width(final long value)
    {
        return Memory.getInt(blob(value));
    }

    public static long count(final long value)
    {
        return Memory.getInt(blob(value) + Integer.BYTES) & 0xFFFF_FFFFL;
    }

    /** The integer of a place in their order. */
    public static long number(final long value, final long index)
    {
        final int width = width(value);
        return numberAt(blob(value) + HEADER_LENGTH + index * width, width);
    }

    /** The integer of this many bytes that stands at an address. */
    public static long numberAt(final long address, final int width)
    {
        return switch (width)
        {
            case Short.BYTES -> Memory.getShort(address);
            case Integer.BYTES -> Memory.getInt(address);
            default -> Memory.getLong(address);
        };
    }

    @Override
    public long headLength(final long value)
    {
        return sizeOf(blobLength(value));
    }

    @Override
    public boolean isLarge(final long value)
    {
        return false;
    }

    @Override
    public long recordLength(final long value)
    {
        return headLength(value);
    }

    @Override
    public long payload(final long value)
    {
        return value;
    }

    @Override
    void begin(final ValueRuns runs, final long value)
    {
        runs.range(value, headLength(value));
    }

    @Override
    public void retire(final TreeRelease release, final long value)
    {
        // Nothing hangs on it.
    }

    @Override
    public void discard(final TreeRelease release, final long value)
    {
        // Nothing hangs on it.
    }
}
