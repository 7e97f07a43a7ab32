package org.millrace.engine.tree;

import org.millrace.engine.memory.Hashing;
import org.millrace.engine.memory.Memory;

/**
 * A text that is looked for in trees: its form and its hash, made once. The text must stay where it is while it is
 * used. The hash of a short text is that of its form, so that it can be told from an element without making the text.
 */
public final class Member implements AutoCloseable
{
    private final long seed;
    private final long form = Memory.reserve(ElementString.LENGTH_MAX);
    private int formLength;
    private long text;
    private long textLength;
    private long hash;

    /** @param seed as of the {@link Trees} in which it is looked for. */
    public Member(final long seed)
    {
        this.seed = seed;
    }

    /** Look for this text from now on. */
    public void set(final long address, final long length)
    {
        text = address;
        textLength = length;
        if (length <= ElementString.INLINE_MAX)
        {
            formLength = ElementString.encode(form, address, (int)length);
            hash = Hashing.hash(seed, form, formLength);
        }
        else
        {
            formLength = 0;
            hash = Hashing.hash(seed, address, (int)length);
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

    /** The hash of the string that stands at {@code at}. */
    static long hashOf(final long at, final long seed)
    {
        return ElementString.isReference(at)
            ? ElementString.hash(at)
            : Hashing.hash(seed, at, ElementString.length(at));
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
