package org.millrace.engine.config;

import java.util.Locale;

/** Glob patterns over option names, as CONFIG GET takes them: * ? [set] and backslash, in any case. */
final class NamePattern
{
    private final String pattern;

    NamePattern(final String pattern)
    {
        this.pattern = pattern.toLowerCase(Locale.ROOT);
    }

    /** Whether {@code text} would be looked up as a pattern instead of as a name. */
    static boolean isPattern(final String text)
    {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
    }

    /** {@code name} is in lower case, as all option names are. */
    boolean matches(final String name)
    {
        int position = 0;
        int nameIndex = 0;
        int starPosition = -1;
        int starIndex = 0;

        // The usual two cursors: on a mismatch the last star takes one more character, so the time is bounded by
        // the product of the lengths whatever the pattern.
        while (nameIndex < name.length())
        {
            final int next = position < pattern.length() && '*' != pattern.charAt(position)
                ? matchOne(position, name.charAt(nameIndex))
                : -1;
            if (next >= 0)
            {
                position = next;
                nameIndex++;
            }
            else if (position < pattern.length() && '*' == pattern.charAt(position))
            {
                starPosition = ++position;
                starIndex = nameIndex;
            }
            else if (starPosition >= 0)
            {
                position = starPosition;
                nameIndex = ++starIndex;
            }
            else
            {
                return false;
            }
        }

        while (position < pattern.length() && '*' == pattern.charAt(position))
        {
            position++;
        }

        return position == pattern.length();
    }

    /** Matches one character at {@code position}; answers the position behind it, or -1. */
    private int matchOne(final int position, final char c)
    {
        final char p = pattern.charAt(position);
        if ('[' == p)
        {
            return matchSet(position + 1, c);
        }

        if ('\\' == p && position + 1 < pattern.length())
        {
            return pattern.charAt(position + 1) == c ? position + 2 : -1;
        }

        return '?' == p || p == c ? position + 1 : -1;
    }

    private int matchSet(final int start, final char c)
    {
        int i = start;
        final boolean isNegated = i < pattern.length() && '^' == pattern.charAt(i);
        if (isNegated)
        {
            i++;
        }

        boolean isFound = false;
        while (i < pattern.length() && ']' != pattern.charAt(i))
        {
            if ('\\' == pattern.charAt(i) && i + 1 < pattern.length())
            {
                i++;
            }

            final char low = pattern.charAt(i);
            if (i + 2 < pattern.length() && '-' == pattern.charAt(i + 1))
            {
                final char high = pattern.charAt(i + 2);
                isFound |= c >= Math.min(low, high) && c <= Math.max(low, high);
                i += 3;
            }
            else
            {
                isFound |= low == c;
                i++;
            }
        }

        return isFound != isNegated ? Math.min(i + 1, pattern.length()) : -1;
    }
}
