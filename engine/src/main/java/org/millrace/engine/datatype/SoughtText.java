package org.millrace.engine.datatype;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.ElementString;

/** A text that elements of a list are compared with, one after the other. Writer thread. */
final class SoughtText implements AutoCloseable
{
    private final ElementText other;
    private final long form = Memory.reserve(ElementString.LENGTH_MAX);
    private int formLength;
    private long text;
    private long length;

    /** @param other for long texts, of which a value has no form that could be compared. */
    SoughtText(final ElementText other)
    {
        this.other = other;
    }

    /** Look for this text; one that is long must stay where it is. */
    void set(final long newText, final long newLength)
    {
        text = newText;
        length = newLength;
        formLength = isLong() ? 0 : ElementString.encode(form, newText, (int)newLength);
    }

    private boolean isLong()
    {
        return length > ElementString.INLINE_MAX;
    }

    /** True if the element that stands at {@code at} has this text. */
    boolean is(final long at)
    {
        if (!isLong())
        {
            // A text has one form only, and what begins alike is as long.
            return Memory.getByte(form) == Memory.getByte(at) && ElementString.length(at) == formLength &&
                Memory.equal(form, at, formLength);
        }

        if (!ElementString.isReference(at) || ElementString.textLength(at) != length)
        {
            return false;
        }

        other.set(at);
        return Memory.equal(text, other.address(), length);
    }

    @Override
    public void close()
    {
        Memory.release(form);
    }
}
