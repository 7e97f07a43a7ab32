package org.millrace.io.lua.lib;

import java.util.Locale;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.NumberText;

/** {@code string.format}: C's directives, with their flags, widths and precisions. */
final class StringFormat extends Library
{
    private static final String FLAGS = "-+ #0";

    /** Strings from this length on, without a precision, are put as they are, whatever the width. */
    private static final int LONG = 100;

    StringFormat(final LuaState state)
    {
        super(state);
    }

    Object format(final Object[] a)
    {
        final LuaString format = string(a, 0);
        final Bytes out = new Bytes();
        int argument = 0;
        int i = 0;
        while (i < format.length())
        {
            final int c = format.at(i++);
            if ('%' != c)
            {
                out.put(c);
            }
            else if (i < format.length() && '%' == format.at(i))
            {
                out.put(format.at(i++));
            }
            else
            {
                final Directive directive = new Directive(format, i);
                i = directive.end;
                put(out, directive, a, ++argument);
            }
        }

        return out.toLuaString();
    }

    /** What stands behind a percent sign. */
    private static final class Directive
    {
        private final LuaString format;
        private boolean isLeft;
        private boolean isSigned;
        private boolean isSpaced;
        private boolean isAlternate;
        private boolean isZeroed;
        private int width;
        private int precision = -1;
        private int letter;
        private int end;

        private Directive(final LuaString format, final int from)
        {
            this.format = format;
            end = from;
            while (end < format.length() && format.at(end) > 0 && FLAGS.indexOf(format.at(end)) >= 0)
            {
                flag(format.at(end++));
            }

            if (end - from > FLAGS.length())
            {
                throw LuaError.at("invalid format (repeated flags)");
            }

            width = Math.max(0, digits());
            if ('.' == current())
            {
                end++;
                precision = Math.max(0, digits());
            }

            if (isDigit(current()))
            {
                throw LuaError.at("invalid format (width or precision too long)");
            }

            letter = current();
            end++;
        }

        private void flag(final int c)
        {
            switch (c)
            {
                case '-' -> isLeft = true;
                case '+' -> isSigned = true;
                case ' ' -> isSpaced = true;
                case '#' -> isAlternate = true;
                default -> isZeroed = true;
            }
        }

        private int current()
        {
            return end < format.length() ? format.at(end) : 0;
        }

        private static boolean isDigit(final int c)
        {
            return c >= '0' && c <= '9';
        }

        /** Up to two digits; -1 if there is none. */
        private int digits()
        {
            int value = -1;
            for (int i = 0; i < 2 && isDigit(current()); i++)
            {
                value = Math.max(0, value) * 10 + current() - '0';
                end++;
            }

            return value;
        }
    }

    private void put(final Bytes out, final Directive d, final Object[] a, final int index)
    {
        if (index >= a.length)
        {
            throw badArgument(index, "no value");
        }

        switch (d.letter)
        {
            case 'c' -> putCharacter(out, d, (byte)small(a, index));
            case 'd', 'i' -> putInteger(out, d, toLong(number(a, index)));
            case 'o', 'u', 'x', 'X' -> putUnsigned(out, d, toUnsigned(number(a, index)));
            case 'e', 'E', 'f', 'g', 'G' -> putDouble(out, d, number(a, index));
            case 'q' -> quote(out, string(a, index));
            case 's' -> putString(out, d, string(a, index));
            default -> throw LuaError.at("invalid option '%" + (0 == d.letter ? "" : (char)d.letter) + "' to 'format'");
        }
    }

    /** A zero byte ends what C has written: it is not put, and nothing behind it. */
    private static void putCharacter(final Bytes out, final Directive d, final byte c)
    {
        if (0 != c)
        {
            pad(out, d, LuaString.of(new byte[]{c}));
        }
        else if (!d.isLeft)
        {
            out.fill(' ', Math.max(0, d.width - 1));
        }
    }

    /** As C makes an unsigned integer of a double on x86: negative ones as their two's complement. */
    private static long toUnsigned(final double number)
    {
        if (number >= 0x1p63)
        {
            return number < 0x1p64 ? (long)(number - 0x1p63) ^ Long.MIN_VALUE : 0;
        }

        return toLong(number);
    }

    private static void putString(final Bytes out, final Directive d, final LuaString text)
    {
        if (d.precision < 0 && text.length() >= LONG)
        {
            out.put(text);
            return;
        }

        int length = 0;
        final int max = d.precision < 0 ? text.length() : Math.min(d.precision, text.length());
        while (length < max && 0 != text.at(length))
        {
            length++;
        }

        pad(out, d, LuaString.of(text.bytes(), 0, length));
    }

    private static void pad(final Bytes out, final Directive d, final LuaString text)
    {
        final int missing = Math.max(0, d.width - text.length());
        if (!d.isLeft)
        {
            out.fill(' ', missing);
        }

        out.put(text);
        if (d.isLeft)
        {
            out.fill(' ', missing);
        }
    }

    private static void putInteger(final Bytes out, final Directive d, final long value)
    {
        final String digits = Long.MIN_VALUE == value ? "9223372036854775808" : Long.toString(Math.abs(value));
        putNumber(out, d, sign(d, value < 0), withPrecision(d, 0 == value, digits), d.isZeroed && d.precision < 0);
    }

    private static String sign(final Directive d, final boolean isNegative)
    {
        if (isNegative)
        {
            return "-";
        }

        if (d.isSigned)
        {
            return "+";
        }

        return d.isSpaced ? " " : "";
    }

    private static String withPrecision(final Directive d, final boolean isZero, final String digits)
    {
        if (isZero && 0 == d.precision)
        {
            return "";
        }

        return d.precision > digits.length() ? "0".repeat(d.precision - digits.length()) + digits : digits;
    }

    private static void putUnsigned(final Bytes out, final Directive d, final long value)
    {
        final String plain = switch (d.letter)
        {
            case 'o' -> Long.toOctalString(value);
            case 'u' -> Long.toUnsignedString(value);
            case 'x' -> Long.toHexString(value);
            default -> upper(Long.toHexString(value));
        };
        String digits = withPrecision(d, 0 == value, plain);
        String prefix = "";
        if (d.isAlternate && 'o' == d.letter && !digits.startsWith("0"))
        {
            digits = "0" + digits;
        }
        else if (d.isAlternate && 0 != value && ('x' == d.letter || 'X' == d.letter))
        {
            prefix = "0" + (char)d.letter;
        }

        putNumber(out, d, prefix, digits, d.isZeroed && d.precision < 0);
    }

    private static void putDouble(final Bytes out, final Directive d, final double value)
    {
        final boolean isNegative = NumberText.isNegative(value);
        final double magnitude = Math.abs(value);
        final int precision = d.precision < 0 ? 6 : d.precision;
        final String text = switch (d.letter)
        {
            case 'e', 'E' -> NumberText.scientific(magnitude, precision, d.isAlternate);
            case 'f' -> NumberText.fixed(magnitude, precision, d.isAlternate);
            default -> NumberText.general(magnitude, precision, d.isAlternate);
        };
        final boolean isUpper = 'E' == d.letter || 'G' == d.letter;
        putNumber(out, d, sign(d, isNegative), isUpper ? upper(text) : text, d.isZeroed && Double.isFinite(value));
    }

    private static String upper(final String text)
    {
        return text.toUpperCase(Locale.ROOT);
    }

    private static void putNumber(final Bytes out, final Directive d, final String prefix, final String digits,
        final boolean isZeroed)
    {
        final int missing = Math.max(0, d.width - prefix.length() - digits.length());
        if (!d.isLeft && !isZeroed)
        {
            out.fill(' ', missing);
        }

        out.put(prefix);
        if (!d.isLeft && isZeroed)
        {
            out.fill('0', missing);
        }

        out.put(digits);
        if (d.isLeft)
        {
            out.fill(' ', missing);
        }
    }

    /** As source that means the same. */
    private static void quote(final Bytes out, final LuaString text)
    {
        out.put('"');
        for (int i = 0; i < text.length(); i++)
        {
            final int c = text.at(i);
            switch (c)
            {
                case '"', '\\', '\n' -> out.put('\\').put(c);
                case '\r' -> out.put("\\r");
                case 0 -> out.put("\\000");
                default -> out.put(c);
            }
        }

        out.put('"');
    }
}
