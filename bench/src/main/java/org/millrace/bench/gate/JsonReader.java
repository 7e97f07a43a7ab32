package org.millrace.bench.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON into maps, lists, strings, doubles, booleans and null: enough for files that the gate has written and
 * people have edited. Not thread-safe.
 */
final class JsonReader
{
    private static final int DEPTH_MAX = 32;

    private final String text;
    private int position;

    private JsonReader(final String text)
    {
        this.text = text;
    }

    /**
     * Reads one value that makes up the whole text.
     *
     * @throws IllegalArgumentException with the place, if it is not JSON.
     */
    static Object read(final String text)
    {
        final JsonReader reader = new JsonReader(text);
        final Object value = reader.value(0);
        reader.skipBlanks();
        if (reader.position < text.length())
        {
            throw reader.wrong("nothing more");
        }

        return value;
    }

    private Object value(final int depth)
    {
        if (depth > DEPTH_MAX)
        {
            throw wrong("less nesting");
        }

        skipBlanks();
        switch (peek())
        {
            case '{' :
                return map(depth);

            case '[' :
                return list(depth);

            case '"' :
                return string();

            default :
                return word();
        }
    }

    private Map<String, Object> map(final int depth)
    {
        final Map<String, Object> map = new LinkedHashMap<>();
        position++;
        skipBlanks();
        while ('}' != peek())
        {
            if (!map.isEmpty())
            {
                expect(',');
                skipBlanks();
            }

            final String key = string();
            skipBlanks();
            expect(':');
            map.put(key, value(depth + 1));
            skipBlanks();
        }

        position++;
        return map;
    }

    private List<Object> list(final int depth)
    {
        final List<Object> list = new ArrayList<>();
        position++;
        skipBlanks();
        while (']' != peek())
        {
            if (!list.isEmpty())
            {
                expect(',');
            }

            list.add(value(depth + 1));
            skipBlanks();
        }

        position++;
        return list;
    }

    private String string()
    {
        expect('"');
        final StringBuilder string = new StringBuilder();
        while ('"' != peek())
        {
            final char next = text.charAt(position++);
            string.append('\\' == next ? escaped() : next);
        }

        position++;
        return string.toString();
    }

    private char escaped()
    {
        final char kind = peek();
        position++;
        switch (kind)
        {
            case 'n' :
                return '\n';

            case 'r' :
                return '\r';

            case 't' :
                return '\t';

            case 'b' :
                return '\b';

            case 'f' :
                return '\f';

            case 'u' :
                return unicode();

            default :
                return kind;
        }
    }

    private char unicode()
    {
        final int end = position + 4;
        try
        {
            final char unit = (char)Integer.parseInt(text.substring(position, end), 16);
            position = end;
            return unit;
        }
        catch (final NumberFormatException | IndexOutOfBoundsException ex)
        {
            throw wrong("four hexadecimal digits");
        }
    }

    private Object word()
    {
        final int start = position;
        while (position < text.length() && ",]} \t\r\n:".indexOf(text.charAt(position)) < 0)
        {
            position++;
        }

        final String word = text.substring(start, position);
        switch (word)
        {
            case "null" :
                return null;

            case "true" :
                return Boolean.TRUE;

            case "false" :
                return Boolean.FALSE;

            default :
                return number(word, start);
        }
    }

    private Double number(final String word, final int start)
    {
        try
        {
            return Double.valueOf(word);
        }
        catch (final NumberFormatException ex)
        {
            position = start;
            throw wrong("a value");
        }
    }

    private void expect(final char wanted)
    {
        if (wanted != peek())
        {
            throw wrong("'" + wanted + "'");
        }

        position++;
    }

    private char peek()
    {
        if (position >= text.length())
        {
            throw wrong("more");
        }

        return text.charAt(position);
    }

    private void skipBlanks()
    {
        while (position < text.length() && Character.isWhitespace(text.charAt(position)))
        {
            position++;
        }
    }

    private IllegalArgumentException wrong(final String wanted)
    {
        final int line = 1 + (int)text.substring(0, Math.min(position, text.length())).chars()
            .filter((each) -> '\n' == each).count();
        return new IllegalArgumentException("not JSON: expected " + wanted + " in line " + line);
    }
}
