package org.millrace.engine.tree;

/**
 * One element of a leaf: one string or two, and a score where there are scores, back to back. Which of these it has
 * follows from the leaf's kind.
 */
public final class Element
{
    public static final int SCORE_LENGTH = 8;

    /** Longest element. */
    public static final int LENGTH_MAX = 2 * ElementString.LENGTH_MAX + SCORE_LENGTH;

    private Element()
    {
    }

    /** Bytes of the element that stands at {@code at} in a leaf of this kind. */
    public static int length(final long at, final int kind)
    {
        int length = ElementString.length(at);
        if (0 != (kind & Node.TWO_STRINGS))
        {
            length += ElementString.length(at + length);
        }

        return length + (0 != (kind & Node.SCORED) ? SCORE_LENGTH : 0);
    }

    /** Where the second string of the element begins. */
    public static long secondString(final long at)
    {
        return at + ElementString.length(at);
    }

    /** Where the score of the element stands. */
    public static long score(final long at)
    {
        return at + ElementString.length(at);
    }

    /** Bytes that the strings of the element take beyond its own where they go out: those that lie elsewhere. */
    static long outsideBytes(final long at, final int kind)
    {
        long bytes = outsideBytesOf(at);
        if (0 != (kind & Node.TWO_STRINGS))
        {
            bytes += outsideBytesOf(secondString(at));
        }

        return bytes;
    }

    private static long outsideBytesOf(final long string)
    {
        return ElementString.isReference(string)
            ? ElementString.REFERENCE_HEAD_LENGTH - ElementString.REFERENCE_LENGTH + RdbLength.decode(string)
            : 0;
    }
}
