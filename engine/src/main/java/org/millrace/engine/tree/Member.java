package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;

/**
 * A text that is looked for in trees: its form and its hash, made once. The text must stay where it is while it is
 * used. The hash of a short text is that of its form, so that it can be told from an element without making the text.
 */
public final class Member implements AutoCloseable
{
    private final MemberHash hashing;
    private final long form = Memory.reserve(ElementString.LENGTH_MAX);
    private int formLength;
    private long text;
    private long textLength;
    private long hash;

    /** For trees that are changed with these. */
    public Member(final Trees trees)
    {
        hashing = trees.hashing();
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

    public long hash()
    {
        return hash;
    }

    long text()
    {
        return text;
    }

    long textLength()
    {
        return textLength;
    }

    boolean isLong()
    {
        return 0 == formLength;
    }

    long form()
    {
        return form;
    }

    int formLength()
    {
        return formLength;
    }

    /** True if the string at {@code at}, with an equal fingerprint, is this one. */
    boolean equals(final long at, final LongStrings longStrings, final TreeRuns runs)
    {
        if (!isLong())
        {
            return formLength == ElementString.length(at) && Memory.equal(form, at, formLength);
        }

        return ElementString.isReference(at) && hash == ElementString.hash(at) &&
            textLength == ElementString.textLength(at) &&
            longStrings.isEqual(ElementString.root(at), text, textLength, runs);
    }

    @Override
    public void close()
    {
        Memory.release(form);
    }
}
