package org.millrace.engine.memory;

/**
 * Reads doubles as Redis does, which asks C's {@code strtod}: decimal and hexadecimal, with a point and an exponent, and
 * the words {@code inf} and {@code infinity} in either case. What is no number is NaN, and so is the word for that. One
 * for a thread; only numbers with more digits than a double needs make garbage.
 */
public final class DoubleParser
{
    /** Digits that decide which double is nearest: the middle of two doubles has no more. */
    private static final int DIGITS_MAX = 800;

    /** Digits that a long takes. */
    private static final int LONG_DIGITS = 18;

    /** Doubles hold these without rounding: numbers, and powers of ten. */
    private static final long EXACT_MAX = 1L << 53;
    private static final double[] EXACT_POWERS = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
        1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

    /** An exponent beyond this is as good as any other beyond it. */
    private static final long EXPONENT_MAX = 1L << 40;

    private long at;
    private long end;
    private boolean isHexadecimal;

    // The digits that have been read.
    private long digits;
    private long significantFrom;
    private long significant;
    private long power;
    private boolean hasDigits;

    /** A score, weight or increment: all of the text, no space before it, neither too large nor too small for a double. */
    public double parse(final long address, final long length)
    {
        if (0 == length || isSpace(Memory.getByte(address)))
        {
            return Double.NaN;
        }

        final double value = parseAll(address, address + length);
        final boolean isOutOfRange = 0 != significant && (0 == value || Double.isInfinite(value));
        return isOutOfRange ? Double.NaN : value;
    }

    /** An end of a range: up to the first zero byte, spaces before it, 0 if there is nothing; the nearest double. */
    public double parseBound(final long address, final long length)
    {
        long from = address;
        long to = address;
        while (to < address + length && 0 != Memory.getByte(to))
        {
            to++;
        }

        if (from == to)
        {
            return 0;
        }

        while (from < to && isSpace(Memory.getByte(from)))
        {
            from++;
        }

        return parseAll(from, to);
    }

    private static boolean isSpace(final int c)
    {
        return ' ' == c || c >= '\t' && c <= '\r';
    }

    private double parseAll(final long from, final long to)
    {
        at = from;
        end = to;
        significant = 0;
        final boolean isNegative = at < end && '-' == Memory.getByte(at);
        if (isNegative || at < end && '+' == Memory.getByte(at))
        {
            at++;
        }

        final double magnitude = magnitude();
        return isNegative ? -magnitude : magnitude;
    }

    private double magnitude()
    {
        if (isWord("INF") || isWord("INFINITY"))
        {
            return Double.POSITIVE_INFINITY;
        }

        isHexadecimal = end - at > 2 && '0' == Memory.getByte(at) && 'x' == (Memory.getByte(at + 1) | 0x20);
        at += isHexadecimal ? 2 : 0;
        if (!readDigits() || !readExponent())
        {
            return Double.NaN;
        }

        return value();
    }

    private boolean isWord(final String upperCase)
    {
        if (end - at != upperCase.length())
        {
            return false;
        }

        for (int i = 0; i < upperCase.length(); i++)
        {
            if ((Memory.getByte(at + i) & ~0x20) != upperCase.charAt(i))
            {
                return false;
            }
        }

        return true;
    }

    /** Digits and perhaps a point among them. @return false if there is no digit. */
    private boolean readDigits()
    {
        digits = 0;
        power = 0;
        hasDigits = false;
        boolean isBehindPoint = false;
        while (at < end)
        {
            final int c = Memory.getByte(at);
            final int digit = isHexadecimal ? hexadecimal(c) : decimal(c);
            if (digit >= 0)
            {
                add(digit, isBehindPoint);
            }
            else if ('.' == c && !isBehindPoint)
            {
                isBehindPoint = true;
            }
            else
            {
                break;
            }

            at++;
        }

        return hasDigits;
    }

    private void add(final int digit, final boolean isBehindPoint)
    {
        hasDigits = true;
        if (0 == significant && 0 == digit)
        {
            power -= isBehindPoint ? 1 : 0;
            return;
        }

        if (0 == significant)
        {
            significantFrom = at;
        }

        significant++;
        if (significant <= (isHexadecimal ? LONG_DIGITS - 4 : LONG_DIGITS))
        {
            digits = digits * (isHexadecimal ? 16 : 10) + digit;
            power -= isBehindPoint ? 1 : 0;
        }
        else
        {
            power += isBehindPoint ? 0 : 1;
        }
    }

    private static int decimal(final int c)
    {
        return c >= '0' && c <= '9' ? c - '0' : -1;
    }

    private static int hexadecimal(final int c)
    {
        final int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : decimal(c);
    }

    /** What is behind the digits, to the end of the text. @return false if it is no exponent. */
    private boolean readExponent()
    {
        power *= isHexadecimal ? 4 : 1;
        if (at == end)
        {
            return true;
        }

        if ((isHexadecimal ? 'p' : 'e') != (Memory.getByte(at) | 0x20))
        {
            return false;
        }

        at++;
        final boolean isNegative = at < end && '-' == Memory.getByte(at);
        if (isNegative || at < end && '+' == Memory.getByte(at))
        {
            at++;
        }

        if (at == end)
        {
            return false;
        }

        long exponent = 0;
        for (; at < end; at++)
        {
            final int digit = decimal(Memory.getByte(at));
            if (digit < 0)
            {
                return false;
            }

            exponent = Math.min(EXPONENT_MAX, exponent * 10 + digit);
        }

        power += isNegative ? -exponent : exponent;
        return true;
    }

    private double value()
    {
        if (0 == significant)
        {
            return 0;
        }

        if (!isHexadecimal && significant <= LONG_DIGITS && digits <= EXACT_MAX &&
            Math.abs(power) < EXACT_POWERS.length)
        {
            // Both are exact, so that the one rounding is the right one.
            return power < 0 ? digits / EXACT_POWERS[(int)-power] : digits * EXACT_POWERS[(int)power];
        }

        return Double.parseDouble(shortened());
    }

    /** The number as text of bounded length: digits that no double needs become one that says that there were some. */
    private String shortened()
    {
        final StringBuilder text = new StringBuilder(isHexadecimal ? "0x" : "");
        final int kept = isHexadecimal ? LONG_DIGITS - 4 : LONG_DIGITS;
        long shift = power;
        long taken = 0;
        boolean isMore = false;
        for (long from = significantFrom; taken < significant; from++)
        {
            final char c = (char)Memory.getByte(from);
            if ('.' != c)
            {
                taken++;
                if (taken <= DIGITS_MAX)
                {
                    text.append(c);
                }
                else
                {
                    isMore |= '0' != c;
                }
            }
        }

        final long written = Math.min(significant, DIGITS_MAX) + 1;
        text.append(isMore ? '1' : '0');
        shift -= (written - Math.min(significant, kept)) * (isHexadecimal ? 4 : 1);
        return text.append(isHexadecimal ? 'p' : 'e').append(shift).toString();
    }
}
