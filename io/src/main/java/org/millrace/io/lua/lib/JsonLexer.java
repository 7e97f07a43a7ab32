package org.millrace.io.lua.lib;

import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.NumberParser;

/** Makes tokens of JSON. A zero byte ends it. */
final class JsonLexer
{
    static final int END = 0;
    static final int STRING = 1;
    static final int NUMBER = 2;
    static final int BOOLEAN = 3;
    static final int NULL = 4;
    static final int ERROR = 5;

    private static final int INVALID = -1;
    private static final int SURROGATE_LENGTH = 12;
    private static final int UNICODE_LENGTH = 6;

    private final LuaString text;
    private final boolean takesInvalid;
    private final Bytes buffer = new Bytes();
    private int at;
    private int kind;
    private int index;
    private Object value;
    private String error;

    JsonLexer(final LuaString text, final boolean takesInvalid)
    {
        this.text = text;
        this.takesInvalid = takesInvalid;
    }

    /** One of the constants above, or the character that it is. */
    int kind()
    {
        return kind;
    }

    /** Where it begins, from 0. */
    int index()
    {
        return index;
    }

    Object value()
    {
        return value;
    }

    /** As errors call it. */
    String found()
    {
        return switch (kind)
        {
            case '{' -> "T_OBJ_BEGIN";
            case '}' -> "T_OBJ_END";
            case '[' -> "T_ARR_BEGIN";
            case ']' -> "T_ARR_END";
            case ':' -> "T_COLON";
            case ',' -> "T_COMMA";
            case STRING -> "T_STRING";
            case NUMBER -> "T_NUMBER";
            case BOOLEAN -> "T_BOOLEAN";
            case NULL -> "T_NULL";
            case END -> "T_END";
            default -> error;
        };
    }

    private int at(final int place)
    {
        return place < text.length() ? text.at(place) : 0;
    }

    void next()
    {
        int c = at(at);
        while (' ' == c || '\t' == c || '\n' == c || '\r' == c)
        {
            c = at(++at);
        }

        index = at;
        switch (c)
        {
            case 0 -> kind = END;
            case '{', '}', '[', ']', ':', ',' -> {
                kind = c;
                at++;
            }
            case '"' -> readString();
            default -> readWord(c);
        }
    }

    private void readWord(final int c)
    {
        if ('-' == c || c >= '0' && c <= '9')
        {
            if (!takesInvalid && isInvalidNumber())
            {
                fail("invalid number");
            }
            else
            {
                readNumber();
            }
        }
        else if (isWord("true"))
        {
            take(BOOLEAN, true, 4);
        }
        else if (isWord("false"))
        {
            take(BOOLEAN, false, 5);
        }
        else if (isWord("null"))
        {
            take(NULL, null, 4);
        }
        else if (takesInvalid && "+iInN".indexOf(c) >= 0 && isInvalidNumber())
        {
            readNumber();
        }
        else
        {
            fail("invalid token");
        }
    }

    private void take(final int token, final Object of, final int length)
    {
        kind = token;
        value = of;
        at += length;
    }

    private void fail(final String message)
    {
        kind = ERROR;
        error = message;
        index = at;
    }

    private boolean isWord(final String word)
    {
        for (int i = 0; i < word.length(); i++)
        {
            if (at(at + i) != word.charAt(i))
            {
                return false;
            }
        }

        return true;
    }

    /** A number that the C library reads, but that is none in JSON. */
    private boolean isInvalidNumber()
    {
        if ('+' == at(at))
        {
            return true;
        }

        final int p = '-' == at(at) ? at + 1 : at;
        final int c = at(p);
        if ('0' == c)
        {
            final int second = at(p + 1);
            return 'x' == (second | 0x20) || second >= '0' && second <= '9';
        }

        return c > '9' && (isWordIgnoringCase(p, "inf") || isWordIgnoringCase(p, "nan"));
    }

    private boolean isWordIgnoringCase(final int from, final String word)
    {
        for (int i = 0; i < word.length(); i++)
        {
            if ((at(from + i) | 0x20) != word.charAt(i))
            {
                return false;
            }
        }

        return true;
    }

    private void readNumber()
    {
        final int length = NumberParser.length(text.bytes(), at, text.length());
        if (0 == length)
        {
            fail("invalid number");
            return;
        }

        take(NUMBER, NumberParser.parse(text.bytes(), at, at + length), length);
    }

    private void readString()
    {
        buffer.clear();
        at++;
        while ('"' != at(at))
        {
            int c = at(at);
            if (0 == c)
            {
                fail("unexpected end of string");
                return;
            }

            if ('\\' == c)
            {
                if ('u' == at(at + 1))
                {
                    if (!readUnicode())
                    {
                        fail("invalid unicode escape code");
                        return;
                    }

                    continue;
                }

                c = escaped(at(at + 1));
                if (0 == c)
                {
                    fail("invalid escape code");
                    return;
                }

                at++;
            }

            buffer.put(c);
            at++;
        }

        at++;
        kind = STRING;
        value = buffer.toLuaString();
    }

    private static int escaped(final int c)
    {
        return switch (c)
        {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            default -> 0;
        };
    }

    private int hex(final int from)
    {
        int code = 0;
        for (int i = 0; i < 4; i++)
        {
            final int digit = Character.digit(at(from + i), 16);
            if (digit < 0)
            {
                return INVALID;
            }

            code = code << 4 | digit;
        }

        return code;
    }

    private boolean readUnicode()
    {
        int code = hex(at + 2);
        int length = UNICODE_LENGTH;
        if (0xD800 == (code & 0xFFFFF800))
        {
            final int low = '\\' == at(at + length) && 'u' == at(at + length + 1) ? hex(at + length + 2) : INVALID;
            if (0 != (code & 0x400) || 0xDC00 != (low & 0xFFFFFC00))
            {
                return false;
            }

            code = ((code & 0x3FF) << 10 | low & 0x3FF) + 0x10000;
            length = SURROGATE_LENGTH;
        }

        if (code < 0)
        {
            return false;
        }

        putUtf8(code);
        at += length;
        return true;
    }

    private void putUtf8(final int code)
    {
        if (code < 0x80)
        {
            buffer.put(code);
        }
        else if (code < 0x800)
        {
            buffer.put(0xC0 | code >> 6).put(0x80 | code & 0x3F);
        }
        else if (code < 0x10000)
        {
            buffer.put(0xE0 | code >> 12).put(0x80 | code >> 6 & 0x3F).put(0x80 | code & 0x3F);
        }
        else
        {
            buffer.put(0xF0 | code >> 18).put(0x80 | code >> 12 & 0x3F).put(0x80 | code >> 6 & 0x3F)
                .put(0x80 | code & 0x3F);
        }
    }
}
