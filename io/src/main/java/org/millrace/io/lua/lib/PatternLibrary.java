package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code find}, {@code match}, {@code gmatch} and {@code gsub}. */
final class PatternLibrary extends Library
{
    private static final String SPECIALS = "^$*+?.([%-";

    PatternLibrary(final LuaState state)
    {
        super(state);
    }

    void addTo(final LuaTable string)
    {
        add(string, "find", (a) -> find(a, true));
        add(string, "match", (a) -> find(a, false));
        add(string, "gmatch", this::gmatch);
        string.set("gfind", string.get("gmatch"));
        add(string, "gsub", this::gsub);
    }

    private Object find(final Object[] a, final boolean isFind)
    {
        final LuaString text = string(a, 0);
        final LuaString pattern = string(a, 1);
        final long start = Math.max(0, StringLibrary.position(integer(a, 2, 1), text.length()) - 1);
        final int from = (int)Math.min(start, text.length());
        if (isFind && (Meta.isTrue(at(a, 3)) || !hasSpecials(pattern)))
        {
            final int found = indexOf(text.bytes(), pattern.bytes(), from);
            return found < 0 ? null : results((double)(found + 1), (double)(found + pattern.length()));
        }

        final boolean isAnchored = pattern.length() > 0 && '^' == pattern.at(0);
        final PatternMatcher matcher = new PatternMatcher(state, text, pattern);
        int at = from;
        do
        {
            final int end = matcher.match(at, isAnchored ? 1 : 0);
            if (end >= 0)
            {
                return isFind
                    ? matcher.captures(2, at, end, false)
                    : matcher.captures(0, at, end, true);
            }

            at++;
        }
        while (at <= text.length() && !isAnchored);

        return null;
    }

    private static boolean hasSpecials(final LuaString pattern)
    {
        for (int i = 0; i < pattern.length(); i++)
        {
            if (SPECIALS.indexOf(pattern.at(i)) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private int indexOf(final byte[] text, final byte[] part, final int from)
    {
        for (int i = from; i <= text.length - part.length; i++)
        {
            int k = 0;
            while (k < part.length && text[i + k] == part[k])
            {
                k++;
            }

            if (k == part.length)
            {
                return i;
            }

            if (k > 0 || 0 == (i & 0xFF))
            {
                state.step();
            }
        }

        return -1;
    }

    private Object gmatch(final Object[] a)
    {
        final LuaString text = string(a, 0);
        final PatternMatcher matcher = new PatternMatcher(state, text, string(a, 1));
        final int[] position = {0};
        return new Builtin(state, (unused) ->
        {
            for (int at = position[0]; at <= text.length(); at++)
            {
                final int end = matcher.match(at, 0);
                if (end >= 0)
                {
                    position[0] = end == at ? end + 1 : end;
                    return matcher.captures(0, at, end, true);
                }
            }

            position[0] = text.length() + 1;
            return null;
        });
    }

    private Object gsub(final Object[] a)
    {
        final LuaString text = string(a, 0);
        final LuaString pattern = string(a, 1);
        final Object replacement = at(a, 2);
        if (!(replacement instanceof LuaTable) && !(replacement instanceof LuaFunction) &&
            null == Meta.toLuaString(replacement))
        {
            throw badArgument(2, "string/function/table expected");
        }

        final long max = integer(a, 3, text.length() + 1);
        final boolean isAnchored = pattern.length() > 0 && '^' == pattern.at(0);
        final PatternMatcher matcher = new PatternMatcher(state, text, pattern);
        final Bytes out = new Bytes();
        int at = 0;
        int count = 0;
        while (count < (int)max)
        {
            final int end = matcher.match(at, isAnchored ? 1 : 0);
            if (end >= 0)
            {
                count++;
                replace(out, matcher, at, end, replacement);
            }

            if (end > at)
            {
                at = end;
            }
            else if (at < text.length())
            {
                out.put(text.at(at++));
            }
            else
            {
                break;
            }

            if (isAnchored)
            {
                break;
            }
        }

        out.put(text.bytes(), Math.min(at, text.length()), text.length());
        return results(out.toLuaString(), (double)count);
    }

    private void replace(final Bytes out, final PatternMatcher matcher, final int from, final int to,
        final Object replacement)
    {
        final Object value;
        if (replacement instanceof LuaFunction)
        {
            final Object[] captures = LuaFunction.all(matcher.captures(0, from, to, true));
            value = LuaFunction.first(state.call((LuaFunction)replacement, captures));
        }
        else if (replacement instanceof LuaTable)
        {
            value = Meta.index(state, replacement, matcher.capture(0, from, to), null);
        }
        else
        {
            expand(out, matcher, from, to, Meta.toLuaString(replacement));
            return;
        }

        if (!Meta.isTrue(value))
        {
            matcher.put(out, from, to);
            return;
        }

        final LuaString text = Meta.toLuaString(value);
        if (null == text)
        {
            throw LuaError.at("invalid replacement value (a " + Meta.typeName(value) + ")");
        }

        out.put(text);
    }

    private static void expand(final Bytes out, final PatternMatcher matcher, final int from, final int to,
        final LuaString replacement)
    {
        for (int i = 0; i < replacement.length(); i++)
        {
            final int c = replacement.at(i);
            if ('%' != c)
            {
                out.put(c);
                continue;
            }

            final int next = ++i < replacement.length() ? replacement.at(i) : 0;
            if (next < '0' || next > '9')
            {
                out.put(next);
            }
            else if ('0' == next)
            {
                matcher.put(out, from, to);
            }
            else
            {
                out.put(Meta.toLuaString(matcher.capture(next - '1', from, to)));
            }
        }
    }
}
