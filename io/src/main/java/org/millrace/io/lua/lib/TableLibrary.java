package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.Bytes;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code table}. */
public final class TableLibrary extends Library
{
    public TableLibrary(final LuaState state)
    {
        super(state);
    }

    public LuaTable make()
    {
        final LuaTable table = new LuaTable();
        add(table, "concat", this::concat);
        add(table, "foreach", this::foreach);
        add(table, "foreachi", this::foreachi);
        add(table, "getn", (a) -> (double)table(a, 0).length());
        add(table, "maxn", this::maxn);
        add(table, "insert", this::insert);
        add(table, "remove", this::remove);
        add(table, "setn", this::setn);
        add(table, "sort", this::sort);
        return table;
    }

    private Object concat(final Object[] a)
    {
        final LuaString separator = isNone(a, 1) ? LuaString.EMPTY : string(a, 1);
        final LuaTable table = table(a, 0);
        final int from = (int)integer(a, 2, 1);
        final int to = isNone(a, 3) ? table.length() : small(a, 3);
        final Bytes bytes = new Bytes();
        for (long i = from; i <= to; i++)
        {
            final Object value = table.get((int)i);
            final LuaString text = Meta.toLuaString(value);
            if (null == text)
            {
                throw LuaError
                    .at("invalid value (" + Meta.typeName(value) + ") at index " + i + " in table for 'concat'");
            }

            bytes.put(text);
            if (i < to)
            {
                bytes.put(separator);
            }

            state.step();
        }

        return bytes.toLuaString();
    }

    private Object foreach(final Object[] a)
    {
        final LuaTable table = table(a, 0);
        final LuaFunction function = function(a, 1);
        for (int place = table.occupied(0); place >= 0; place = table.occupied(place + 1))
        {
            final Object result = LuaFunction.first(state.call(function, table.keyAt(place), table.valueAt(place)));
            if (null != result)
            {
                return result;
            }
        }

        return NONE;
    }

    private Object foreachi(final Object[] a)
    {
        final LuaTable table = table(a, 0);
        final LuaFunction function = function(a, 1);
        final int length = table.length();
        for (int i = 1; i <= length; i++)
        {
            final Object result = LuaFunction.first(state.call(function, (double)i, table.get(i)));
            if (null != result)
            {
                return result;
            }
        }

        return NONE;
    }

    private Object maxn(final Object[] a)
    {
        final LuaTable table = table(a, 0);
        double max = 0;
        for (int place = table.occupied(0); place >= 0; place = table.occupied(place + 1))
        {
            if (table.keyAt(place) instanceof Double)
            {
                max = Math.max(max, (Double)table.keyAt(place));
            }
        }

        return max;
    }

    private Object insert(final Object[] a)
    {
        final LuaTable table = table(a, 0);
        final int end = table.length() + 1;
        if (2 == a.length)
        {
            table.set(end, a[1]);
            return NONE;
        }

        if (3 != a.length)
        {
            throw LuaError.at("wrong number of arguments to 'insert'");
        }

        final int position = small(a, 1);
        for (int i = Math.max(end, position); i > position; i--)
        {
            table.set(i, table.get(i - 1));
            state.step();
        }

        table.set(position, a[2]);
        return NONE;
    }

    private Object remove(final Object[] a)
    {
        final LuaTable table = table(a, 0);
        final int end = table.length();
        final int position = (int)integer(a, 1, end);
        if (position < 1 || position > end)
        {
            return NONE;
        }

        final Object removed = table.get(position);
        for (int i = position; i < end; i++)
        {
            table.set(i, table.get(i + 1));
            state.step();
        }

        table.set(end, null);
        return removed;
    }

    private Object setn(final Object[] a)
    {
        table(a, 0);
        throw LuaError.at("'setn' is obsolete");
    }

    private Object sort(final Object[] a)
    {
        final LuaTable table = table(a, 0);
        final int length = table.length();
        final LuaFunction order = isNone(a, 1) ? null : function(a, 1);
        new TableSort(state, table, order).sort(1, length);
        return NONE;
    }
}
