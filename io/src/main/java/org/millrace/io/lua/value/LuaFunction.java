package org.millrace.io.lua.value;

/**
 * Something that can be called. The result is a value, or an {@code Object[]} of any number of them. Calls with few
 * arguments have methods of their own, so that no array is made for them.
 */
public abstract class LuaFunction
{
    /** No results. */
    public static final Object[] NONE = {};

    public abstract Object call(Object[] arguments);

    public Object call()
    {
        return call(NONE);
    }

    public Object call(final Object first)
    {
        return call(new Object[]{first});
    }

    public Object call(final Object first, final Object second)
    {
        return call(new Object[]{first, second});
    }

    public Object call(final Object first, final Object second, final Object third)
    {
        return call(new Object[]{first, second, third});
    }

    /** The first of what a call has returned, or nil. */
    public static Object first(final Object result)
    {
        if (result instanceof Object[])
        {
            final Object[] results = (Object[])result;
            return 0 == results.length ? null : results[0];
        }

        return result;
    }

    /** All that a call has returned. */
    public static Object[] all(final Object result)
    {
        return result instanceof Object[] ? (Object[])result : new Object[]{result};
    }
}
