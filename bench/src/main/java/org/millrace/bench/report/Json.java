package org.millrace.bench.report;

import java.util.Locale;
import java.util.Map;

/**
 * Writes maps, iterables, arrays, strings, numbers, booleans and null as JSON, indented by two blanks.
 */
public final class Json
{
    private Json()
    {
    }

    /** The value as text, with a line break at its end. */
    public static String write(final Object value)
    {
        final StringBuilder text = new StringBuilder();
        append(text, value, 0);
        return text.append('\n').toString();
    }

    private static void append(final StringBuilder text, final Object value, final int depth)
    {
        if (value instanceof Map)
        {
            appendMap(text, (Map<?, ?>)value, depth);
        }
        else if (value instanceof Iterable)
        {
            appendList(text, (Iterable<?>)value, depth);
        }
        else if (value instanceof Object[])
        {
            appendList(text, java.util.Arrays.asList((Object[])value), depth);
        }
        else if (null == value || value instanceof Boolean || value instanceof Long || value instanceof Integer)
        {
            text.append(value);
        }
        else if (value instanceof Number)
        {
            final double number = ((Number)value).doubleValue();
            text.append(Double.isFinite(number) ? Double.toString(number) : "null");
        }
        else
        {
            appendString(text, value.toString());
        }
    }

    private static void appendMap(final StringBuilder text, final Map<?, ?> map, final int depth)
    {
        String separator = "{";
        for (final Map.Entry<?, ?> entry : map.entrySet())
        {
            text.append(separator);
            newLine(text, depth + 1);
            appendString(text, entry.getKey().toString());
            text.append(": ");
            append(text, entry.getValue(), depth + 1);
            separator = ",";
        }

        close(text, map.isEmpty() ? "{}" : "}", map.isEmpty(), depth);
    }

    private static void appendList(final StringBuilder text, final Iterable<?> list, final int depth)
    {
        String separator = "[";
        for (final Object element : list)
        {
            text.append(separator);
            newLine(text, depth + 1);
            append(text, element, depth + 1);
            separator = ",";
        }

        final boolean isEmpty = "[".equals(separator);
        close(text, isEmpty ? "[]" : "]", isEmpty, depth);
    }

    private static void close(final StringBuilder text, final String end, final boolean isEmpty, final int depth)
    {
        if (!isEmpty)
        {
            newLine(text, depth);
        }

        text.append(end);
    }

    private static void newLine(final StringBuilder text, final int depth)
    {
        text.append('\n').append("  ".repeat(depth));
    }

    private static void appendString(final StringBuilder text, final String string)
    {
        text.append('"');
        for (int i = 0; i < string.length(); i++)
        {
            final char c = string.charAt(i);
            switch (c)
            {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ')
                    {
                        text.append(String.format(Locale.ROOT, "\\u%04x", (int)c));
                    }
                    else
                    {
                        text.append(c);
                    }
                }
            }
        }

        text.append('"');
    }
}
