package org.millrace.engine.datatype;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.tree.Element;
import org.millrace.engine.tree.ElementString;
import org.millrace.engine.tree.Member;

/** Puts one element of a compact value together, outside any value. Writer thread. */
final class ElementForm implements AutoCloseable
{
    private final long address = Memory.reserve(Element.LENGTH_MAX);
    private int length;
    private boolean isTooLong;

    /** Begin an element. @return this. */
    ElementForm begin()
    {
        length = 0;
        isTooLong = false;
        return this;
    }

    /** The next string. @return this. */
    ElementForm string(final long text, final long textLength)
    {
        if (textLength > ElementString.INLINE_MAX)
        {
            isTooLong = true;
        }
        else
        {
            length += ElementString.encode(address + length, text, (int)textLength);
        }

        return this;
    }

    /** A member as the next string. @return this. */
    ElementForm member(final Member member)
    {
        if (member.isLong())
        {
            isTooLong = true;
        }
        else
        {
            Memory.copyDisjoint(member.form(), address + length, member.formLength());
            length += member.formLength();
        }

        return this;
    }

    /** A deadline before the second of two strings, or none: {@link Element#NO_DEADLINE}. @return this. */
    ElementForm deadline(final long deadlineMs)
    {
        length += Element.NO_DEADLINE == deadlineMs ? 0 : Element.encodeDeadline(address + length, deadlineMs);
        return this;
    }

    ElementForm score(final double value)
    {
        Memory.putLong(address + length, Double.doubleToRawLongBits(value));
        length += Element.SCORE_LENGTH;
        return this;
    }

    /** True if a string of it is longer than may stand in an element: it has no compact form. */
    boolean isTooLong()
    {
        return isTooLong;
    }

    long address()
    {
        return address;
    }

    int length()
    {
        return length;
    }

    @Override
    public void close()
    {
        Memory.release(address);
    }
}
