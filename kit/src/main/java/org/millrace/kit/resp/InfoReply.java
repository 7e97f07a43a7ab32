package org.millrace.kit.resp;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The fields of an INFO reply. Immutable.
 */
public final class InfoReply
{
    private final Map<String, String> fields;

    private InfoReply(final Map<String, String> fields)
    {
        this.fields = fields;
    }

    /**
     * Takes {@code name:value} lines; comments and empty lines are skipped.
     */
    public static InfoReply parse(final String text)
    {
        final Map<String, String> fields = new LinkedHashMap<>();
        for (final String line : text.split("\r?\n"))
        {
            final int colon = line.indexOf(':');
            if (colon > 0 && '#' != line.charAt(0))
            {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }

        return new InfoReply(fields);
    }

    /**
     * The value of a field, or the fallback if the server did not send it.
     */
    public String text(final String name, final String fallback)
    {
        return fields.getOrDefault(name, fallback);
    }

    /**
     * The value of a numeric field, or the fallback if it is absent or not a number.
     */
    public long number(final String name, final long fallback)
    {
        final String value = fields.get(name);
        if (null == value)
        {
            return fallback;
        }

        try
        {
            return Long.parseLong(value.trim());
        }
        catch (final NumberFormatException ex)
        {
            return fallback;
        }
    }

    /**
     * All fields, in the server's order.
     */
    public Map<String, String> fields()
    {
        return fields;
    }

    /**
     * True if the field stands in the reply with this value.
     */
    public boolean is(final String name, final String value)
    {
        return value.equals(fields.get(name));
    }
}
