package org.millrace.bench.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Arguments of one program: words, {@code --name value} or {@code --name=value} options, and {@code --flag} switches;
 * {@code --help} and {@code -h} are known everywhere. Immutable.
 */
public final class CommandLine
{
    private static final String HELP = "help";

    private final List<String> words = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    /**
     * @param arguments   as given to main.
     * @param optionNames options that take a value, without dashes.
     * @param flagNames   options that take none.
     * @throws UsageException if an option is unknown, lacks its value, or has one that it does not take.
     */
    public CommandLine(final String[] arguments, final Set<String> optionNames, final Set<String> flagNames)
    {
        for (int i = 0; i < arguments.length; i++)
        {
            final String argument = arguments[i];
            if (!argument.startsWith("-"))
            {
                words.add(argument);
                continue;
            }

            final int equals = argument.indexOf('=');
            final String name = name(argument, equals);
            if (HELP.equals(name) || flagNames.contains(name))
            {
                if (equals >= 0)
                {
                    throw new UsageException("option --" + name + " takes no value");
                }

                options.put(name, "yes");
            }
            else if (!optionNames.contains(name))
            {
                throw new UsageException("unknown option " + argument);
            }
            else if (equals >= 0)
            {
                options.put(name, argument.substring(equals + 1));
            }
            else if (i + 1 < arguments.length && !arguments[i + 1].startsWith("--"))
            {
                options.put(name, arguments[++i]);
            }
            else
            {
                throw new UsageException("option --" + name + " needs a value");
            }
        }
    }

    private static String name(final String argument, final int equals)
    {
        if ("-h".equals(argument))
        {
            return HELP;
        }

        return argument.startsWith("--") ? argument.substring(2, equals < 0 ? argument.length() : equals) : argument;
    }

    /** What is no option, in order. */
    public List<String> words()
    {
        return words;
    }

    /** True if the user asks what there is. */
    public boolean wantsHelp()
    {
        return has(HELP);
    }

    /** True if the option or flag was given. */
    public boolean has(final String name)
    {
        return options.containsKey(name);
    }

    /** Value of an option. */
    public String text(final String name, final String fallback)
    {
        return options.getOrDefault(name, fallback);
    }

    /**
     * A whole number of 0 or more; suffixes k, m and g multiply by a thousand, a million and a billion.
     */
    public long number(final String name, final long fallback)
    {
        return number(name, fallback, 0, Long.MAX_VALUE);
    }

    /**
     * As the other, within bounds.
     */
    public long number(final String name, final long fallback, final long min, final long max)
    {
        final String value = options.get(name);
        return null == value ? fallback : parse(name, value, min, max);
    }

    /**
     * Whole numbers with commas between them, each within bounds.
     */
    public long[] numbers(final String name, final long min, final long max)
    {
        final String[] texts = text(name, "").split(",", -1);
        final long[] numbers = new long[texts.length];
        for (int i = 0; i < texts.length; i++)
        {
            numbers[i] = parse(name, texts[i].trim(), min, max);
        }

        return numbers;
    }

    private static long parse(final String name, final String value, final long min, final long max)
    {
        final String lower = value.toLowerCase(Locale.ROOT);
        final long factor = lower.endsWith("g")
            ? 1_000_000_000
            : lower.endsWith("m") ? 1_000_000 : lower.endsWith("k") ? 1_000 : 1;
        final long number;
        try
        {
            final String digits = 1 == factor ? lower : lower.substring(0, lower.length() - 1);
            number = Math.multiplyExact(Long.parseLong(digits), factor);
        }
        catch (final NumberFormatException | ArithmeticException ignored)
        {
            throw new UsageException("option --" + name + " needs a whole number, not " + value);
        }

        if (number < min || number > max)
        {
            throw new UsageException(
                "option --" + name + " must be " + (Long.MAX_VALUE == max
                    ? min + " or more"
                    : "from " + min + " to " + max) + ", not " + value);
        }

        return number;
    }
}
