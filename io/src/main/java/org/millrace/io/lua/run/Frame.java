package org.millrace.io.lua.run;

/** One call of a function that runs; or, without a closure, of a library function that calls others. */
public final class Frame
{
    /** Locals; one that an inner function uses too stands in a {@link Cell}. */
    final Object[] slots;
    final LuaClosure closure;
    final LuaState state;

    /** Arguments beyond the named ones. */
    Object[] varargs;
    Frame parent;

    /** True if it was called in the place of the one that would be its caller. */
    boolean isTail;

    /** What runs in it, as far as errors and callees need to know. */
    Node site;

    /** What the function returns, once it does. */
    Object result;

    Frame(final LuaState state, final LuaClosure closure, final int slots)
    {
        this.state = state;
        this.closure = closure;
        this.slots = new Object[slots];
    }

    public LuaClosure closure()
    {
        return closure;
    }

    /** Line that runs, or -1. */
    int line()
    {
        return null == site ? -1 : site.line();
    }
}
