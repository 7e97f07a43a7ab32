package org.millrace.io.lua.parse;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.NumberParser;

/** Makes tokens of bytes. */
final class Lexer
{
    private static final int NONE = -1;
    private static final int UBYTE_MAX = 255;

    private final byte[] source;
    private final String name;
    private int at;
    private int current;
    private int line = 1;
    private final Bytes buffer = new Bytes();

    private int kind;
    private Object value;
    private int lastLine = 1;
    private int aheadKind = NONE;
    private Object aheadValue;

    Lexer(final byte[] source, final int from, final String name)
    {
        this.source = source;
        this.name = name;
        at = from - 1;
        advance();
    }

    /** The token that is looked at. */
    int kind()
    {
        return kind;
    }

    /** Its name or string as {@link LuaString}, its number as {@link Double}. */
    Object value()
    {
        return value;
    }

    /** The line that has been read up to. */
    int line()
    {
        return line;
    }

    /** The line in which the token before ended. */
    int lastLine()
    {
        return lastLine;
    }

    void next()
    {
        lastLine = line;
        if (NONE != aheadKind)
        {
            kind = aheadKind;
            value = aheadValue;
            aheadKind = NONE;
        }
        else
        {
            kind = read();
        }
    }

    /** The kind of the token behind the one that is looked at. */
    int ahead()
    {
        final Object kept = value;
        aheadKind = read();
        aheadValue = value;
        value = kept;
        return aheadKind;
    }

    // Errors

    /** About the token that is looked at. */
    LuaError error(final String message)
    {
        return error(message, kind);
    }

    LuaError error(final String message, final int token)
    {
        final String near = NONE == token ? "" : " near '" + text(token) + "'";
        return LuaError.of(LuaString.of(LuaState.shortName(name) + ":" + line + ": " + message + near));
    }

    private String text(final int token)
    {
        if (Token.NAME == token || Token.STRING == token || Token.NUMBER == token)
        {
            final String text = buffer.toLuaString().toString();
            final int zero = text.indexOf('\0');
            return zero < 0 ? text : text.substring(0, zero);
        }

        return Token.text(token);
    }

    // Characters

    private void advance()
    {
        at++;
        current = at < source.length ? source[at] & 0xFF : NONE;
    }

    private void save()
    {
        buffer.put(current);
        advance();
    }

    private boolean isLineEnd()
    {
        return '\n' == current || '\r' == current;
    }

    private void skipLineEnd()
    {
        final int first = current;
        advance();
        if (isLineEnd() && current != first)
        {
            advance();
        }

        line++;
    }

    private static boolean isLetter(final int c)
    {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || '_' == c;
    }

    private static boolean isDigit(final int c)
    {
        return c >= '0' && c <= '9';
    }

    // Tokens

    private int read()
    {
        buffer.clear();
        while (true)
        {
            if (NONE == current)
            {
                return Token.END;
            }
            else if (isLineEnd())
            {
                skipLineEnd();
            }
            else if (NumberParser.isSpace(current))
            {
                advance();
            }
            else if ('-' != current)
            {
                return readToken();
            }
            else
            {
                advance();
                if ('-' != current)
                {
                    return '-';
                }

                skipComment();
            }
        }
    }

    private void skipComment()
    {
        advance();
        if ('[' == current)
        {
            final int level = readLevel();
            buffer.clear();
            if (level >= 0)
            {
                readLong(level, false);
                buffer.clear();
                return;
            }
        }

        while (!isLineEnd() && NONE != current)
        {
            advance();
        }
    }

    private int readToken()
    {
        switch (current)
        {
            case '[' :
                return readBracket();

            case '=' :
                return orEqual('=', Token.EQUAL);

            case '<' :
                return orEqual('<', Token.LESS_EQUAL);

            case '>' :
                return orEqual('>', Token.GREATER_EQUAL);

            case '~' :
                return orEqual('~', Token.NOT_EQUAL);

            case '"' :
            case '\'' :
                readString(current);
                return Token.STRING;

            case '.' :
                return readDots();

            default :
                return readOther();
        }
    }

    private int orEqual(final int single, final int with)
    {
        advance();
        if ('=' != current)
        {
            return single;
        }

        advance();
        return with;
    }

    private int readBracket()
    {
        final int level = readLevel();
        if (level >= 0)
        {
            readLong(level, true);
            return Token.STRING;
        }

        if (-1 == level)
        {
            return '[';
        }

        throw error("invalid long string delimiter", Token.STRING);
    }

    private int readDots()
    {
        save();
        if ('.' == current)
        {
            advance();
            if ('.' == current)
            {
                advance();
                return Token.DOTS;
            }

            return Token.CONCAT;
        }

        if (!isDigit(current))
        {
            return '.';
        }

        readNumber();
        return Token.NUMBER;
    }

    private int readOther()
    {
        if (isDigit(current))
        {
            readNumber();
            return Token.NUMBER;
        }

        if (isLetter(current))
        {
            while (isLetter(current) || isDigit(current))
            {
                save();
            }

            final LuaString word = buffer.toLuaString();
            value = word;
            return Token.ofWord(word.toString());
        }

        final int single = current;
        advance();
        return single;
    }

    private void readNumber()
    {
        while (isDigit(current) || '.' == current)
        {
            save();
        }

        if ('e' == current || 'E' == current)
        {
            save();
            if ('+' == current || '-' == current)
            {
                save();
            }
        }

        while (isLetter(current) || isDigit(current))
        {
            save();
        }

        final Double number = NumberParser.parse(buffer.array(), 0, buffer.length());
        if (null == number)
        {
            throw error("malformed number", Token.NUMBER);
        }

        value = number;
    }

    /** {@code [==[}: how many signs, or -1 for a bracket alone, or less if it is neither. */
    private int readLevel()
    {
        final int first = current;
        save();
        int count = 0;
        while ('=' == current)
        {
            save();
            count++;
        }

        return current == first ? count : -count - 1;
    }

    private void readLong(final int level, final boolean isString)
    {
        save();
        if (isLineEnd())
        {
            skipLineEnd();
        }

        while (true)
        {
            if (NONE == current)
            {
                throw error(isString ? "unfinished long string" : "unfinished long comment", Token.END);
            }
            else if (']' == current)
            {
                if (readLevel() == level)
                {
                    save();
                    break;
                }
            }
            else if (isLineEnd())
            {
                buffer.put('\n');
                skipLineEnd();
            }
            else if ('[' == current && isString && 0 == level)
            {
                checkNesting();
            }
            else
            {
                save();
            }

            if (!isString)
            {
                buffer.clear();
            }
        }

        if (isString)
        {
            value = LuaString.of(buffer.array(), level + 2, buffer.length() - level - 2);
        }
    }

    private void checkNesting()
    {
        if (0 == readLevel())
        {
            throw error("nesting of [[...]] is deprecated", '[');
        }
    }

    private void readString(final int delimiter)
    {
        save();
        while (current != delimiter)
        {
            if (NONE == current)
            {
                throw error("unfinished string", Token.END);
            }

            if (isLineEnd())
            {
                throw error("unfinished string", Token.STRING);
            }

            if ('\\' == current)
            {
                readEscape();
            }
            else
            {
                save();
            }
        }

        save();
        value = LuaString.of(buffer.array(), 1, buffer.length() - 1);
    }

    private void readEscape()
    {
        advance();
        switch (current)
        {
            case 'a' -> replace(7);
            case 'b' -> replace('\b');
            case 'f' -> replace('\f');
            case 'n' -> replace('\n');
            case 'r' -> replace('\r');
            case 't' -> replace('\t');
            case 'v' -> replace(11);
            case '\n', '\r' -> {
                buffer.put('\n');
                skipLineEnd();
            }
            case NONE -> {
            }
            default -> {
                if (isDigit(current))
                {
                    readCode();
                }
                else
                {
                    save();
                }
            }
        }
    }

    private void replace(final int with)
    {
        buffer.put(with);
        advance();
    }

    private void readCode()
    {
        int code = 0;
        for (int i = 0; i < 3 && isDigit(current); i++)
        {
            code = 10 * code + current - '0';
            advance();
        }

        if (code > UBYTE_MAX)
        {
            throw error("escape sequence too large", Token.STRING);
        }

        buffer.put(code);
    }
}
