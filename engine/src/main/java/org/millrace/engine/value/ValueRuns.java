package org.millrace.engine.value;

import org.millrace.engine.base.Check;
import org.millrace.engine.memory.OffHeap;

/**
 * The bytes of a value, one run after the other: for who copies, sends or shows values and need not know how they lie.
 * To be used again and again; for one thread, which keeps the value alive.
 * <pre>{@code
 *   runs.record(type, value);
 *   while (runs.next())
 *   {
 *       // runs.length() bytes at runs.address(); or zeros, if that is 0
 *   }
 * }</pre>
 * A run has at most {@link #LENGTH_MAX} bytes, so that who has to stop in between can.
 */
public final class ValueRuns
{
    /** Bytes of the longest run: a compact value with its length. */
    public static final int LENGTH_MAX = StringLayout.COMPACT_MAX + 5;

    private final OffHeap memory;
    private long headAddress;
    private long headLength;
    private long string;
    private long at;
    private long end;
    private long address;
    private long length;

    /** @param memory that the values lie in. */
    public ValueRuns(final OffHeap memory)
    {
        this.memory = memory;
    }

    /** All of a value, as it stands in a record of its type behind the key. */
    public void record(final int type, final long value)
    {
        ValueLayout.of(type).begin(this, value);
    }

    /** Bytes of a string; the range must lie within it. */
    public void string(final long value, final long offset, final long count)
    {
        Check.that(0 <= offset && 0 <= count && count <= StringLayout.length(value) - offset,
            "range beyond the string: offset, count", offset, count);
        string = value;
        at = offset;
        end = offset + count;
    }

    /** What comes before the rest. */
    void head(final long headAddress, final long headLength)
    {
        this.headAddress = headAddress;
        this.headLength = headLength;
    }

    /** On to the next run; false if there is none. */
    public boolean next()
    {
        if (headLength > 0)
        {
            address = headAddress;
            length = headLength;
            headLength = 0;
            return true;
        }

        if (at == end)
        {
            return false;
        }

        address = StringLayout.runAddress(memory, string, at);
        length = Math.min(StringLayout.runLength(string, at), end - at);
        at += length;
        return true;
    }

    /** Where the run lies; 0 if it is all zero bytes and nobody has written any of them. */
    public long address()
    {
        return address;
    }

    /** Bytes of the run. */
    public long length()
    {
        return length;
    }
}
