package org.millrace.io.config;

import java.util.regex.Pattern;

/** A file name pattern of the shell: {@code *}, {@code ?} and sets, over names whose characters are bytes. */
final class ShellPattern
{
    private final Pattern pattern;
    private final boolean isHiddenMatched;

    ShellPattern(final String text)
    {
        isHiddenMatched = text.startsWith(".");
        final StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < text.length())
        {
            final char c = text.charAt(i++);
            final int end = '[' == c ? setEnd(text, i) : -1;
            if (end > 0)
            {
                regex.append(set(text.substring(i, end)));
                i = end + 1;
            }
            else if ('\\' == c && i < text.length())
            {
                regex.append(Pattern.quote(text.substring(i, ++i)));
            }
            else
            {
                regex.append('*' == c ? ".*" : '?' == c ? "." : Pattern.quote(String.valueOf(c)));
            }
        }

        pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** Whether {@code text} has signs of a pattern in it. */
    static boolean isPattern(final String text)
    {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
    }

    /** Names that begin with a dot match only patterns that do. */
    boolean matches(final String name)
    {
        return (isHiddenMatched || !name.startsWith(".")) && pattern.matcher(name).matches();
    }

    /** Index of the bracket that closes a set; the first character in it may be a bracket. -1 if there is none. */
    private static int setEnd(final String text, final int start)
    {
        final boolean isNegated = start < text.length() && isNegation(text.charAt(start));
        return text.indexOf(']', start + (isNegated ? 2 : 1));
    }

    private static boolean isNegation(final char c)
    {
        return '!' == c || '^' == c;
    }

    private static String set(final String content)
    {
        final boolean isNegated = isNegation(content.charAt(0));
        // Of what means something in a set of a regular expression, ranges alone mean the same here.
        return (isNegated ? "[^" : "[") +
            content.substring(isNegated ? 1 : 0).replaceAll("([\\\\\\[\\]&^])", "\\\\$1") + "]";
    }
}
