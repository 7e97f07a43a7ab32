package org.millrace.engine.datatype;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.WholeString;

/**
 * The text of an element's string, in one piece: where it lies in one it is looked at there, else it is put together. One
 * thread.
 */
public final class ElementText implements AutoCloseable
{
    private final WholeString whole;
    private final long digits = Memory.reserve(Decimal.LENGTH_MAX);
    private long address;
    private long length;

    public ElementText(final OffHeap memory)
    {
        whole = new WholeString(memory);
    }

    /** The string that stands at {@code at}. What is said of it holds until its value changes or another is set. */
    public void set(final long at)
    {
        if (ElementString.isNumber(at))
        {
            setNumber(ElementString.number(at));
            return;
        }

        address = whole.set(at);
        length = whole.length();
    }

    /** A number that stands nowhere as a string. */
    public void setNumber(final long number)
    {
        address = digits;
        length = Decimal.format(digits, number);
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
        Memory.release(digits);
        whole.close();
    }
}
