package org.millrace.io.lua;

import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** Errors as scripts have them: a table whose {@code err} is the text with its code. */
final class ErrorTable
{
    private static final LuaString ERR = LuaString.of("err");
    private static final LuaString COUNTED = LuaString.of("ignore_error_stats_update");

    private ErrorTable()
    {
    }

    /** An error that has no code. */
    static LuaTable of(final String text)
    {
        return withText("ERR " + text);
    }

    /** An error that begins with its code; a word alone is a text without one. */
    static LuaTable ofLine(final String line)
    {
        final String text = strip(line);
        return text.indexOf(' ') < 0 ? of(text) : withText(text);
    }

    /** The reply of a command: statistics have it already. */
    static LuaTable ofCommand(final String line)
    {
        final LuaTable table = ofLine(line);
        table.set(COUNTED, true);
        return table;
    }

    private static String strip(final String line)
    {
        int end = line.length();
        while (end > 0 && ('\r' == line.charAt(end - 1) || '\n' == line.charAt(end - 1)))
        {
            end--;
        }

        return line.substring(0, end);
    }

    private static LuaTable withText(final String text)
    {
        final LuaTable table = new LuaTable();
        table.set(ERR, LuaString.of(text));
        return table;
    }
}
