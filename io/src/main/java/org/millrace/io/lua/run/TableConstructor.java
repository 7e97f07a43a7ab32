package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaTable;

/** <code>{1, x = 2, [f()] = 3, ...}</code>. */
public final class TableConstructor extends Expression
{
    /** In the order of the source; a key of null is an element of the list. */
    private final Expression[] keys;
    private final Expression[] values;
    private final int listSize;
    private final int hashSize;
    private final boolean isOpen;

    public TableConstructor(final int line, final Expression[] keys, final Expression[] values)
    {
        super(line);
        this.keys = keys;
        this.values = values;
        isOpen = keys.length > 0 && null == keys[keys.length - 1] && values[keys.length - 1].isMultiple();
        int list = isOpen ? -1 : 0;
        int hash = 0;
        for (final Expression key : keys)
        {
            if (null == key)
            {
                list++;
            }
            else
            {
                hash++;
            }
        }

        listSize = rounded(list);
        hashSize = rounded(hash);
    }

    /** Sizes stand in Lua's code as three bits and an exponent, rounded up. */
    private static int rounded(final int size)
    {
        int exponent = 0;
        int mantissa = size;
        while (mantissa >= 16)
        {
            mantissa = mantissa + 1 >> 1;
            exponent++;
        }

        return mantissa << exponent;
    }

    @Override
    public Object eval(final Frame frame)
    {
        final LuaTable table = new LuaTable(listSize, hashSize);
        final int single = isOpen ? keys.length - 1 : keys.length;
        int next = 1;
        for (int i = 0; i < single; i++)
        {
            if (null == keys[i])
            {
                table.set(next++, values[i].eval(frame));
            }
            else
            {
                final Object key = keys[i].eval(frame);
                final Object value = values[i].eval(frame);
                frame.site = this;
                table.set(key, value);
            }
        }

        if (isOpen)
        {
            addAll(table, next, values[single].evalAll(frame));
        }

        return table;
    }

    private static void addAll(final LuaTable table, final int from, final Object last)
    {
        if (!(last instanceof Object[]))
        {
            table.set(from, last);
            return;
        }

        final Object[] rest = (Object[])last;
        table.reserveArray(from - 1 + rest.length);
        for (int i = 0; i < rest.length; i++)
        {
            table.set(from + i, rest[i]);
        }
    }
}
