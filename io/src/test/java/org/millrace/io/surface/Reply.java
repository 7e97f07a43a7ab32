package org.millrace.io.surface;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One reply as it stood on the wire. Its text form is as telling as the bytes: the type's mark, then the value, lengths
 * left out; elements stand in brackets.
 *
 * @param type the mark on the wire, such as {@code $}.
 * @param text of what is no aggregate; null for a null.
 * @param items of an aggregate, pairs in turn; null if it is none.
 */
record Reply(char type, String text, List<Reply> items)
{
    private static final String AGGREGATES = "*~>%|";

    static Reply read(final InputStream in) throws IOException
    {
        final String line = line(in);
        final char type = line.charAt(0);
        final String rest = line.substring(1);
        if (AGGREGATES.indexOf(type) >= 0)
        {
            final int count = Integer.parseInt(rest) * ('%' == type || '|' == type ? 2 : 1);
            if (count < 0)
            {
                return new Reply(type, null, null);
            }

            final List<Reply> items = new ArrayList<>(count);
            for (int i = 0; i < count; i++)
            {
                items.add(read(in));
            }

            return new Reply(type, null, items);
        }

        if ('$' == type || '=' == type || '!' == type)
        {
            final int length = Integer.parseInt(rest);
            if (length < 0)
            {
                return new Reply(type, null, null);
            }

            final byte[] bytes = in.readNBytes(length + 2);
            if (bytes.length < length + 2)
            {
                throw new EOFException("closed inside a string");
            }

            return new Reply(type, new String(bytes, 0, length, ISO_8859_1), null);
        }

        return new Reply(type, '_' == type ? null : rest, null);
    }

    private static String line(final InputStream in) throws IOException
    {
        final StringBuilder line = new StringBuilder();
        for (int c = in.read(); '\n' != c; c = in.read())
        {
            if (c < 0)
            {
                throw new EOFException("closed after: " + line);
            }

            line.append((char)c);
        }

        if (line.length() < 2)
        {
            throw new IOException("not RESP: " + line);
        }

        line.setLength(line.length() - 1);
        return line.toString();
    }

    boolean isError()
    {
        return '-' == type;
    }

    /** The value behind a name among the pairs of a map, or null. */
    Reply get(final String name)
    {
        for (int i = 0; null != items && i + 1 < items.size(); i += 2)
        {
            if (name.equals(items.get(i).text))
            {
                return items.get(i + 1);
            }
        }

        return null;
    }

    /** Texts of the elements. */
    List<String> texts()
    {
        return items.stream().map(Reply::text).toList();
    }

    /** Values alone, without their types: what captures of other servers keep. */
    String plain()
    {
        return null == items
            ? String.valueOf(text)
            : items.stream().map(Reply::plain).collect(Collectors.joining(" ", "[", "]"));
    }

    @Override
    public String toString()
    {
        if (null != items)
        {
            return type + items.stream().map(Reply::toString).collect(Collectors.joining(" ", "[", "]"));
        }

        return null == text ? type + "null" : "$".equals(String.valueOf(type)) ? quoted(text) : type + escaped(text);
    }

    private static String quoted(final String text)
    {
        return '"' + escaped(text) + '"';
    }

    /** One line of printable ASCII. */
    static String escaped(final String text)
    {
        final StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            switch (c)
            {
                case '\r' -> out.append("\\r");
                case '\n' -> out.append("\\n");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c >= ' ' && c <= '~')
                    {
                        out.append(c);
                    }
                    else
                    {
                        out.append(String.format(java.util.Locale.ROOT, "\\x%02x", (int)c));
                    }
                }
            }
        }

        return out.toString();
    }
}
