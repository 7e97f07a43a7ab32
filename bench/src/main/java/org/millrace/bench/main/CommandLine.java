package org.millrace.bench.main;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Arguments of one program: words, {@code --name value} options, and {@code --flag} switches. Immutable.
 */
final class CommandLine
{
    private final List<String> words = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();

    /**
     * @param arguments   as given to main.
     * @param optionNames options that take a value, without dashes.
     * @param flagNames   options that take none.
     * @throws IllegalArgumentException with a text for the user if an option is unknown or lacks its value.
     */
    CommandLine(final String[] arguments, final Set<String> optionNames, final Set<String> flagNames)
    {
        for (int i = 0; i < arguments.length; i++)
        {
            final String argument = arguments[i];
            if (!argument.startsWith("--"))
            {
                words.add(argument);
                continue;
            }

            final int equals = argument.indexOf('=');
            final String name = equals < 0 ? argument.substring(2) : argument.substring(2, equals);
            if (flagNames.contains(name))
            {
                options.put(name, "yes");
            }
            else if (!optionNames.contains(name))
            {
                throw new IllegalArgumentException("unknown option --" + name);
            }
            else if (equals >= 0)
            {
                options.put(name, argument.substring(equals + 1));
            }
            else if (i + 1 < arguments.length)
            {
                options.put(name, arguments[++i]);
            }
            else
            {
                throw new IllegalArgumentException("option --" + name + " needs a value");
            }
        }
    }

    List<String> words()
    {
        return words;
    }

    boolean has(final String name)
    {
        return options.containsKey(name);
    }

    String text(final String name, final String fallback)
    {
        return options.getOrDefault(name, fallback);
    }

    /**
     * A whole number; suffixes k, m and g multiply by a thousand, a million and a billion.
     */
    long number(final String name, final long fallback)
    {
        final String value = options.get(name);
        return null == value ? fallback : parse(name, value);
    }

    /**
     * Reads a number with its suffix.
     *
     * @throws IllegalArgumentException with a text for the user.
     */
    static long parse(final String name, final String value)
    {
        final String lower = value.toLowerCase(Locale.ROOT);
        final long factor = lower.endsWith("g")
            ? 1_000_000_000
            : lower.endsWith("m") ? 1_000_000 : lower.endsWith("k") ? 1_000 : 1;
        try
        {
            return Long.parseLong(1 == factor ? lower : lower.substring(0, lower.length() - 1)) * factor;
        }
        catch (final NumberFormatException ex)
        {
            throw new IllegalArgumentException("option --" + name + " needs a number, not " + value, ex);
        }
    }
}
