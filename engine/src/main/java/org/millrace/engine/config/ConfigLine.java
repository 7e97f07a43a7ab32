package org.millrace.engine.config;

import java.util.ArrayList;
import java.util.List;

/** The syntax of one line: blanks between words, double quotes with escapes, single quotes. Pure functions. */
public final class ConfigLine
{
    private static final String ESCAPED = "nrtba";
    private static final String ESCAPES = "\n\r\t\b\007";

    private ConfigLine()
    {
    }

    /** The words of {@code line}, or null if its quotes do not fit. */
    public static List<String> split(final String line)
    {
        final List<String> words = new ArrayList<>();
        final StringBuilder word = new StringBuilder();
        int i = 0;
        while (true)
        {
            while (i < line.length() && isBlank(line.charAt(i)))
            {
                i++;
            }

            if (i == line.length())
            {
                return words;
            }

            word.setLength(0);
            i = word(line, i, word);
            if (i < 0)
            {
                return null;
            }

            words.add(word.toString());
        }
    }

    /** Reads one word from {@code start}; answers the index behind it, or -1. A quote may open inside a word. */
    private static int word(final String line, final int start, final StringBuilder word)
    {
        int i = start;
        while (i < line.length() && !isBlank(line.charAt(i)))
        {
            final char c = line.charAt(i);
            if ('"' == c || '\'' == c)
            {
                final int end = '"' == c ? doubleQuoted(line, i + 1, word) : singleQuoted(line, i + 1, word);
                // What follows a closing quote must be a blank.
                return end < 0 || end < line.length() && !isBlank(line.charAt(end)) ? -1 : end;
            }

            word.append(c);
            i++;
        }

        return i;
    }

    private static int doubleQuoted(final String line, final int start, final StringBuilder word)
    {
        int i = start;
        while (i < line.length())
        {
            final char c = line.charAt(i);
            if ('"' == c)
            {
                return i + 1;
            }

            if ('\\' != c || i + 1 == line.length())
            {
                word.append(c);
                i++;
            }
            else if (isHexEscape(line, i))
            {
                word.append((char)Integer.parseInt(line, i + 2, i + 4, 16));
                i += 4;
            }
            else
            {
                final char escaped = line.charAt(i + 1);
                final int index = ESCAPED.indexOf(escaped);
                word.append(index < 0 ? escaped : ESCAPES.charAt(index));
                i += 2;
            }
        }

        return -1;
    }

    private static int singleQuoted(final String line, final int start, final StringBuilder word)
    {
        int i = start;
        while (i < line.length())
        {
            final char c = line.charAt(i);
            if ('\'' == c)
            {
                return i + 1;
            }

            final boolean isEscapedQuote = '\\' == c && i + 1 < line.length() && '\'' == line.charAt(i + 1);
            word.append(isEscapedQuote ? '\'' : c);
            i += isEscapedQuote ? 2 : 1;
        }

        return -1;
    }

    private static boolean isHexEscape(final String line, final int index)
    {
        return index + 3 < line.length() && 'x' == line.charAt(index + 1) &&
            Character.digit(line.charAt(index + 2), 16) >= 0 && Character.digit(line.charAt(index + 3), 16) >= 0;
    }

    private static boolean isBlank(final char c)
    {
        return ' ' == c || c >= '\t' && c <= '\r';
    }

    /** {@code text} in double quotes, with escapes for what a line cannot hold. */
    public static String quote(final String text)
    {
        final StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            final int escape = ESCAPES.indexOf(c);
            if (escape >= 0)
            {
                quoted.append('\\').append(ESCAPED.charAt(escape));
            }
            else if ('"' == c || '\\' == c)
            {
                quoted.append('\\').append(c);
            }
            else if (c >= ' ' && c <= '~')
            {
                quoted.append(c);
            }
            else
            {
                quoted.append("\\x").append(Character.forDigit(c >> 4 & 15, 16))
                    .append(Character.forDigit(c & 15, 16));
            }
        }

        return quoted.append('"').toString();
    }
}
