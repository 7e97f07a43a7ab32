package org.millrace.embed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One complete RESP2 reply as objects; an error is a {@link CommandFailedException} that is returned, not thrown. */
final class ReplyParser
{
    private final byte[] bytes;
    private int at;

    ReplyParser(final byte[] bytes)
    {
        this.bytes = bytes;
    }

    Object parse()
    {
        final int type = bytes[at++];
        final String line = line();
        return switch (type)
        {
            case '+' -> line;
            case '-' -> new CommandFailedException(line);
            case ':' -> Long.parseLong(line);
            case '$' -> bulk(Integer.parseInt(line));
            case '*' -> array(Integer.parseInt(line));
            default -> throw new IllegalStateException("not a reply: type=" + type);
        };
    }

    private byte[] bulk(final int length)
    {
        if (length < 0)
        {
            return null;
        }

        final byte[] value = Arrays.copyOfRange(bytes, at, at + length);
        at += length + 2;
        return value;
    }

    private List<Object> array(final int length)
    {
        if (length < 0)
        {
            return null;
        }

        final List<Object> values = new ArrayList<>(length);
        for (int i = 0; i < length; i++)
        {
            values.add(parse());
        }

        return values;
    }

    private String line()
    {
        int end = at;
        while ('\r' != bytes[end])
        {
            end++;
        }

        final String line = new String(bytes, at, end - at, StandardCharsets.UTF_8);
        at = end + 2;
        return line;
    }
}
