package org.millrace.io.lua.lib;

import java.util.Arrays;
import org.millrace.io.lua.run.Frame;
import org.millrace.io.lua.run.LuaClosure;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;
import org.millrace.io.lua.value.NumberParser;

/** The functions without a table of their own, but those that load code ({@link LoadLibrary}). */
public final class BaseLibrary extends Library
{
    /** Values that a call can have. */
    private static final int RESULTS_MAX = 7999;

    private static final LuaString ERR = LuaString.of("err");
    private static final int BASE_MIN = 2;
    private static final int BASE_MAX = 36;

    private final LuaFunction next = new NextFunction(this);

    public BaseLibrary(final LuaState state)
    {
        super(state);
    }

    /** Put all into a table of globals. */
    public void addTo(final LuaTable globals)
    {
        add(globals, "assert", this::assertTrue);
        add(globals, "error", this::error);
        add(globals, "pcall", this::pcall);
        add(globals, "xpcall", this::xpcall);
        add(globals, "type", (a) -> LuaString.of(Meta.typeName(any(a, 0))));
        add(globals, "tostring", this::text);
        add(globals, "tonumber", this::toNumber);
        add(globals, "select", this::select);
        add(globals, "unpack", this::unpack);
        addTableFunctions(globals);
        add(globals, "gcinfo", (a) -> results(usedKilobytes(), 0.0));
        add(globals, "collectgarbage", this::collectGarbage);
        add(globals, "getfenv", this::getGlobals);
        add(globals, "setfenv", this::setGlobals);
        globals.set("_VERSION", LuaString.of("Lua 5.1"));
    }

    private void addTableFunctions(final LuaTable globals)
    {
        final LuaFunction step = new IpairsStep(this);
        globals.set("next", next);
        add(globals, "pairs", (a) -> results(next, table(a, 0), null));
        add(globals, "ipairs", (a) -> results(step, table(a, 0), 0.0));
        add(globals, "rawequal", (a) -> Meta.rawEqual(any(a, 0), any(a, 1)));
        add(globals, "rawget", (a) -> table(a, 0).get(any(a, 1)));
        add(globals, "rawset", this::rawSet);
        add(globals, "getmetatable", this::getMetatable);
        add(globals, "setmetatable", this::setMetatable);
    }

    // Errors

    private Object assertTrue(final Object[] a)
    {
        if (Meta.isTrue(any(a, 0)))
        {
            return a;
        }

        throw LuaError.at(isNone(a, 1) ? "assertion failed!" : string(a, 1).toString());
    }

    private Object error(final Object[] a)
    {
        final int level = (int)integer(a, 1, 1);
        final Object value = at(a, 0);
        if (level > 0 && (value instanceof LuaString || value instanceof Double))
        {
            throw LuaError.of(LuaString.of(state.where(level) + Meta.toLuaString(value)));
        }

        throw LuaError.of(value);
    }

    private Object pcall(final Object[] a)
    {
        if (0 == a.length)
        {
            return results(false, LuaString.of("attempt to call a boolean value"));
        }

        return state.protect(
            () -> LuaState.prepend(true, LuaFunction.all(state.callValue(a[0], LuaState.behindFirst(a)))),
            (value) -> results(false, plain(value)));
    }

    /** Of an error that is a table with its text, {@code pcall} gives the text, as before errors were tables. */
    private static Object plain(final Object value)
    {
        final Object text = value instanceof LuaTable ? ((LuaTable)value).get(ERR) : null;
        return text instanceof LuaString || text instanceof Double ? text : value;
    }

    private Object xpcall(final Object[] a)
    {
        any(a, 1);
        return state.protect(
            () -> LuaState.prepend(true, LuaFunction.all(state.callValue(a[0]))),
            (value) -> results(false, handled(a[1], value)));
    }

    private Object handled(final Object handler, final Object value)
    {
        return state.protect(() -> LuaFunction.first(state.callValue(handler, value)),
            (second) -> LuaString.of("error in error handling"));
    }

    // Values

    /** What a metatable makes of the value may be anything. */
    private Object text(final Object[] a)
    {
        final Object handler = Meta.handler(state, any(a, 0), Meta.TOSTRING);
        return null == handler
            ? Meta.describe(state, a[0])
            : LuaFunction.first(state.callValue(handler, a[0]));
    }

    private Object toNumber(final Object[] a)
    {
        final long base = integer(a, 1, 10);
        if (10 == base)
        {
            return Meta.toNumber(any(a, 0));
        }

        final LuaString text = string(a, 0);
        if (base < BASE_MIN || base > BASE_MAX)
        {
            throw badArgument(1, "base out of range");
        }

        return NumberParser.parse(text, (int)base);
    }

    private Object select(final Object[] a)
    {
        if (at(a, 0) instanceof LuaString && '#' == firstByte((LuaString)a[0]))
        {
            return (double)(a.length - 1);
        }

        int index = small(a, 0);
        if (index < 0)
        {
            index = a.length + index;
        }
        else if (index > a.length)
        {
            index = a.length;
        }

        if (index < 1)
        {
            throw badArgument(0, "index out of range");
        }

        return Arrays.copyOfRange(a, index, a.length);
    }

    private static int firstByte(final LuaString text)
    {
        return 0 == text.length() ? -1 : text.at(0);
    }

    private Object unpack(final Object[] a)
    {
        final LuaTable table = table(a, 0);
        final int from = (int)integer(a, 1, 1);
        final int to = isNone(a, 2) ? table.length() : small(a, 2);
        final long count = (long)to - from + 1;
        if (count <= 0)
        {
            return NONE;
        }

        if (count > RESULTS_MAX)
        {
            throw LuaError.at("too many results to unpack");
        }

        final Object[] values = new Object[(int)count];
        for (int i = 0; i < values.length; i++)
        {
            values[i] = table.get(from + i);
        }

        return values;
    }

    // Tables

    /** The pair behind a key, or nil. */
    Object next(final Object subject, final Object key)
    {
        if (!(subject instanceof LuaTable))
        {
            throw typeError(results(subject), 0, "table");
        }

        final LuaTable table = (LuaTable)subject;
        final int place = table.occupied(table.placeBehind(key));
        return place < 0 ? null : results(table.keyAt(place), table.valueAt(place));
    }

    /** The element behind an index, or nil. */
    Object nextElement(final Object subject, final Object index)
    {
        final Object[] arguments = {subject, index};
        final LuaTable table = table(arguments, 0);
        final int i = small(arguments, 1) + 1;
        final Object value = table.get(i);
        return null == value ? NONE : results((double)i, value);
    }

    private Object rawSet(final Object[] a)
    {
        table(a, 0).set(any(a, 1), any(a, 2));
        return a[0];
    }

    private Object getMetatable(final Object[] a)
    {
        final LuaTable metatable = Meta.metatable(state, any(a, 0));
        final Object hidden = null == metatable ? null : metatable.get(Meta.METATABLE);
        return null == hidden ? metatable : hidden;
    }

    private Object setMetatable(final Object[] a)
    {
        final LuaTable table = table(a, 0);
        if (a.length < 2 || null != a[1] && !(a[1] instanceof LuaTable))
        {
            throw badArgument(1, "nil or table expected");
        }

        if (null != table.metatable() && null != table.metatable().get(Meta.METATABLE))
        {
            throw LuaError.at("cannot change a protected metatable");
        }

        if (table.isReadOnly())
        {
            throw LuaError.ofCode("Attempt to modify a readonly table");
        }

        table.metatable((LuaTable)a[1]);
        return table;
    }

    // Memory: that of the JVM, which scripts share

    private static double usedKilobytes()
    {
        final Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1024.0;
    }

    private Object collectGarbage(final Object[] a)
    {
        final String option = isNone(a, 0) ? "collect" : string(a, 0).toString();
        return switch (option)
        {
            case "count" -> usedKilobytes();
            case "step" -> true;
            case "collect", "stop", "restart", "setpause", "setstepmul" -> 0.0;
            default -> throw badArgument(0, "invalid option '" + option + "'");
        };
    }

    // Globals of a function

    private Object getGlobals(final Object[] a)
    {
        final Object which = isNone(a, 0) ? (Object)1.0 : a[0];
        if (which instanceof LuaFunction && !(which instanceof LuaClosure))
        {
            return state.innermost().closure().globals();
        }

        return function(a, which).globals();
    }

    private Object setGlobals(final Object[] a)
    {
        final LuaTable globals = table(a, 1);
        final Object which = at(a, 0);
        if (which instanceof LuaFunction && !(which instanceof LuaClosure))
        {
            throw LuaError.at("'setfenv' cannot change environment of given object");
        }

        final LuaClosure closure = function(a, which);
        closure.globals(globals);
        return closure;
    }

    private LuaClosure function(final Object[] a, final Object which)
    {
        if (which instanceof LuaClosure)
        {
            return (LuaClosure)which;
        }

        final int level = null == which ? small(a, 0) : small(results(which), 0);
        if (level < 0)
        {
            throw badArgument(0, "level must be non-negative");
        }

        final Frame frame = state.frameAt(Math.max(1, level));
        if (null == frame || null == frame.closure())
        {
            throw badArgument(0, "invalid level");
        }

        return frame.closure();
    }
}
