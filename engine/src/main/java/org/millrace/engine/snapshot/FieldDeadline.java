package org.millrace.engine.snapshot;

import org.millrace.engine.tree.Element;

/**
 * When a field expires, as the forms of hashes with deadlines write it: a moment or 0 for none; or in those of releases, of
 * the plain form, how long after the earliest one, plus 1. Static.
 */
final class FieldDeadline
{
    /** The value is no deadline that there may be. */
    static final long WRONG = -2;

    /** Redis keeps 48 bits of a deadline. */
    static final long MAX = (1L << 48) - 1;

    private FieldDeadline()
    {
    }

    /** Of an absolute value. @return ms, {@link Element#NO_DEADLINE} or {@link #WRONG}. */
    static long absolute(final long value)
    {
        return 0 == value ? Element.NO_DEADLINE : value < 0 || value > MAX ? WRONG : value;
    }

    /** Of a distance. @param earliestMs from 0 to {@link #MAX}. @return as above. */
    static long relative(final long earliestMs, final long value)
    {
        if (0 == value)
        {
            return Element.NO_DEADLINE;
        }

        return value < 0 || value - 1 > MAX - earliestMs ? WRONG : earliestMs + value - 1;
    }

    /** True if a hash may say that this is its earliest deadline; one without any may say the next number. */
    static boolean isEarliest(final long value)
    {
        return value >= 0 && value <= MAX + 1;
    }
}
