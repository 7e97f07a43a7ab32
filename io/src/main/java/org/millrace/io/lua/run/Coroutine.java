package org.millrace.io.lua.run;

import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaString;

/**
 * A function of Lua that can be left in its midst and gone on with later. Its frames stay on the heap meanwhile, each with
 * what the nodes that run in it have kept ({@link Suspension}); the thread's stack is unwound, and built anew.
 */
public final class Coroutine
{
    private final LuaState state;
    private final LuaClosure body;
    private Status status = Status.SUSPENDED;

    /** Null until it is suspended for the first time. */
    private Frame outermost;

    /** Calls that go through library functions when it runs itself; if there are more, it cannot be suspended. */
    private int ownDepth;

    /** As scripts see it. */
    public enum Status
    {
        SUSPENDED("suspended"),
        RUNNING("running"),

        /** It has resumed another. */
        NORMAL("normal"),
        DEAD("dead");

        private final LuaString text;

        Status(final String text)
        {
            this.text = LuaString.of(text);
        }

        public LuaString text()
        {
            return text;
        }
    }

    public Coroutine(final LuaState state, final LuaClosure body)
    {
        this.state = state;
        this.body = body;
    }

    public Status status()
    {
        return status;
    }

    boolean isAtItsOwnDepth()
    {
        return ownDepth == state.nativeDepth;
    }

    /** Begin it, or go on with it. @return what it yields or returns. @throws LuaError which ends it, or if it cannot. */
    public Object resume(final Object[] arguments)
    {
        if (Status.SUSPENDED != status)
        {
            throw LuaError.of(LuaString.of("cannot resume " + status.text + " coroutine"));
        }

        if (state.isDeepestInside())
        {
            status = Status.DEAD;
            throw LuaError.of(LuaString.of("C stack overflow"));
        }

        final Coroutine resumer = state.coroutine;
        final Frame caller = state.frame;
        final int depth = state.depth;
        final int nativeDepth = state.nativeDepth;
        become(Status.RUNNING, resumer, Status.NORMAL);
        state.coroutine = this;
        state.frame = null;
        ownDepth = ++state.nativeDepth;
        try
        {
            return run(arguments);
        }
        finally
        {
            become(status, resumer, Status.RUNNING);
            state.coroutine = resumer;
            state.frame = caller;
            state.depth = depth;
            state.nativeDepth = nativeDepth;
        }
    }

    private void become(final Status own, final Coroutine resumer, final Status resumers)
    {
        status = own;
        if (null != resumer)
        {
            resumer.status = resumers;
        }
    }

    private Object run(final Object[] arguments)
    {
        final Frame from = outermost;
        outermost = null;
        status = Status.RUNNING;
        try
        {
            final Object result = null == from ? body.call(arguments) : goOn(from, arguments);
            status = Status.DEAD;
            return result;
        }
        catch (final Suspension e)
        {
            status = Status.SUSPENDED;
            return state.takePassed();
        }
        catch (final LuaError e)
        {
            status = Status.DEAD;
            throw LuaError.of(state.valueOf(e));
        }
        catch (final StackOverflowError e)
        {
            status = Status.DEAD;
            throw LuaError.of(state.stackOverflow());
        }
    }

    private Object goOn(final Frame from, final Object[] arguments)
    {
        state.pass(arguments);
        return LuaClosure.resume(from);
    }

    /** The innermost function has called for it: all frames are told where they were. */
    void suspendIn(final Frame innermost)
    {
        Frame at = innermost;
        at.suspend(null);
        for (; null != at.parent; at = at.parent)
        {
            at.parent.suspend(at);
        }

        outermost = at;
    }
}
