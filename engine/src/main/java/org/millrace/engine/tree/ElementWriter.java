package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.OffHeap;

/**
 * Makes one element, outside any leaf: {@link #begin}, its strings, perhaps a score. Trees of long strings are made at
 * once; whoever does not use the element gives them back with {@link #abort}. Writer thread.
 */
final class ElementWriter implements AutoCloseable
{
    private final LongStrings longStrings;
    private final TreeRelease release;
    private final long address = Memory.reserve(Element.LENGTH_MAX);
    private final int[] roots = new int[2];
    private int rootCount;
    private int length;
    private long outsideBytes;

    ElementWriter(final LongStrings longStrings, final TreeRelease release)
    {
        this.longStrings = longStrings;
        this.release = release;
    }

    void begin()
    {
        length = 0;
        rootCount = 0;
        outsideBytes = 0;
    }

    /**
     * The next string.
     *
     * @param hash that a reference carries.
     * @return false if memory ran out: then {@link #abort}.
     */
    boolean string(final long text, final long textLength, final long hash)
    {
        if (textLength <= ElementString.INLINE_MAX)
        {
            length += ElementString.encode(address + length, text, (int)textLength);
            return true;
        }

        final int root = longStrings.create(text, textLength);
        if (OffHeap.NULL_REF == root)
        {
            return false;
        }

        roots[rootCount++] = root;
        length += ElementString.encodeReference(address + length, textLength, root, hash);
        outsideBytes += ElementString.REFERENCE_HEAD_LENGTH - ElementString.REFERENCE_LENGTH + textLength;
        return true;
    }

    /** A string that stands elsewhere in the form that it has in an element, not a reference. */
    void form(final long at, final int formLength)
    {
        Memory.copyDisjoint(at, address + length, formLength);
        length += formLength;
    }

    void score(final double value)
    {
        Memory.putLong(address + length, Double.doubleToRawLongBits(value));
        length += Element.SCORE_LENGTH;
    }

    /** Nobody uses the element. */
    void abort()
    {
        for (int i = 0; i < rootCount; i++)
        {
            release.discard(roots[i]);
        }

        rootCount = 0;
    }

    long address()
    {
        return address;
    }

    int length()
    {
        return length;
    }

    /** Bytes that it sends out. */
    long bytes()
    {
        return length + outsideBytes;
    }

    /** {@link Node#HAS_REFERENCES} or 0. */
    int kindBits()
    {
        return rootCount > 0 ? Node.HAS_REFERENCES : 0;
    }

    @Override
    public void close()
    {
        Memory.release(address);
    }
}
