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
    private final boolean isCalling;

    /** How far it is: only kept where a coroutine may be suspended in it. */
    private static final class Progress
    {
        final LuaTable table;
        int at;
        int next = 1;
        Object key;

        /** True if the key of this place has been evaluated. */
        boolean hasKey;

        Progress(final LuaTable table)
        {
            this.table = table;
        }
    }

    public TableConstructor(final int line, final Expression[] keys, final Expression[] values)
    {
        super(line);
        this.keys = keys;
        this.values = values;
        isOpen = keys.length > 0 && null == keys[keys.length - 1] && values[keys.length - 1].isMultiple();
        isCalling = isAnyCalling(keys) || isAnyCalling(values);
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
        if (isCalling)
        {
            return fill(frame, new Progress(table), false);
        }

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

    /** @param isResumed true: a coroutine was suspended at the place where it is. */
    private LuaTable fill(final Frame frame, final Progress progress, final boolean isResumed)
    {
        boolean wasSuspended = isResumed;
        try
        {
            for (; progress.at < values.length; progress.at++)
            {
                if (null == keys[progress.at])
                {
                    addElement(frame, progress, wasSuspended);
                }
                else
                {
                    addField(frame, progress, wasSuspended);
                }

                wasSuspended = false;
            }
        }
        catch (final Suspension e)
        {
            frame.keep(this, progress);
            throw e;
        }

        return progress.table;
    }

    private void addElement(final Frame frame, final Progress progress, final boolean isResumed)
    {
        final Expression value = values[progress.at];
        if (isOpen && progress.at == values.length - 1)
        {
            addAll(progress.table, progress.next, isResumed ? value.resumeAll(frame) : value.evalAll(frame));
            return;
        }

        final Object element = isResumed ? value.resume(frame) : value.eval(frame);
        progress.table.set(progress.next++, element);
    }

    private void addField(final Frame frame, final Progress progress, final boolean isResumed)
    {
        final boolean isInValue = progress.hasKey;
        if (!isInValue)
        {
            final Expression key = keys[progress.at];
            progress.key = isResumed ? key.resume(frame) : key.eval(frame);
            progress.hasKey = true;
        }

        final Expression expression = values[progress.at];
        final Object value = isInValue ? expression.resume(frame) : expression.eval(frame);
        progress.hasKey = false;
        frame.site = this;
        progress.table.set(progress.key, value);
    }

    @Override
    boolean isCalling()
    {
        return isCalling;
    }

    @Override
    Object resume(final Frame frame)
    {
        return fill(frame, (Progress)frame.kept(), true);
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
