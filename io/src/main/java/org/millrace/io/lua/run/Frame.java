package org.millrace.io.lua.run;

/** One call of a function that runs; or, without a closure, of a library function that calls others. */
public final class Frame
{
    /** Kept for a call that has been made. */
    static final Object CALLED = new Object();

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

    /** What those who run in it have kept while a coroutine is suspended in it: who is further within first. */
    private Kept kept;

    /** The frame that its innermost call runs in while a coroutine is suspended; null: that call has suspended it. */
    private Frame callee;

    /** Something kept for its owner, on top of what had been kept before. */
    private record Kept(Object owner, Object value, Kept below)
    {
    }

    Frame(final LuaState state, final LuaClosure closure, final int slots)
    {
        this.state = state;
        this.closure = closure;
        this.slots = new Object[slots];
    }

    /** Keep something for who runs in this frame, until it is resumed. */
    void keep(final Object owner, final Object value)
    {
        kept = new Kept(owner, value, kept);
    }

    /** True if the outermost that is kept is this one's. */
    boolean hasKept(final Object owner)
    {
        return null != kept && owner == kept.owner;
    }

    /** Take back the outermost that is kept. */
    Object kept()
    {
        final Object value = kept.value;
        kept = kept.below;
        return value;
    }

    /** A coroutine is suspended by a call in this frame, or in the frame that it runs in. */
    void suspend(final Frame called)
    {
        callee = called;
        keep(site, CALLED);
    }

    /** Go on in what was called here; if that had suspended the coroutine, with what it is resumed with. */
    Object resumeCall(final Node caller)
    {
        final Frame called = callee;
        callee = null;
        site = caller;
        return null == called ? state.takePassed() : LuaClosure.resume(called);
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
