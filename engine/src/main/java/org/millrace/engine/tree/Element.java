package org.millrace.engine.tree;

import org.millrace.engine.memory.Memory;

/**
 * One element of a leaf: one string or two, and a score where there are scores, back to back. Which of these it has
 * follows from the leaf's kind. Two strings may have a deadline between them, if the kind is {@link Node#EXPIRING}: which
 * elements do, they say themselves.
 * <pre>
 *   string                                       member, item
 *   string | score, 8 B                          member of a sorted set
 *   string | string                              field and value
 *   string | C3 | deadline, 8 B | string         field and value, until then
 * </pre>
 */
public final class Element
{
    public static final int SCORE_LENGTH = 8;

    /** Bytes of a deadline within an element. */
    public static final int DEADLINE_LENGTH = 1 + Long.BYTES;

    /** Of an element that has none. */
    public static final long NO_DEADLINE = -1;

    /** Longest element. */
    public static final int LENGTH_MAX = 2 * ElementString.LENGTH_MAX + DEADLINE_LENGTH;

    private Element()
    {
    }

    /** Bytes of the element that stands at {@code at} in a leaf of this kind. */
    public static int length(final long at, final int kind)
    {
        int length = ElementString.length(at);
        if (0 != (kind & Node.TWO_STRINGS))
        {
            if (0 != (kind & Node.EXPIRING) && ElementString.isDeadline(at + length))
            {
                length += DEADLINE_LENGTH;
            }

            length += ElementString.length(at + length);
        }

        return length + (0 != (kind & Node.SCORED) ? SCORE_LENGTH : 0);
    }

    /** Where the second string of the element begins. */
    public static long secondString(final long at)
    {
        final long behind = behindFirst(at);
        return ElementString.isDeadline(behind) ? behind + DEADLINE_LENGTH : behind;
    }

    /** Behind the first string: the second one, or a deadline before it. */
    public static long behindFirst(final long at)
    {
        return at + ElementString.length(at);
    }

    /** Deadline of an element of two strings in epoch ms, or {@link #NO_DEADLINE}. */
    public static long deadlineMs(final long at)
    {
        final long behind = behindFirst(at);
        return ElementString.isDeadline(behind) ? Memory.getLong(behind + 1) : NO_DEADLINE;
    }

    /** Writes a deadline, where it stands within an element. @return its length. */
    public static int encodeDeadline(final long target, final long deadlineMs)
    {
        return ElementString.encodeDeadline(target, deadlineMs);
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
