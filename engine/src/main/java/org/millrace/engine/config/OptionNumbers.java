package org.millrace.engine.config;

import java.util.Locale;

/** Numbers of directives as Redis reads, bounds and prints them. Pure functions. */
final class OptionNumbers
{
    private OptionNumbers()
    {
    }

    /** Reads {@code word} for a numeric row and checks its bounds. */
    static long parse(final OptionRow row, final String word) throws ConfigException
    {
        final long value = switch (row.type)
        {
            case MEMORY, UNSIGNED_MEMORY -> memory(word, "argument must be a memory value");
            case MEMORY_OR_PERCENT -> memoryOrPercent(word);
            case OCTAL -> octal(word);
            default -> integer(word, "argument couldn't be parsed into an integer");
        };

        checkBounds(row, value);
        return value;
    }

    /** The form CONFIG GET shows. */
    static String print(final OptionType type, final long value)
    {
        return switch (type)
        {
            case MEMORY, UNSIGNED_MEMORY -> Long.toUnsignedString(value);
            case MEMORY_OR_PERCENT -> value < 0 ? -value + "%" : Long.toString(value);
            case OCTAL -> Long.toOctalString(value);
            default -> Long.toString(value);
        };
    }

    /** The form CONFIG REWRITE writes: bytes in the largest unit that divides them. */
    static String printWithUnit(final long value)
    {
        if (0 == value)
        {
            return "0";
        }

        final int zeros = Long.numberOfTrailingZeros(value);
        if (zeros >= 30)
        {
            return Long.toUnsignedString(value >>> 30) + "gb";
        }

        if (zeros >= 20)
        {
            return Long.toUnsignedString(value >>> 20) + "mb";
        }

        return zeros >= 10 ? Long.toUnsignedString(value >>> 10) + "kb" : Long.toUnsignedString(value);
    }

    /** Bytes with an optional unit: b, k (1000), kb (1024), m, mb, g, gb in any case. */
    static long memory(final String word, final String error) throws ConfigException
    {
        int digits = 0;
        while (digits < word.length() && word.charAt(digits) >= '0' && word.charAt(digits) <= '9')
        {
            digits++;
        }

        final long unit = switch (word.substring(digits).toLowerCase(Locale.ROOT))
        {
            case "", "b" -> 1L;
            case "k" -> 1000L;
            case "kb" -> 1L << 10;
            case "m" -> 1000_000L;
            case "mb" -> 1L << 20;
            case "g" -> 1000_000_000L;
            case "gb" -> 1L << 30;
            default -> throw new ConfigException(error);
        };

        // strtoull reads nothing as 0 and clamps what is too large.
        if (0 == digits)
        {
            return 0;
        }

        try
        {
            return Long.parseUnsignedLong(word.substring(0, digits)) * unit;
        }
        catch (final NumberFormatException ignore)
        {
            return OptionRow.UNSIGNED_MAX * unit;
        }
    }

    private static long memoryOrPercent(final String word) throws ConfigException
    {
        final String error = "argument must be a memory or percent value";
        if (word.length() > 1 && word.endsWith("%"))
        {
            final long percent = integer(word.substring(0, word.length() - 1), error);
            if (percent < 0)
            {
                throw new ConfigException(error);
            }
            return -percent;
        }

        return memory(word, error);
    }

    private static long octal(final String word) throws ConfigException
    {
        try
        {
            return Long.parseLong(word, 8);
        }
        catch (final NumberFormatException ignore)
        {
            throw new ConfigException("argument couldn't be parsed as an octal number");
        }
    }

    /** A decimal number in its only canonical form: no plus sign, no leading zeros, no blanks. */
    static long integer(final String word, final String error) throws ConfigException
    {
        try
        {
            final long value = Long.parseLong(word);
            if (Long.toString(value).equals(word))
            {
                return value;
            }
        }
        catch (final NumberFormatException ignore)
        {
            // The same error as for a form that is not canonical.
        }

        throw new ConfigException(error);
    }

    private static void checkBounds(final OptionRow row, final long value) throws ConfigException
    {
        final boolean isUnsigned = OptionType.UNSIGNED == row.type || OptionType.UNSIGNED_MEMORY == row.type ||
            OptionType.OCTAL == row.type;

        if (OptionType.MEMORY_OR_PERCENT == row.type && value < 0)
        {
            if (value < row.min)
            {
                throw new ConfigException("percentage argument must be less or equal to " + -row.min);
            }
        }
        else if (isUnsigned ? isOutsideUnsigned(row, value) : value < row.min || value > row.max)
        {
            throw new ConfigException("argument must be between " + bound(row, row.min, isUnsigned) + " and " +
                bound(row, row.max, isUnsigned) + " inclusive");
        }
    }

    private static boolean isOutsideUnsigned(final OptionRow row, final long value)
    {
        return Long.compareUnsigned(value, row.min) < 0 || Long.compareUnsigned(value, row.max) > 0;
    }

    private static String bound(final OptionRow row, final long value, final boolean isUnsigned)
    {
        if (OptionType.OCTAL == row.type)
        {
            return Long.toOctalString(value);
        }

        return isUnsigned ? Long.toUnsignedString(value) : Long.toString(value);
    }
}
