package org.millrace.engine.datatype;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.TreeRuns;

/**
 * The text of an element's string, in one piece: where it stands in the element itself it is looked at there, else it is
 * put together. One thread.
 */
public final class ElementText implements AutoCloseable
{
    private static final long CAPACITY_MIN = 256;

    /** A buffer longer than this is given back once it is not needed. */
    private static final long CAPACITY_KEPT = 1L << 20;

    private final TreeRuns runs;
    private long capacity = CAPACITY_MIN;
    private long buffer = Memory.reserve(CAPACITY_MIN);
    private long address;
    private long length;

    public ElementText(final OffHeap memory)
    {
        runs = new TreeRuns(memory);
    }

    /** The string that stands at {@code at}. What is said of it holds until its value changes or another is set. */
    public void set(final long at)
    {
        if (ElementString.isNumber(at))
        {
            address = buffer;
            length = Decimal.format(buffer, ElementString.number(at));
            return;
        }

        length = ElementString.textLength(at);
        if (ElementString.isReference(at))
        {
            copy(ElementString.root(at));
        }
        else
        {
            address = ElementString.textAddress(at);
        }
    }

    private void copy(final int root)
    {
        if (length > capacity || capacity > CAPACITY_KEPT)
        {
            Memory.release(buffer);
            capacity = Math.max(length, CAPACITY_MIN);
            buffer = Memory.reserve(capacity);
        }

        address = buffer;
        long end = buffer;
        runs.begin(root, length);
        while (runs.next())
        {
            Memory.copy(runs.address(), end, runs.length());
            end += runs.length();
        }
    }

    public long address()
    {
        return address;
    }

    public long length()
    {
        return length;
    }

    @Override
    public void close()
    {
        Memory.release(buffer);
    }
}
