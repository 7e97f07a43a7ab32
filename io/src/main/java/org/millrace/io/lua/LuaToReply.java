package org.millrace.io.lua;

import org.millrace.engine.resp.ReplyWriter;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** What a script returns, made a reply. Metatables are not asked. */
final class LuaToReply
{
    private static final LuaString ERR = LuaString.of("err");
    private static final LuaString OK = LuaString.of("ok");
    private static final LuaString DOUBLE = LuaString.of("double");
    private static final LuaString MAP = LuaString.of("map");
    private static final LuaString SET = LuaString.of("set");
    private static final LuaString BIG_NUMBER = LuaString.of("big_number");
    private static final LuaString VERBATIM = LuaString.of("verbatim_string");
    private static final LuaString FORMAT = LuaString.of("format");
    private static final LuaString STRING = LuaString.of("string");

    /** Tables that may be within each other, as many as fit on Lua's stack. */
    private static final int DEPTH_MAX = 3990;
    private static final double LONG_LIMIT = 0x1p63;

    /** Values of one reply: more than anybody wants, but a table may hold another many times. */
    private static final int VALUES_MAX = 1 << 24;

    private ReplyWriter reply;
    private int protocol;
    private int depth;
    private int values;

    /** @param protocol what the script has set for itself. */
    void write(final Object value, final int protocol, final ReplyWriter reply)
    {
        this.reply = reply;
        this.protocol = protocol;
        depth = 0;
        values = 0;
        put(value);
    }

    private void put(final Object value)
    {
        if (++values > VALUES_MAX)
        {
            throw LuaError.of(LuaString.of("too many values in a reply"));
        }

        if (value instanceof LuaString)
        {
            reply.bulk(((LuaString)value).bytes());
        }
        else if (value instanceof Double)
        {
            reply.integer(toLong((Double)value));
        }
        else if (value instanceof Boolean)
        {
            putBoolean((Boolean)value);
        }
        else if (value instanceof LuaTable)
        {
            putTable((LuaTable)value);
        }
        else
        {
            reply.nullBulk();
        }
    }

    private static long toLong(final double number)
    {
        return number >= -LONG_LIMIT && number < LONG_LIMIT ? (long)number : Long.MIN_VALUE;
    }

    private void putBoolean(final boolean value)
    {
        if (protocol >= 3)
        {
            reply.bool(value);
        }
        else if (value)
        {
            reply.integer(1);
        }
        else
        {
            reply.nullBulk();
        }
    }

    private void putTable(final LuaTable table)
    {
        if (++depth > DEPTH_MAX)
        {
            reply.error("ERR reached lua stack limit");
        }
        else if (!putNamed(table))
        {
            putArray(table);
        }

        depth--;
    }

    /** What a field of the table says it is. */
    private boolean putNamed(final LuaTable table)
    {
        final Object error = table.get(ERR);
        if (error instanceof LuaString)
        {
            reply.error(error.toString());
            return true;
        }

        final Object status = table.get(OK);
        if (status instanceof LuaString)
        {
            reply.simple(oneLine(status));
            return true;
        }

        final Object number = table.get(DOUBLE);
        if (number instanceof Double)
        {
            reply.number((Double)number);
            return true;
        }

        return putCollection(table) || putText(table);
    }

    private boolean putCollection(final LuaTable table)
    {
        if (table.get(MAP) instanceof LuaTable)
        {
            putMap((LuaTable)table.get(MAP));
            return true;
        }

        if (table.get(SET) instanceof LuaTable)
        {
            putSet((LuaTable)table.get(SET));
            return true;
        }

        return false;
    }

    private boolean putText(final LuaTable table)
    {
        final Object big = table.get(BIG_NUMBER);
        if (big instanceof LuaString)
        {
            reply.bigNumber(oneLine(big));
            return true;
        }

        if (table.get(VERBATIM) instanceof LuaTable)
        {
            final LuaTable verbatim = (LuaTable)table.get(VERBATIM);
            final Object format = verbatim.get(FORMAT);
            final Object text = verbatim.get(STRING);
            if (format instanceof LuaString && text instanceof LuaString)
            {
                reply.verbatim(format.toString(), ((LuaString)text).bytes());
                return true;
            }
        }

        return false;
    }

    /** Up to the first zero byte, and without line ends. */
    private static String oneLine(final Object text)
    {
        final String all = text.toString();
        final int zero = all.indexOf('\0');
        return (zero < 0 ? all : all.substring(0, zero)).replace('\r', ' ').replace('\n', ' ');
    }

    private void putMap(final LuaTable map)
    {
        final int mark = reply.beginCounted();
        long pairs = 0;
        for (int place = map.occupied(0); place >= 0; place = map.occupied(place + 1))
        {
            put(map.keyAt(place));
            put(map.valueAt(place));
            pairs++;
        }

        reply.endCountedMap(mark, pairs);
    }

    private void putSet(final LuaTable set)
    {
        long count = 0;
        for (int place = set.occupied(0); place >= 0; place = set.occupied(place + 1))
        {
            count++;
        }

        reply.set(count);
        for (int place = set.occupied(0); place >= 0; place = set.occupied(place + 1))
        {
            put(set.keyAt(place));
        }
    }

    private void putArray(final LuaTable table)
    {
        int count = 0;
        while (null != table.get(count + 1))
        {
            count++;
        }

        reply.array(count);
        for (int i = 1; i <= count; i++)
        {
            put(table.get(i));
        }
    }
}
