package org.millrace.engine.memory;

import java.nio.charset.StandardCharsets;

/**
 * Patterns in the manner of shells over raw bytes, as KEYS, SCAN, PSUBSCRIBE and CONFIG GET take them: {@code *},
 * {@code ?}, {@code [abc]}, {@code [^a-z]}, and a backslash before a byte that stands for itself. An empty text is
 * matched by the empty pattern only. Time is bounded by the product of the lengths; nothing is allocated.
 */
public final class Glob
{
    /** Stars that a pattern may have, neighbours counted once and one at the end not at all; with more, no match. */
    private static final int STARS_MAX = 1000;

    private Glob()
    {
    }

    /** True if the pattern matches the whole text. */
    public static boolean matches(
        final long pattern,
        final int patternLength,
        final long text,
        final int textLength,
        final boolean isCaseIgnored)
    {
        if (0 == textLength)
        {
            return 0 == patternLength;
        }

        int p = 0;
        int t = 0;
        int starEnd = -1;
        int starText = 0;
        int stars = 0;
        while (t < textLength)
        {
            if (p < patternLength && '*' == Memory.getByte(pattern + p))
            {
                p = skipStars(pattern, p, patternLength);
                starEnd = p;
                starText = t;
                if (p == patternLength)
                {
                    return true;
                }

                if (++stars > STARS_MAX)
                {
                    return false;
                }

                continue;
            }

            // Every element but the star takes one byte, so going back to the last star alone is enough.
            final int next = p == patternLength
                ? -1
                : element(pattern, p, patternLength, Memory.getByte(text + t), isCaseIgnored);
            if (next >= 0)
            {
                p = next;
                t++;
            }
            else if (starEnd >= 0)
            {
                p = starEnd;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }

        return skipStars(pattern, p, patternLength) == patternLength;
    }

    /** As above for short texts of ISO 8859-1 that are on the heap; allocates. */
    public static boolean matches(final String pattern, final String text, final boolean isCaseIgnored)
    {
        final byte[] patternBytes = pattern.getBytes(StandardCharsets.ISO_8859_1);
        final byte[] textBytes = text.getBytes(StandardCharsets.ISO_8859_1);
        final long address = Memory.reserve(patternBytes.length + textBytes.length + 1L);
        Memory.copy(patternBytes, 0, address, patternBytes.length);
        Memory.copy(textBytes, 0, address + patternBytes.length, textBytes.length);
        final boolean isMatching = matches(
            address, patternBytes.length, address + patternBytes.length, textBytes.length, isCaseIgnored);
        Memory.release(address);
        return isMatching;
    }

    private static int skipStars(final long pattern, final int start, final int length)
    {
        int p = start;
        while (p < length && '*' == Memory.getByte(pattern + p))
        {
            p++;
        }

        return p;
    }

    /** Index after the element at {@code p} if it matches the byte, else -1. */
    private static int element(
        final long pattern, final int p, final int length, final byte value, final boolean isCaseIgnored)
    {
        final byte first = Memory.getByte(pattern + p);
        switch (first)
        {
            case '?' :
                return p + 1;

            case '[' :
                return set(pattern, p + 1, length, value, isCaseIgnored);

            case '\\' :
                final int literal = p + 1 < length ? p + 1 : p;
                return isEqual(Memory.getByte(pattern + literal), value, isCaseIgnored) ? literal + 1 : -1;

            default :
                return isEqual(first, value, isCaseIgnored) ? p + 1 : -1;
        }
    }

    /** A set of bytes, from after its bracket; one that is never closed ends with the pattern. */
    private static int set(
        final long pattern, final int start, final int length, final byte value, final boolean isCaseIgnored)
    {
        int p = start;
        final boolean isNegated = p < length && '^' == Memory.getByte(pattern + p);
        p += isNegated ? 1 : 0;
        boolean isMatching = false;
        for (; p < length && ']' != Memory.getByte(pattern + p); p++)
        {
            final byte member = Memory.getByte(pattern + p);
            if ('\\' == member && p + 1 < length)
            {
                isMatching |= Memory.getByte(pattern + ++p) == value;
            }
            else if (p + 2 < length && '-' == Memory.getByte(pattern + p + 1))
            {
                isMatching |= isBetween(member, Memory.getByte(pattern + p + 2), value, isCaseIgnored);
                p += 2;
            }
            else
            {
                isMatching |= isEqual(member, value, isCaseIgnored);
            }
        }

        return isMatching == isNegated ? -1 : Math.min(p + 1, length);
    }

    private static boolean isBetween(final byte a, final byte b, final byte value, final boolean isCaseIgnored)
    {
        final int low = fold((byte)Math.min(a, b), isCaseIgnored);
        final int high = fold((byte)Math.max(a, b), isCaseIgnored);
        final int folded = fold(value, isCaseIgnored);
        return folded >= low && folded <= high;
    }

    private static boolean isEqual(final byte a, final byte b, final boolean isCaseIgnored)
    {
        return a == b || isCaseIgnored && fold(a, true) == fold(b, true);
    }

    private static int fold(final byte value, final boolean isCaseIgnored)
    {
        return isCaseIgnored && value >= 'A' && value <= 'Z' ? value + 32 : value;
    }
}
