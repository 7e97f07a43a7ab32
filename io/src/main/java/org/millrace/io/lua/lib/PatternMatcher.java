package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;

/** Matches a pattern of Lua 5.1 with a text. What takes long counts as steps, so it can be ended. */
final class PatternMatcher
{
    private static final int CAPTURES_MAX = 32;
    private static final int UNFINISHED = -1;
    private static final int POSITION = -2;
    private static final int NO_MATCH = -1;

    private final LuaState state;
    private final LuaString text;
    private final byte[] source;
    private final LuaString pattern;
    private final int patternEnd;
    private final int[] starts = new int[CAPTURES_MAX];
    private final int[] lengths = new int[CAPTURES_MAX];
    private int level;

    PatternMatcher(final LuaState state, final LuaString text, final LuaString pattern)
    {
        this.state = state;
        this.text = text;
        this.pattern = pattern;
        source = text.bytes();
        patternEnd = pattern.length();
    }

    /** @return the end of the match that begins at {@code from}, or -1. */
    int match(final int from, final int patternFrom)
    {
        level = 0;
        return doMatch(from, patternFrom);
    }

    private int at(final int p)
    {
        return p < patternEnd ? pattern.at(p) : 0;
    }

    private int doMatch(final int from, final int patternFrom)
    {
        int s = from;
        int p = patternFrom;
        while (p < patternEnd)
        {
            state.step();
            final int c = at(p);
            if ('(' == c || ')' == c)
            {
                return matchCapture(s, p);
            }

            if ('$' == c && p + 1 == patternEnd)
            {
                return s == source.length ? s : NO_MATCH;
            }

            final int classEnd;
            if ('%' == c && isSpecialEscape(p))
            {
                s = matchEscape(s, p);
                classEnd = NO_MATCH == s ? p : escapeEnd(p);
            }
            else
            {
                classEnd = classEnd(p);
                if (isRepetition(at(classEnd)))
                {
                    return matchRepeated(s, p, classEnd);
                }

                s = isSingle(s, p, classEnd) ? s + 1 : NO_MATCH;
            }

            if (NO_MATCH == s)
            {
                return NO_MATCH;
            }

            p = classEnd;
        }

        return s;
    }

    private int matchCapture(final int s, final int p)
    {
        if (')' == at(p))
        {
            return endCapture(s, p + 1);
        }

        return ')' == at(p + 1) ? startCapture(s, p + 2, POSITION) : startCapture(s, p + 1, UNFINISHED);
    }

    private static boolean isRepetition(final int c)
    {
        return '?' == c || '*' == c || '+' == c || '-' == c;
    }

    private int matchRepeated(final int s, final int p, final int classEnd)
    {
        switch (at(classEnd))
        {
            case '?' :
            {
                final int end = isSingle(s, p, classEnd) ? doMatch(s + 1, classEnd + 1) : NO_MATCH;
                return NO_MATCH == end ? doMatch(s, classEnd + 1) : end;
            }

            case '*' :
                return maxExpand(s, p, classEnd);

            case '+' :
                return isSingle(s, p, classEnd) ? maxExpand(s + 1, p, classEnd) : NO_MATCH;

            default :
                return minExpand(s, p, classEnd);
        }
    }

    // Escapes with a meaning of their own: %b, %f, %1

    private boolean isSpecialEscape(final int p)
    {
        final int c = at(p + 1);
        return 'b' == c || 'f' == c || c >= '0' && c <= '9';
    }

    private int matchEscape(final int s, final int p)
    {
        final int c = at(p + 1);
        if ('b' == c)
        {
            return matchBalance(s, p + 2);
        }

        return 'f' == c ? matchFrontier(s, p + 2) : matchBack(s, c);
    }

    private int escapeEnd(final int p)
    {
        final int c = at(p + 1);
        if ('b' == c)
        {
            return p + 4;
        }

        return 'f' == c ? classEnd(p + 2) : p + 2;
    }

    private int matchBalance(final int s, final int p)
    {
        if (p + 1 >= patternEnd)
        {
            throw LuaError.at("unbalanced pattern");
        }

        final int open = at(p);
        final int close = at(p + 1);
        if (s >= source.length || text.at(s) != open)
        {
            return NO_MATCH;
        }

        int depth = 1;
        for (int i = s + 1; i < source.length; i++)
        {
            final int c = text.at(i);
            if (c == close)
            {
                if (0 == --depth)
                {
                    return i + 1;
                }
            }
            else if (c == open)
            {
                depth++;
            }

            state.step();
        }

        return NO_MATCH;
    }

    private int matchFrontier(final int s, final int p)
    {
        if ('[' != at(p))
        {
            throw LuaError.at("missing '[' after '%f' in pattern");
        }

        final int end = classEnd(p);
        final int before = 0 == s ? 0 : text.at(s - 1);
        final int here = s < source.length ? text.at(s) : 0;
        return !isInSet(before, p, end - 1) && isInSet(here, p, end - 1) ? s : NO_MATCH;
    }

    private int matchBack(final int s, final int digit)
    {
        final int index = digit - '1';
        if (index < 0 || index >= level || UNFINISHED == lengths[index])
        {
            throw LuaError.at("invalid capture index");
        }

        final int length = Math.max(0, lengths[index]);
        if (source.length - s < length)
        {
            return NO_MATCH;
        }

        for (int i = 0; i < length; i++)
        {
            if (source[starts[index] + i] != source[s + i])
            {
                return NO_MATCH;
            }
        }

        return s + length;
    }

    // Single characters and their repetition

    private int classEnd(final int from)
    {
        int p = from;
        final int c = at(p++);
        if ('%' == c)
        {
            if (p >= patternEnd)
            {
                throw LuaError.at("malformed pattern (ends with '%')");
            }

            return p + 1;
        }

        if ('[' == c)
        {
            if ('^' == at(p))
            {
                p++;
            }

            do
            {
                if (p >= patternEnd)
                {
                    throw LuaError.at("malformed pattern (missing ']')");
                }

                if ('%' == at(p++) && p < patternEnd)
                {
                    p++;
                }
            }
            while (p >= patternEnd || ']' != at(p));

            return p + 1;
        }

        return p;
    }

    private boolean isSingle(final int s, final int p, final int classEnd)
    {
        if (s >= source.length)
        {
            return false;
        }

        final int c = text.at(s);
        return switch (at(p))
        {
            case '.' -> true;
            case '%' -> isOfClass(c, at(p + 1));
            case '[' -> isInSet(c, p, classEnd - 1);
            default -> at(p) == c;
        };
    }

    private boolean isInSet(final int c, final int from, final int end)
    {
        int p = from;
        boolean isWanted = true;
        if ('^' == at(p + 1))
        {
            isWanted = false;
            p++;
        }

        while (++p < end)
        {
            if ('%' == at(p))
            {
                p++;
                if (isOfClass(c, at(p)))
                {
                    return isWanted;
                }
            }
            else if ('-' == at(p + 1) && p + 2 < end)
            {
                p += 2;
                if (at(p - 2) <= c && c <= at(p))
                {
                    return isWanted;
                }
            }
            else if (at(p) == c)
            {
                return isWanted;
            }
        }

        return !isWanted;
    }

    private static boolean isOfClass(final int c, final int letter)
    {
        if (!isLetter(letter) || !isClass(letter | 0x20))
        {
            return letter == c;
        }

        final boolean is = switch (letter | 0x20)
        {
            case 'a' -> isLetter(c);
            case 'c' -> c < ' ' || 127 == c;
            case 'd' -> isDigit(c);
            case 'l' -> c >= 'a' && c <= 'z';
            case 'p' -> c > ' ' && c < 127 && !isLetter(c) && !isDigit(c);
            case 's' -> ' ' == c || c >= '\t' && c <= '\r';
            case 'u' -> c >= 'A' && c <= 'Z';
            case 'w' -> isLetter(c) || isDigit(c);
            case 'x' -> isDigit(c) || (c | 0x20) >= 'a' && (c | 0x20) <= 'f';
            default -> 0 == c;
        };
        return letter <= 'Z' ? !is : is;
    }

    private static boolean isClass(final int lower)
    {
        return "acdlpsuwxz".indexOf(lower) >= 0;
    }

    private static boolean isLetter(final int c)
    {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private static boolean isDigit(final int c)
    {
        return c >= '0' && c <= '9';
    }

    private int maxExpand(final int s, final int p, final int classEnd)
    {
        int count = 0;
        while (isSingle(s + count, p, classEnd))
        {
            count++;
            state.step();
        }

        for (; count >= 0; count--)
        {
            final int end = doMatch(s + count, classEnd + 1);
            if (NO_MATCH != end)
            {
                return end;
            }
        }

        return NO_MATCH;
    }

    private int minExpand(final int from, final int p, final int classEnd)
    {
        int s = from;
        while (true)
        {
            final int end = doMatch(s, classEnd + 1);
            if (NO_MATCH != end)
            {
                return end;
            }

            if (!isSingle(s, p, classEnd))
            {
                return NO_MATCH;
            }

            s++;
        }
    }

    // Captures

    private int startCapture(final int s, final int p, final int kind)
    {
        if (level >= CAPTURES_MAX)
        {
            throw LuaError.at("too many captures");
        }

        starts[level] = s;
        lengths[level] = kind;
        level++;
        final int end = doMatch(s, p);
        if (NO_MATCH == end)
        {
            level--;
        }

        return end;
    }

    private int endCapture(final int s, final int p)
    {
        int open = level - 1;
        while (open >= 0 && UNFINISHED != lengths[open])
        {
            open--;
        }

        if (open < 0)
        {
            throw LuaError.at("invalid pattern capture");
        }

        lengths[open] = s - starts[open];
        final int end = doMatch(s, p);
        if (NO_MATCH == end)
        {
            lengths[open] = UNFINISHED;
        }

        return end;
    }

    /** A capture of the last match; the whole of it, if it has none and the first is asked for. */
    Object capture(final int index, final int from, final int to)
    {
        if (index >= level)
        {
            if (0 != index)
            {
                throw LuaError.at("invalid capture index");
            }

            return LuaString.of(source, from, to);
        }

        if (UNFINISHED == lengths[index])
        {
            throw LuaError.at("unfinished capture");
        }

        return POSITION == lengths[index]
            ? (Object)(double)(starts[index] + 1)
            : LuaString.of(source, starts[index], starts[index] + lengths[index]);
    }

    /**
     * All captures of the last match.
     *
     * @param front how many places are for the positions of the match: 2 or 0.
     * @param isWhole true if the whole match is given where there are no captures.
     */
    Object captures(final int front, final int from, final int to, final boolean isWhole)
    {
        final int count = 0 == level && isWhole ? 1 : level;
        if (0 == front && 1 == count)
        {
            return capture(0, from, to);
        }

        final Object[] all = 0 == front + count ? LuaFunction.NONE : new Object[front + count];
        if (front > 0)
        {
            all[0] = (double)(from + 1);
            all[1] = (double)to;
        }

        for (int i = 0; i < count; i++)
        {
            all[front + i] = capture(i, from, to);
        }

        return all;
    }

    /** The text from one place to another. */
    void put(final Bytes out, final int from, final int to)
    {
        out.put(source, from, to);
    }
}
