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
    private boolean isKept;
    private boolean hasDeadline;
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
        isKept = false;
        hasDeadline = false;
    }

    /**
     * The next string.
     *
     * @param hash that a reference carries.
     * @return false if memory ran out: then {@link #abort}.
     */
    boolean string(final long text, final long textLength, final long hash)
    {
        return string(text, textLength, hash, 0);
    }

    /** As above, with room to grow, see {@link LongStrings#create(long, long, int)}. */
    boolean string(final long text, final long textLength, final long hash, final int room)
    {
        if (textLength <= ElementString.INLINE_MAX)
        {
            length += ElementString.encode(address + length, text, (int)textLength);
            return true;
        }

        final int root = longStrings.create(text, textLength, room);
        if (OffHeap.NULL_REF == root)
        {
            return false;
        }

        roots[rootCount++] = root;
        length += ElementString.encodeReference(address + length, textLength, root, hash);
        outsideBytes += ElementString.REFERENCE_HEAD_LENGTH - ElementString.REFERENCE_LENGTH + textLength;
        return true;
    }

    /** The next string is that of another element, with the tree that it may refer to. */
    void keep(final long string)
    {
        final int formLength = ElementString.length(string);
        Memory.copyDisjoint(string, address + length, formLength);
        length += formLength;
        outsideBytes += Element.outsideBytes(string, 0);
        isKept |= ElementString.isReference(string);
    }

    /** A deadline behind the first of two strings, or none: {@link Element#NO_DEADLINE}. */
    void deadline(final long deadlineMs)
    {
        hasDeadline = Element.NO_DEADLINE != deadlineMs;
        length += hasDeadline ? Element.encodeDeadline(address + length, deadlineMs) : 0;
    }

    /** A member as the next string, which is the first. @return false if memory ran out: then {@link #abort}. */
    boolean member(final Member member)
    {
        if (member.isLong())
        {
            return string(member.text(), member.textLength(), member.hash());
        }

        Memory.copyDisjoint(member.form(), address, member.formLength());
        length = member.formLength();
        return true;
    }

    /** An id as the next string, which is the first. */
    void id(final long first, final long second)
    {
        Memory.putByte(address, (byte)(2 * Long.BYTES));
        Memory.putLong(address + 1, Long.reverseBytes(first));
        Memory.putLong(address + 1 + Long.BYTES, Long.reverseBytes(second));
        length = 1 + 2 * Long.BYTES;
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

    /** {@link Node#HAS_REFERENCES}, {@link Node#EXPIRING}, both or 0. */
    int kindBits()
    {
        return (rootCount > 0 || isKept ? Node.HAS_REFERENCES : 0) | (hasDeadline ? Node.EXPIRING : 0);
    }

    @Override
    public void close()
    {
        Memory.release(address);
    }
}
