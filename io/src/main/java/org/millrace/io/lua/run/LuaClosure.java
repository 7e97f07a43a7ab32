package org.millrace.io.lua.run;

import java.util.Arrays;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** A function written in Lua, with the variables it has found around it and its globals. */
public final class LuaClosure extends LuaFunction
{
    final Prototype prototype;
    final Cell[] upvalues;
    private final LuaState state;
    LuaTable globals;

    public LuaClosure(final LuaState state, final Prototype prototype, final LuaTable globals)
    {
        this(state, prototype, new Cell[prototype.upvalues().length], globals);
    }

    LuaClosure(final LuaState state, final Prototype prototype, final Cell[] upvalues, final LuaTable globals)
    {
        this.state = state;
        this.prototype = prototype;
        this.upvalues = upvalues;
        this.globals = globals;
    }

    public LuaTable globals()
    {
        return globals;
    }

    public void globals(final LuaTable globals)
    {
        this.globals = globals;
    }

    @Override
    public Object call(final Object[] arguments)
    {
        return execute(frame(arguments));
    }

    @Override
    public Object call()
    {
        return execute(frame(NONE));
    }

    @Override
    public Object call(final Object first)
    {
        if (prototype.isVararg() || prototype.parameters() < 1)
        {
            return call(new Object[]{first});
        }

        final Frame frame = new Frame(state, this, prototype.slots());
        frame.slots[0] = first;
        makeCells(frame);
        return execute(frame);
    }

    @Override
    public Object call(final Object first, final Object second)
    {
        if (prototype.isVararg() || prototype.parameters() < 2)
        {
            return call(new Object[]{first, second});
        }

        final Frame frame = new Frame(state, this, prototype.slots());
        frame.slots[0] = first;
        frame.slots[1] = second;
        makeCells(frame);
        return execute(frame);
    }

    @Override
    public Object call(final Object first, final Object second, final Object third)
    {
        if (prototype.isVararg() || prototype.parameters() < 3)
        {
            return call(new Object[]{first, second, third});
        }

        final Frame frame = new Frame(state, this, prototype.slots());
        frame.slots[0] = first;
        frame.slots[1] = second;
        frame.slots[2] = third;
        makeCells(frame);
        return execute(frame);
    }

    private Frame frame(final Object[] arguments)
    {
        final Frame frame = new Frame(state, this, prototype.slots());
        final int named = prototype.parameters();
        System.arraycopy(arguments, 0, frame.slots, 0, Math.min(named, arguments.length));
        if (prototype.isVararg())
        {
            takeRest(frame, arguments, named);
        }

        makeCells(frame);
        return frame;
    }

    private void takeRest(final Frame frame, final Object[] arguments, final int named)
    {
        frame.varargs = arguments.length > named ? Arrays.copyOfRange(arguments, named, arguments.length) : NONE;
        if (prototype.argSlot() >= 0)
        {
            final LuaTable table = new LuaTable(frame.varargs.length, 1);
            for (int i = 0; i < frame.varargs.length; i++)
            {
                table.set(i + 1, frame.varargs[i]);
            }

            table.set(LuaString.of("n"), (double)frame.varargs.length);
            frame.slots[prototype.argSlot()] = table;
        }
    }

    private void makeCells(final Frame frame)
    {
        for (final int slot : prototype.cells())
        {
            frame.slots[slot] = new Cell(frame.slots[slot]);
        }
    }

    private static Object execute(final Frame frame)
    {
        return run(frame, frame.state.frame, false);
    }

    /** Go on in a frame that a coroutine was suspended in. */
    static Object resume(final Frame frame)
    {
        return run(frame, frame.parent, true);
    }

    /** Run the frame, and those of the functions that it ends by calling. */
    private static Object run(final Frame first, final Frame caller, final boolean isResumed)
    {
        final LuaState shared = first.state;
        shared.enter();
        boolean wasSuspended = isResumed;
        Frame frame = first;
        while (true)
        {
            frame.parent = caller;
            shared.frame = frame;
            final Statement body = frame.closure.prototype.body();
            final int signal = wasSuspended ? body.resume(frame) : body.exec(frame);
            final Object result = Statement.RETURN == signal ? frame.result : NONE;
            if (!(result instanceof TailCall))
            {
                shared.leave(caller);
                return result;
            }

            final TailCall next = (TailCall)result;
            frame = next.closure.frame(next.arguments);
            frame.isTail = true;
            wasSuspended = false;
            shared.step();
        }
    }
}
