package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;
import org.millrace.io.lua.value.LuaUserdata;

/** Reads JSON. */
final class JsonReader
{
    private final LuaState state;
    private final JsonConfig config;
    private final LuaString text;
    private final JsonLexer lexer;
    private int depth;

    JsonReader(final LuaState state, final JsonConfig config, final LuaString text)
    {
        this.state = state;
        this.config = config;
        this.text = text;
        lexer = new JsonLexer(text, config.decodesInvalid);
    }

    Object read()
    {
        if (text.length() >= 2 && (0 == text.at(0) || 0 == text.at(1)))
        {
            throw LuaError.at("JSON parser does not support UTF-16 or UTF-32");
        }

        lexer.next();
        final Object value = value();
        lexer.next();
        if (JsonLexer.END != lexer.kind())
        {
            throw unexpected("the end");
        }

        return value;
    }

    private LuaError unexpected(final String expected)
    {
        return LuaError
            .at("Expected " + expected + " but found " + lexer.found() + " at character " + (lexer.index() + 1));
    }

    private Object value()
    {
        state.step();
        return switch (lexer.kind())
        {
            case JsonLexer.STRING, JsonLexer.NUMBER, JsonLexer.BOOLEAN -> lexer.value();
            case JsonLexer.NULL -> LuaUserdata.NULL;
            case '{' -> object();
            case '[' -> array();
            default -> throw unexpected("value");
        };
    }

    private void descend()
    {
        if (++depth > config.decodeDepth)
        {
            throw LuaError
                .at("Found too many nested data structures (" + depth + ") at character " + (lexer.index() + 1));
        }
    }

    private LuaTable object()
    {
        descend();
        final LuaTable table = new LuaTable();
        lexer.next();
        while ('}' != lexer.kind())
        {
            if (JsonLexer.STRING != lexer.kind())
            {
                throw unexpected("object key string");
            }

            final Object key = lexer.value();
            lexer.next();
            if (':' != lexer.kind())
            {
                throw unexpected("colon");
            }

            lexer.next();
            table.set(key, value());
            lexer.next();
            if ('}' == lexer.kind())
            {
                break;
            }

            if (',' != lexer.kind())
            {
                throw unexpected("comma or object end");
            }

            nextElement('}', "object key string");
        }

        depth--;
        return table;
    }

    /** Behind a comma there must be something. */
    private void nextElement(final int end, final String expected)
    {
        lexer.next();
        if (end == lexer.kind())
        {
            throw unexpected(expected);
        }
    }

    private LuaTable array()
    {
        descend();
        final LuaTable table = new LuaTable();
        lexer.next();
        for (int i = 1; ']' != lexer.kind(); i++)
        {
            table.set(i, value());
            lexer.next();
            if (']' == lexer.kind())
            {
                break;
            }

            if (',' != lexer.kind())
            {
                throw unexpected("comma or array end");
            }

            nextElement(']', "value");
        }

        depth--;
        return table;
    }
}
