package org.millrace.io.surface;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;
import java.util.stream.Collectors;
import org.millrace.kit.resp.ReplyForm;

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
    /** Takes replies as they are. */
    static final ReplyForm<Reply> FORM = new ReplyForm<>()
    {
        @Override
        public Reply line(final char type, final String text)
        {
            return new Reply(type, '_' == type ? null : text, null);
        }

        @Override
        public Reply bulk(final char type, final byte[] bytes)
        {
            return new Reply(type, null == bytes ? null : new String(bytes, ISO_8859_1), null);
        }

        @Override
        public Reply aggregate(final char type, final List<Reply> items)
        {
            return new Reply(type, null, items);
        }
    };

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
