package org.millrace.io.lua.run;

import java.util.Arrays;
import java.util.function.Supplier;
import org.millrace.io.lua.value.Heap;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** What all code of one machine shares while it runs: frames, depth, steps, and the metatable of strings. One thread. */
public final class LuaState
{
    /** Steps (rounds of loops, calls) from one look at the time to the next. */
    private static final int STEPS = 10_000;

    /** Functions of Lua that may be within each other, and calls that go through library functions. */
    private static final int DEPTH_MAX = 20_000;
    private static final int NATIVE_DEPTH_MAX = 200;

    /** Calls this deep leave so little of the thread's stack that it is tried before the node runs on it. */
    private static final int SHALLOW = 100;

    /** Times in a row that it is so deep in the stack that it cannot be asked whether to go on, but fails. */
    private static final int BLIND_LOOKS_MAX = 100;

    Frame frame;

    /** The coroutine that runs, or null. */
    Coroutine coroutine;
    private Object passed;
    private int blindLooks;
    int depth;
    int nativeDepth;
    private int steps = STEPS;
    private LuaTable stringMetatable;
    private Supplier<String> watch;

    /**
     * Begin a run; {@link #end} ends it.
     *
     * @param watch asked now and then; not null: the text of the error that ends the run.
     */
    public void begin(final Supplier<String> watch)
    {
        Heap.begun();
        this.watch = watch;
        frame = null;
        coroutine = null;
        depth = 0;
        nativeDepth = 0;
        steps = STEPS;
        blindLooks = 0;
    }

    /** A run has ended: what it held is garbage. */
    public void end()
    {
        watch = null;
        frame = null;
        coroutine = null;
        passed = null;
        Heap.ended();
    }

    public LuaTable stringMetatable()
    {
        return stringMetatable;
    }

    public void stringMetatable(final LuaTable metatable)
    {
        stringMetatable = metatable;
    }

    // Calls

    void enter()
    {
        if (++depth > DEPTH_MAX)
        {
            throw LuaError.at("stack overflow");
        }

        step();
    }

    void leave(final Frame caller)
    {
        frame = caller;
        depth--;
    }

    /** One step has been made. */
    public void step()
    {
        if (--steps < 0)
        {
            look();
        }
    }

    /** A library function has done as much as so many steps. */
    public void steps(final int count)
    {
        steps -= Math.min(count, STEPS);
        if (steps < 0)
        {
            look();
        }
    }

    /** What a script catches must not keep it from being asked, or it could never be ended. */
    private void look()
    {
        steps = STEPS;
        requireStackToLook();
        final String end = null == watch ? null : watch.get();
        if (null != end)
        {
            throw new Killed(end);
        }

        Heap.look();
    }

    private void requireStackToLook()
    {
        try
        {
            requireStack();
            blindLooks = 0;
        }
        catch (final StackOverflowError e)
        {
            if (++blindLooks > BLIND_LOOKS_MAX)
            {
                throw new Killed("ERR stack overflow");
            }

            throw e;
        }
    }

    /** Call from within a library function. */
    public Object call(final LuaFunction function, final Object... arguments)
    {
        final Frame caller = enterNative();
        final Object result = function.call(arguments);
        leaveNative(caller);
        return result;
    }

    /** Call any value from within a library function: its metatable may say how. */
    public Object callValue(final Object value, final Object... arguments)
    {
        if (value instanceof LuaFunction)
        {
            return call((LuaFunction)value, arguments);
        }

        final Object handler = Meta.handler(this, value, Meta.CALL);
        if (!(handler instanceof LuaFunction))
        {
            throw LuaError.ofCode("attempt to call a " + Meta.typeName(value) + " value");
        }

        final Object[] all = new Object[arguments.length + 1];
        all[0] = value;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return call((LuaFunction)handler, all);
    }

    /** Call what a metatable has for an event. */
    Object callMeta(final Object handler, final Object left, final Object right)
    {
        return handler instanceof LuaFunction
            ? callInside((LuaFunction)handler, left, right)
            : callValue(handler, left, right);
    }

    /** Call from within an operation: no coroutine can be suspended from there on. */
    Object callInside(final LuaFunction function, final Object first, final Object second)
    {
        enterInside();
        final Object result = function.call(first, second);
        nativeDepth--;
        return result;
    }

    Object callInside(final LuaFunction function, final Object first, final Object second, final Object third)
    {
        enterInside();
        final Object result = function.call(first, second, third);
        nativeDepth--;
        return result;
    }

    private void enterInside()
    {
        if (++nativeDepth >= NATIVE_DEPTH_MAX)
        {
            throw LuaError.at("C stack overflow");
        }
    }

    private Frame enterNative()
    {
        enterInside();
        final Frame caller = frame;
        final Frame own = new Frame(this, null, 0);
        own.parent = caller;
        frame = own;
        return caller;
    }

    private void leaveNative(final Frame caller)
    {
        frame = caller;
        nativeDepth--;
    }

    // Coroutines

    /** The coroutine that runs, or null. */
    public Coroutine coroutine()
    {
        return coroutine;
    }

    /**
     * Suspend the coroutine that runs; who has resumed it gets the values.
     *
     * @return never.
     */
    public Object yield(final Object[] values)
    {
        if (null == coroutine || !coroutine.isAtItsOwnDepth())
        {
            throw LuaError.of(LuaString.of("attempt to yield across metamethod/C-call boundary"));
        }

        coroutine.suspendIn(frame);
        passed = values;
        throw Suspension.ONE;
    }

    /** Values that go into a coroutine, or come out of it. */
    void pass(final Object[] values)
    {
        passed = values;
    }

    Object takePassed()
    {
        final Object values = passed;
        passed = null;
        return values;
    }

    boolean isDeepestInside()
    {
        return nativeDepth + 1 >= NATIVE_DEPTH_MAX;
    }

    /** What to do with an error, where it was thrown. */
    public interface Catcher
    {
        /** @return what {@link LuaState#protect} is to return. */
        Object caught(Object value);
    }

    /**
     * Call, and have errors caught. That the JVM has no memory is none of them: a script that could go on with all that it
     * holds would leave the node without any.
     */
    public Object protect(final Supplier<Object> body, final Catcher catcher)
    {
        final Frame caller = frame;
        final int depthBefore = depth;
        final int nativeBefore = nativeDepth;
        Object result;
        try
        {
            result = body.get();
        }
        catch (final LuaError e)
        {
            result = catcher.caught(valueOf(e));
        }
        catch (final StackOverflowError e)
        {
            result = catcher.caught(stackOverflow());
        }

        frame = caller;
        depth = depthBefore;
        nativeDepth = nativeBefore;
        return result;
    }

    /** The error where the thread's stack has ended: in the innermost function that had begun. */
    public LuaString stackOverflow()
    {
        Frame at = frame;
        while (null != at && (null == at.closure || at.line() < 0))
        {
            at = at.parent;
        }

        frame = at;
        return LuaString.of(where(1) + "stack overflow");
    }

    /** The value of an error that was thrown where this is now. */
    Object valueOf(final LuaError error)
    {
        return error.isPlaceWanted() ? LuaString.of(where(1) + error.value()) : error.value();
    }

    /** Make sure that the node, called from here (or asked whether to go on, when it may serve others), has stack enough: else this fails, and not the node. */
    public void requireStack()
    {
        if (depth + nativeDepth > SHALLOW)
        {
            StackProbe.probe();
        }
    }

    // Places

    /**
     * Where the function at a level is, as a text in front of an error.
     *
     * @param level 1 is who called the library function that asks, 2 who called that one.
     * @return the empty text if it is not in Lua.
     */
    public String where(final int level)
    {
        final Frame at = frameAt(level);
        return null == at || null == at.closure || at.line() < 0
            ? ""
            : shortName(at.closure.prototype.source()) + ":" + at.line() + ": ";
    }

    /** The frame of a level as {@link #where} counts them; null if there is none, or none any more. */
    public Frame frameAt(final int level)
    {
        Frame at = frame;
        for (int i = level; i > 1 && null != at; i--)
        {
            if (at.isTail && --i <= 1)
            {
                return null;
            }

            at = at.parent;
        }

        return at;
    }

    /** The innermost function of Lua that runs, or null. */
    public Frame innermost()
    {
        Frame at = frame;
        while (null != at && null == at.closure)
        {
            at = at.parent;
        }

        return at;
    }

    /** Name of the chunk of a frame, and the line that runs in it. */
    public static String source(final Frame frame)
    {
        return frame.closure.prototype.source();
    }

    public static int line(final Frame frame)
    {
        return frame.line();
    }

    /** An argument of the library function that runs is wrong. */
    public LuaError badArgument(final int number, final String message)
    {
        final Node site = null == frame || null == frame.closure ? null : frame.site;
        final String name = null == site || null == site.calleeName() ? "?" : site.calleeName();
        final int shown = null != site && site.isMethodCall() ? number - 1 : number;
        if (0 == shown && 1 == number)
        {
            return LuaError.at("calling '" + name + "' on bad self (" + message + ")");
        }

        return LuaError.at("bad argument #" + shown + " to '" + name + "' (" + message + ")");
    }

    /** Longest name of a chunk in errors. */
    private static final int NAME_MAX = 60;

    /** A chunk's name as errors show it. */
    public static String shortName(final String source)
    {
        if (source.startsWith("@"))
        {
            final String file = source.substring(1);
            final int kept = NAME_MAX - " '...' ".length() - 1;
            return file.length() > kept ? "..." + file.substring(file.length() - kept) : file;
        }

        if (source.startsWith("="))
        {
            return source.substring(1, Math.min(source.length(), NAME_MAX));
        }

        final int kept = NAME_MAX - " [string \"...\"] ".length() - 1;
        int length = 0;
        while (length < source.length() && '\n' != source.charAt(length) && '\r' != source.charAt(length))
        {
            length++;
        }

        length = Math.min(length, kept);
        return "[string \"" + source.substring(0, length) + (length < source.length() ? "..." : "") + "\"]";
    }

    /** Values behind each other. */
    public static Object[] prepend(final Object first, final Object[] rest)
    {
        final Object[] all = new Object[rest.length + 1];
        all[0] = first;
        System.arraycopy(rest, 0, all, 1, rest.length);
        return all;
    }

    /** Without the first. */
    public static Object[] behindFirst(final Object[] values)
    {
        return values.length <= 1 ? LuaFunction.NONE : Arrays.copyOfRange(values, 1, values.length);
    }
}
