package org.millrace.io.lua.lib;

import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaTable;

/**
 * Lua 5.1's quicksort, step by step: what is equal ends where it does in Redis, and an order that is none is found out in
 * the same places.
 */
final class TableSort
{
    private final LuaState state;
    private final LuaTable table;
    private final LuaFunction order;

    TableSort(final LuaState state, final LuaTable table, final LuaFunction order)
    {
        this.state = state;
        this.table = table;
        this.order = order;
    }

    private boolean isLess(final Object a, final Object b)
    {
        state.step();
        return null == order ? Meta.lessThan(state, a, b) : Meta.isTrue(LuaFunction.first(state.call(order, a, b)));
    }

    private void set(final int i, final Object first, final int j, final Object second)
    {
        table.set(i, first);
        table.set(j, second);
    }

    /** Sorts from {@code low} to {@code high}; the smaller part by itself, the larger one in the next round. */
    void sort(final int from, final int to)
    {
        int low = from;
        int high = to;
        while (low < high)
        {
            orderPair(low, high);
            if (1 == high - low)
            {
                return;
            }

            final int middle = (int)(((long)low + high) / 2);
            orderMiddle(low, middle, high);
            if (2 == high - low)
            {
                return;
            }

            final Object pivot = table.get(middle);
            set(middle, table.get(high - 1), high - 1, pivot);
            final int at = partition(low, high, pivot);
            if (at - low < high - at)
            {
                sort(low, at - 1);
                low = at + 1;
            }
            else
            {
                sort(at + 1, high);
                high = at - 1;
            }
        }
    }

    private void orderPair(final int low, final int high)
    {
        final Object a = table.get(low);
        final Object b = table.get(high);
        if (isLess(b, a))
        {
            set(low, b, high, a);
        }
    }

    private void orderMiddle(final int low, final int middle, final int high)
    {
        final Object m = table.get(middle);
        final Object a = table.get(low);
        if (isLess(m, a))
        {
            set(middle, a, low, m);
            return;
        }

        final Object b = table.get(high);
        if (isLess(b, m))
        {
            set(middle, b, high, m);
        }
    }

    private int partition(final int low, final int high, final Object pivot)
    {
        int i = low;
        int j = high - 1;
        while (true)
        {
            Object a = table.get(++i);
            while (isLess(a, pivot))
            {
                if (i >= high)
                {
                    throw LuaError.at("invalid order function for sorting");
                }

                a = table.get(++i);
            }

            Object b = table.get(--j);
            while (isLess(pivot, b))
            {
                if (j <= low)
                {
                    throw LuaError.at("invalid order function for sorting");
                }

                b = table.get(--j);
            }

            if (j < i)
            {
                break;
            }

            set(i, b, j, a);
        }

        final Object last = table.get(high - 1);
        set(high - 1, table.get(i), i, last);
        return i;
    }
}
