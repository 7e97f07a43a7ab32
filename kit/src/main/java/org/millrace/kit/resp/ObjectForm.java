package org.millrace.kit.resp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Replies as Java objects: a status line is a String, an integer a Long, a truth a Boolean, an aggregate a List, nil is
 * null, and an error is a {@link RespError}. Other lines are Strings. What bulk strings are is the form's choice.
 */
enum ObjectForm implements ReplyForm<Object>
{
    /** Bulk strings are {@code byte[]}. */
    BYTES,

    /** Bulk strings are Strings, a character a byte, so that every byte survives. */
    TEXT;

    @Override
    public Object line(final char type, final String text) throws IOException
    {
        return switch (type)
        {
            case '-' -> new RespError(text);
            case ':' -> number(text);
            case '#' -> "t".equals(text);
            case '_' -> null;
            default -> text;
        };
    }

    @Override
    public Object bulk(final char type, final byte[] bytes)
    {
        if (null == bytes || BYTES == this && '!' != type)
        {
            return bytes;
        }

        final String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return '!' == type ? new RespError(text) : text;
    }

    @Override
    public Object aggregate(final char type, final List<Object> items)
    {
        return items;
    }

    private static Object number(final String text) throws IOException
    {
        try
        {
            return Long.parseLong(text);
        }
        catch (final NumberFormatException ex)
        {
            throw new IOException("not a number in a reply: " + text, ex);
        }
    }
}
