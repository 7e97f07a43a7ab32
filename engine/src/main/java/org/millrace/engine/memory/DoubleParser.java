package org.millrace.engine.memory;

/**
 * Reads doubles by the rules of C's {@code strtod}, as Redis has it read scores: decimal and hexadecimal, with a point and
 * an exponent, and the words {@code inf} and {@code infinity} in either case. What is no number is NaN, and so is the word
 * for that. Decimal numbers make no garbage. Stateless; any thread.
 */
public final class DoubleParser
{
    /** Hexadecimal digits that are kept; of the others it only counts whether they are all 0. */
    private static final int DIGITS_MAX = 15;

    /** An exponent beyond this is as good as any other beyond it. */
    private static final long EXPONENT_MAX = 1L << 40;

    private DoubleParser()
    {
    }

    /** A score, weight or increment: all of the text, no space before it, neither too large nor too small for a double. */
    public static double parse(final long address, final long length)
    {
        if (0 == length || isSpace(Memory.getByte(address)))
        {
            return Double.NaN;
        }

        final long end = address + length;
        final double value = parseAll(address, end);
        final boolean isInRange = 0 == value ? isZero(address, end) : !Double.isInfinite(value) || isWord(address);
        return isInRange ? value : Double.NaN;
    }

    /** An end of a range: up to the first zero byte, spaces before it, 0 if there is nothing; the nearest double. */
    public static double parseBound(final long address, final long length)
    {
        final long to = textEnd(address, length);
        return address == to ? 0 : parseAll(skipSpaces(address, to), to);
    }

    /** What SORT orders by: as an end of a range, but neither too large nor too small for a double. */
    public static double parseWeight(final long address, final long length)
    {
        final long to = textEnd(address, length);
        final long from = skipSpaces(address, to);
        return address == to ? 0 : parse(from, to - from);
    }

    private static long textEnd(final long address, final long length)
    {
        long to = address;
        while (to < address + length && 0 != Memory.getByte(to))
        {
            to++;
        }

        return to;
    }

    private static long skipSpaces(final long address, final long to)
    {
        long from = address;
        while (from < to && isSpace(Memory.getByte(from)))
        {
            from++;
        }

        return from;
    }

    private static boolean isSpace(final int c)
    {
        return ' ' == c || c >= '\t' && c <= '\r';
    }

    private static double parseAll(final long from, final long end)
    {
        final long at = from + signLength(from, end);
        if (!isHexadecimal(at, end))
        {
            return NearestDouble.parse(from, end - from);
        }

        final double magnitude = hexadecimal(at + 2, end);
        return '-' == Memory.getByte(from) ? -magnitude : magnitude;
    }

    private static int signLength(final long at, final long end)
    {
        return at < end && ('-' == Memory.getByte(at) || '+' == Memory.getByte(at)) ? 1 : 0;
    }

    private static boolean isHexadecimal(final long at, final long end)
    {
        return end - at > 2 && '0' == Memory.getByte(at) && 'x' == (Memory.getByte(at + 1) | 0x20);
    }

    /** True if a number is none of digits. */
    private static boolean isWord(final long address)
    {
        final int first = Memory.getByte(address);
        return 'i' == ('-' == first || '+' == first ? Memory.getByte(address + 1) | 0x20 : first | 0x20);
    }

    /** True if a number is zero itself, and not only the nearest double to it. */
    private static boolean isZero(final long address, final long end)
    {
        long at = address + signLength(address, end);
        final boolean isHexadecimal = isHexadecimal(at, end);
        at += isHexadecimal ? 2 : 0;
        while (at < end && ('.' == Memory.getByte(at) || '0' == Memory.getByte(at)))
        {
            at++;
        }

        return at == end || (isHexadecimal ? 'p' : 'e') == (Memory.getByte(at) | 0x20);
    }

    private static double hexadecimal(final long from, final long end)
    {
        long at = from;
        long digits = 0;
        long power = 0;
        boolean isAny = false;
        boolean isMore = false;
        boolean isPast = false;
        for (; at < end; at++)
        {
            final int c = Memory.getByte(at);
            final int digit = digit(c);
            if ('.' == c && !isPast)
            {
                isPast = true;
                continue;
            }

            if (digit < 0)
            {
                break;
            }

            isAny = true;
            final boolean isKept = digits >>> 4 * (DIGITS_MAX - 1) == 0;
            digits = isKept ? digits << 4 | digit : digits;
            isMore |= !isKept && digit > 0;
            power += (isKept ? 0 : 4) - (isPast ? 4 : 0);
        }

        final long exponent = exponent(at, end);
        if (!isAny || Long.MIN_VALUE == exponent)
        {
            return Double.NaN;
        }

        // A bit of their own says whether there were more digits: that is enough to round.
        return Double.parseDouble(
            "0x" + Long.toHexString(digits << 1 | (isMore ? 1 : 0)) + "p" + (power - 1 + exponent));
    }

    private static int digit(final int c)
    {
        final int lower = c | 0x20;
        if (lower >= 'a' && lower <= 'f')
        {
            return lower - 'a' + 10;
        }

        return c >= '0' && c <= '9' ? c - '0' : -1;
    }

    /** What is behind the digits, 0 if that is nothing, Long.MIN_VALUE if it is no exponent. */
    private static long exponent(final long from, final long end)
    {
        if (from == end)
        {
            return 0;
        }

        long at = from + 1 + signLength(from + 1, end);
        if ('p' != (Memory.getByte(from) | 0x20) || at == end)
        {
            return Long.MIN_VALUE;
        }

        final boolean isNegative = '-' == Memory.getByte(from + 1);
        long exponent = 0;
        for (; at < end; at++)
        {
            final int digit = Memory.getByte(at) - '0';
            if (digit < 0 || digit > 9)
            {
                return Long.MIN_VALUE;
            }

            exponent = Math.min(EXPONENT_MAX, exponent * 10 + digit);
        }

        return isNegative ? -exponent : exponent;
    }
}
