package org.millrace.io.lua.value;

import java.nio.charset.StandardCharsets;

/**
 * Reads numbers as Lua 5.1 does with the C library: {@code strtod}, which also takes hexadecimal numbers, {@code inf} and
 * {@code nan}, with spaces around; up to the first zero byte.
 */
public final class NumberParser
{
    private static final int EXPONENT_MAX = 100_000;
    private static final int SHORT = 15;

    private final byte[] text;
    private final int end;
    private int at;

    private NumberParser(final byte[] text, final int from, final int to)
    {
        this.text = text;
        int zero = from;
        while (zero < to && 0 != text[zero])
        {
            zero++;
        }

        end = zero;
        at = from;
    }

    /** @return null if the whole string is no number. */
    public static Double parse(final LuaString text)
    {
        return parse(text.bytes(), 0, text.length());
    }

    /** @return null if the part is no number. */
    public static Double parse(final byte[] text, final int from, final int to)
    {
        final double plain = plain(text, from, to);
        return plain >= 0 ? (Double)plain : new NumberParser(text, from, to).parse();
    }

    /** Few digits and nothing else; -1 if it is not that. */
    private static double plain(final byte[] text, final int from, final int to)
    {
        if (from >= to || to - from > SHORT)
        {
            return -1;
        }

        long value = 0;
        for (int i = from; i < to; i++)
        {
            final int digit = text[i] - '0';
            if (digit < 0 || digit > 9)
            {
                return -1;
            }

            value = value * 10 + digit;
        }

        return value;
    }

    /** How many bytes from {@code from} on are a number as {@code strtod} sees it, spaces before it included; 0: none. */
    public static int length(final byte[] text, final int from, final int to)
    {
        final NumberParser parser = new NumberParser(text, from, to);
        parser.skipSpaces();
        return null == parser.number() ? 0 : parser.at - from;
    }

    private Double parse()
    {
        skipSpaces();
        final Double value = number();
        if (null == value)
        {
            return null;
        }

        skipSpaces();
        return at == end ? value : null;
    }

    private void skipSpaces()
    {
        while (at < end && isSpace(text[at]))
        {
            at++;
        }
    }

    /** As C's {@code isspace}. */
    public static boolean isSpace(final int c)
    {
        return ' ' == c || c >= '\t' && c <= '\r';
    }

    private Double number()
    {
        boolean isNegative = false;
        if (at < end && ('-' == text[at] || '+' == text[at]))
        {
            isNegative = '-' == text[at++];
        }

        final Double value = magnitude();
        return null == value ? null : (Double)(isNegative ? negate(value) : (double)value);
    }

    private static double negate(final double value)
    {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(value) ^ Long.MIN_VALUE);
    }

    private Double magnitude()
    {
        if (isWord("infinity") || isWord("inf"))
        {
            return Double.POSITIVE_INFINITY;
        }

        if (isWord("nan"))
        {
            skipNanText();
            return Double.longBitsToDouble(0x7FF8000000000000L);
        }

        final boolean isHex = at + 1 < end && '0' == text[at] && 'x' == (text[at + 1] | 0x20);
        return isHex ? hexadecimal() : decimal();
    }

    private void skipNanText()
    {
        if (at < end && '(' == text[at])
        {
            int i = at + 1;
            while (i < end && (Character.isLetterOrDigit(text[i]) || '_' == text[i]))
            {
                i++;
            }

            at = i < end && ')' == text[i] ? i + 1 : at;
        }
    }

    private boolean isWord(final String word)
    {
        if (end - at < word.length())
        {
            return false;
        }

        for (int i = 0; i < word.length(); i++)
        {
            if ((text[at + i] | 0x20) != word.charAt(i))
            {
                return false;
            }
        }

        at += word.length();
        return true;
    }

    private Double decimal()
    {
        final int from = at;
        int digits = digits();
        if (at < end && '.' == text[at])
        {
            at++;
            digits += digits();
        }

        if (0 == digits)
        {
            at = from;
            return null;
        }

        final int mantissaEnd = at;
        if (!skipExponent('e'))
        {
            at = mantissaEnd;
        }

        return Double.parseDouble(new String(text, from, at - from, StandardCharsets.ISO_8859_1));
    }

    private int digits()
    {
        final int from = at;
        while (at < end && text[at] >= '0' && text[at] <= '9')
        {
            at++;
        }

        return at - from;
    }

    private boolean skipExponent(final int letter)
    {
        if (at >= end || letter != (text[at] | 0x20))
        {
            return false;
        }

        at++;
        if (at < end && ('-' == text[at] || '+' == text[at]))
        {
            at++;
        }

        return digits() > 0;
    }

    private Double hexadecimal()
    {
        final int zero = at;
        at += 2;
        final int from = at;
        final StringBuilder java = new StringBuilder("0x");
        int digits = hexDigits(java);
        if (at < end && '.' == text[at])
        {
            at++;
            java.append('.');
            digits += hexDigits(java);
        }

        if (0 == digits)
        {
            // The zero alone is a number, and the x ends it.
            at = zero + 1;
            return 0.0;
        }

        final int mantissaEnd = at;
        if (skipExponent('p'))
        {
            java.append('p').append(exponent(mantissaEnd + 1, at));
        }
        else
        {
            at = mantissaEnd;
            java.append("p0");
        }

        return from > end ? null : (Double)Double.parseDouble(java.toString());
    }

    private int exponent(final int from, final int to)
    {
        int value = 0;
        for (int i = from; i < to; i++)
        {
            if (text[i] >= '0' && text[i] <= '9')
            {
                value = Math.min(EXPONENT_MAX, value * 10 + text[i] - '0');
            }
        }

        return '-' == text[from] ? -value : value;
    }

    private int hexDigits(final StringBuilder java)
    {
        int count = 0;
        while (at < end && Character.digit(text[at], 16) >= 0)
        {
            java.append((char)text[at++]);
            count++;
        }

        return count;
    }

    /** {@code strtoul} of the whole text in a base, or null if it is no number; what is too large is the largest. */
    public static Double parse(final LuaString text, final int base)
    {
        final NumberParser parser = new NumberParser(text.bytes(), 0, text.length());
        parser.skipSpaces();
        final Double value = parser.unsigned(base);
        if (null == value)
        {
            return null;
        }

        parser.skipSpaces();
        return parser.at == parser.end ? value : null;
    }

    private Double unsigned(final int base)
    {
        boolean isNegative = false;
        if (at < end && ('-' == text[at] || '+' == text[at]))
        {
            isNegative = '-' == text[at++];
        }

        if (16 == base && at + 2 < end && '0' == text[at] && 'x' == (text[at + 1] | 0x20) &&
            Character.digit(text[at + 2], 16) >= 0)
        {
            at += 2;
        }

        final int from = at;
        long value = 0;
        boolean isTooLarge = false;
        while (at < end && text[at] > 0 && Character.digit(text[at], base) >= 0)
        {
            final long next = value * base + Character.digit(text[at], base);
            isTooLarge |= Long.compareUnsigned(value, Long.divideUnsigned(-1L, base)) > 0 ||
                Long.compareUnsigned(next, value * base) < 0;
            value = next;
            at++;
        }

        if (at == from)
        {
            return null;
        }

        if (isTooLarge)
        {
            return toDouble(-1L);
        }

        return toDouble(isNegative ? -value : value);
    }

    /** An unsigned number as the nearest double. */
    public static double toDouble(final long unsigned)
    {
        if (unsigned >= 0)
        {
            return unsigned;
        }

        return (double)(unsigned >>> 1 | unsigned & 1) * 2.0;
    }
}
