package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;

/** Static access to the content of a leaf, which is elements back to back, see {@link Element}; or plain bytes. */
public final class Leaf
{
    private static final int CACHE_LINE_LENGTH = 64;

    private Leaf()
    {
    }

    /** Where the content begins. */
    public static long content(final long leaf)
    {
        return leaf + Node.start(leaf);
    }

    /** Where the content ends. */
    public static long end(final long leaf)
    {
        return leaf + Node.end(leaf);
    }

    /** Where an element stands; for the index behind the last one, where the content ends. */
    static long element(final long leaf, final int index)
    {
        final long content = content(leaf);
        final int oneLength = Node.oneLength(leaf);
        if (0 != oneLength)
        {
            return content + (long)index * oneLength;
        }

        final int kind = Node.kind(leaf);
        long at = content;
        for (int i = 0; i < index; i++)
        {
            at += Element.length(at, kind);
        }

        return at;
    }

    /**
     * Load all lines of a leaf side by side, since from one length to the next is a chain of loads.
     *
     * @return a number to be kept somewhere, so that the loads are not taken for useless.
     */
    static long touch(final long leaf)
    {
        long sum = 0;
        for (long at = leaf + CACHE_LINE_LENGTH, end = end(leaf); at < end; at += CACHE_LINE_LENGTH)
        {
            sum += Memory.touch(at);
        }

        return sum;
    }

    /** The next string that lies elsewhere, from {@code at}, which is at a string; {@code end} if there is none. */
    static long findReference(final long at, final long end, final int kind)
    {
        final int gap = 0 != (kind & Node.SCORED) ? Element.SCORE_LENGTH : 0;
        long string = at;
        while (string < end && !ElementString.isReference(string))
        {
            string += ElementString.length(string) + gap;
        }

        return string;
    }

    /** The string behind a reference, or the end of the leaf. */
    static long behindReference(final long reference, final int kind)
    {
        return reference + ElementString.REFERENCE_LENGTH + (0 != (kind & Node.SCORED) ? Element.SCORE_LENGTH : 0);
    }

    /** Bytes that the strings from one to before another send out, scores included. */
    static long bytes(final long leaf, final long from, final long end)
    {
        long bytes = end - from;
        if (hasReferences(leaf))
        {
            final int kind = Node.kind(leaf);
            for (long at = findReference(from, end, kind); at < end; at = findReference(
                behindReference(at, kind), end, kind))
            {
                bytes += Element.outsideBytes(at, 0);
            }
        }

        return bytes;
    }

    static boolean hasReferences(final long leaf)
    {
        return 0 != (Node.kind(leaf) & Node.HAS_REFERENCES);
    }
}
