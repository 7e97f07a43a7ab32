package org.millrace.engine.datatype;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.tree.ElementString;

/**
 * One member of a set, by where it lies: an integer of an intset, or the string of an element. Its text is made when it
 * is asked for. Valid until the set that it is of changes. Writer thread.
 */
public final class SetMember implements AutoCloseable
{
    private final ElementText text;
    private long at;
    private long number;
    private boolean isTextMade;

    /** @param memory that the sets lie in. */
    public SetMember(final OffHeap memory)
    {
        text = new ElementText(memory);
    }

    /** Stand for the string of an element. @return this. */
    public SetMember string(final long at)
    {
        this.at = at;
        isTextMade = false;
        return this;
    }

    /** Stand for an integer. @return this. */
    public SetMember number(final long number)
    {
        at = 0;
        this.number = number;
        isTextMade = false;
        return this;
    }

    /** True if it is {@link #number()}, which has no address. */
    public boolean isNumber()
    {
        return 0 == at;
    }

    public long number()
    {
        return number;
    }

    /** Address of the string, of one that is no number. */
    public long at()
    {
        return at;
    }

    /** Address of the text, in one piece; valid until this stands for another member. */
    public long address()
    {
        makeText();
        return text.address();
    }

    /** Bytes of the text. */
    public long length()
    {
        makeText();
        return text.length();
    }

    private void makeText()
    {
        if (isTextMade)
        {
            return;
        }

        isTextMade = true;
        if (0 == at)
        {
            text.setNumber(number);
        }
        else
        {
            text.set(at);
        }
    }

    /** True if the text is a canonical integer of 64 bits, wherever it lies: {@link #integer} tells which. */
    public boolean isInteger()
    {
        if (0 == at || ElementString.isNumber(at))
        {
            return true;
        }

        return ElementString.textLength(at) <= Decimal.LENGTH_MAX && Decimal.isCanonical(address(), length());
    }

    /** Of one that {@link #isInteger}. */
    public long integer()
    {
        if (0 == at)
        {
            return number;
        }

        return ElementString.isNumber(at) ? ElementString.number(at) : Decimal.parse(address(), length());
    }

    /** A hash of the text, the same wherever that lies. @param seed the same for all that are compared. */
    public long hash(final long seed)
    {
        if (isInteger())
        {
            return Hashing.mix64(integer() ^ seed);
        }

        // A string that lies elsewhere is longer than those that do not, so its own hash need not be of the same kind.
        return ElementString.isReference(at)
            ? ElementString.hash(at)
            : Hashing.hash(seed, address(), (int)length());
    }

    /** True if the other one has the same text. */
    public boolean isSame(final SetMember other)
    {
        return length() == other.length() && Memory.equal(address(), other.address(), length());
    }

    @Override
    public void close()
    {
        text.close();
    }
}
