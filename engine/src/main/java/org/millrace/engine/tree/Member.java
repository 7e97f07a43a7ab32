package org.millrace.engine.tree;

import org.millrace.engine.memory.Decimal;
import org.millrace.engine.memory.Memory;

/**
 * A text that is looked for in trees: its form and its hash, made once. The text must stay where it is while it is
 * used. The hash of a short text is that of its form, so that it can be told from an element without making the text.
 */
public final class Member implements AutoCloseable
{
    private final MemberHash hashing;
    private final TreeRuns runs;
    private final long form = Memory.reserve(ElementString.LENGTH_MAX);
    private int formLength;
    private long ownLength = ElementString.INLINE_MAX;
    private long ownText = Memory.reserve(ownLength);
    private long text;
    private long textLength;
    private long hash;

    /** For trees that are changed with these. */
    public Member(final Trees trees)
    {
        hashing = trees.hashing();
        runs = trees.runs();
    }

    /**
     * For a thread that is not the writer, which gives it texts alone, not strings of elements.
     *
     * @param hashSeed of the hashes of members; the keyspace's.
     */
    public Member(final long hashSeed)
    {
        hashing = new MemberHash(hashSeed, -1L);
        runs = null;
    }

    /** Look for this text from now on. */
    public void set(final long address, final long length)
    {
        text = address;
        textLength = length;
        if (length <= ElementString.INLINE_MAX)
        {
            formLength = ElementString.encode(form, address, (int)length);
            hash = hashing.of(form, formLength);
        }
        else
        {
            formLength = 0;
            hash = hashing.of(address, length);
        }
    }

    /** Look for the text that the string of an element at {@code at} has; the element may go meanwhile. */
    public void setString(final long at)
    {
        final long length = ElementString.textLength(at);
        if (ElementString.isNumber(at))
        {
            set(own(Decimal.LENGTH_MAX), Decimal.format(own(Decimal.LENGTH_MAX), ElementString.number(at)));
            return;
        }

        final long copy = own(length);
        if (ElementString.isReference(at))
        {
            long end = copy;
            runs.begin(ElementString.root(at), length);
            while (runs.next())
            {
                Memory.copy(runs.address(), end, runs.length());
                end += runs.length();
            }
        }
        else
        {
            Memory.copyDisjoint(ElementString.textAddress(at), copy, length);
        }

        set(copy, length);
    }

    /** Memory of this object for so many bytes of text. */
    private long own(final long length)
    {
        if (length > ownLength)
        {
            Memory.release(ownText);
            ownText = Memory.reserve(length);
            ownLength = length;
        }

        return ownText;
    }

    public long hash()
    {
        return hash;
    }

    /** Where the text stands. */
    public long text()
    {
        return text;
    }

    /** Bytes of the text. */
    public long textLength()
    {
        return textLength;
    }

    /** True if it is too long to stand in an element: it has no form. */
    public boolean isLong()
    {
        return 0 == formLength;
    }

    /** Its form, as it stands in an element. */
    public long form()
    {
        return form;
    }

    /** Bytes of the form. */
    public int formLength()
    {
        return formLength;
    }

    /** True if the string at {@code at} is this one, which has a form. */
    public boolean isForm(final long at)
    {
        return formLength == ElementString.length(at) && Memory.equal(form, at, formLength);
    }

    /** True if the string at {@code at}, with an equal fingerprint, is this one. */
    boolean equals(final long at, final LongStrings longStrings)
    {
        if (!isLong())
        {
            return isForm(at);
        }

        return ElementString.isReference(at) && hash == ElementString.hash(at) &&
            textLength == ElementString.textLength(at) &&
            longStrings.isEqual(ElementString.root(at), text, textLength, runs);
    }

    @Override
    public void close()
    {
        Memory.release(form);
        Memory.release(ownText);
    }
}
