package org.millrace.io.lua;

import org.millrace.io.lua.lib.BaseLibrary;
import org.millrace.io.lua.lib.BitLibrary;
import org.millrace.io.lua.lib.CoroutineLibrary;
import org.millrace.io.lua.lib.JsonLibrary;
import org.millrace.io.lua.lib.LoadLibrary;
import org.millrace.io.lua.lib.MathLibrary;
import org.millrace.io.lua.lib.MessagePackLibrary;
import org.millrace.io.lua.lib.OsLibrary;
import org.millrace.io.lua.lib.StringLibrary;
import org.millrace.io.lua.lib.StructLibrary;
import org.millrace.io.lua.lib.TableLibrary;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/**
 * The globals that scripts see, or functions. All tables are read-only, and a name that is not there is an error. Functions
 * see their globals through an empty table: while their library is loaded, there is little behind it.
 */
final class World
{
    private static final LuaString KEYS = LuaString.of("KEYS");
    private static final LuaString ARGV = LuaString.of("ARGV");

    private final LuaTable all;
    private final LuaTable globals;
    private final LuaTable strings;
    private final LuaTable window;
    private final LuaTable whileLoading;

    private World(
        final LuaTable all, final LuaTable globals, final LuaTable strings, final LuaTable window,
        final LuaTable whileLoading)
    {
        this.all = all;
        this.strings = strings;
        this.globals = globals;
        this.window = window;
        this.whileLoading = whileLoading;
    }

    static World ofScripts(final LuaState state, final RedisLibrary redis)
    {
        final LuaTable all = new LuaTable();
        final LuaTable strings = addLibraries(state, redis, all, all);
        all.set("redis", redis.forScripts());
        all.set("_G", all);
        close(all);
        return new World(all, all, strings, null, null);
    }

    static World ofFunctions(final LuaState state, final RedisLibrary redis)
    {
        final LuaTable all = new LuaTable();
        final LuaTable globals = new LuaTable();
        final LuaTable window = new LuaTable();
        globals.metatable(window);
        final LuaTable strings = addLibraries(state, redis, all, globals);
        all.set("redis", redis.forFunctions());
        all.set("_G", all);
        close(all);
        final LuaTable whileLoading = new LuaTable();
        final LuaTable registering = redis.forLoading();
        whileLoading.set("redis", registering);
        close(registering);
        close(whileLoading);
        window.set(Meta.INDEX, all);
        protect(globals);
        return new World(all, globals, strings, window, whileLoading);
    }

    /** @return the metatable of strings. */
    private static LuaTable addLibraries(final LuaState state, final RedisLibrary redis, final LuaTable all,
        final LuaTable globals)
    {
        new BaseLibrary(state).addTo(all);
        new LoadLibrary(state, globals).addTo(all);
        all.set("coroutine", new CoroutineLibrary(state).make());
        all.set("table", new TableLibrary(state).make());
        all.set("math", new MathLibrary(state, redis.random()).make());
        all.set("os", new OsLibrary(state).make());
        all.set("bit", new BitLibrary(state).make());
        all.set("struct", new StructLibrary(state).make());
        all.set("cjson", new JsonLibrary(state).make());
        all.set("cmsgpack", new MessagePackLibrary(state).make());
        final LuaTable string = new StringLibrary(state).make();
        all.set("string", string);
        final LuaTable metatable = new LuaTable();
        metatable.set(Meta.INDEX, string);
        protect(metatable);
        return metatable;
    }

    /** A name that is not there is an error, and nothing can be changed. */
    private static void close(final LuaTable table)
    {
        final LuaTable metatable = new LuaTable();
        metatable.set(Meta.INDEX, new Missing());
        table.metatable(metatable);
        protect(table);
    }

    /** Make the table read-only, and all tables in it. */
    private static void protect(final LuaTable table)
    {
        if (table.isReadOnly())
        {
            return;
        }

        table.readOnly(true);
        for (int place = table.occupied(0); place >= 0; place = table.occupied(place + 1))
        {
            if (table.valueAt(place) instanceof LuaTable)
            {
                protect((LuaTable)table.valueAt(place));
            }
        }

        if (null != table.metatable())
        {
            protect(table.metatable());
        }
    }

    /** The metatable of strings. */
    LuaTable stringMetatable()
    {
        return strings;
    }

    LuaTable globals()
    {
        return globals;
    }

    /** Give scripts their {@code KEYS} and {@code ARGV}. */
    void arguments(final LuaTable keys, final LuaTable arguments)
    {
        all.readOnly(false);
        all.set(KEYS, keys);
        all.set(ARGV, arguments);
        all.readOnly(true);
    }

    void beginLoad()
    {
        look(whileLoading);
    }

    void endLoad()
    {
        look(all);
    }

    private void look(final LuaTable at)
    {
        window.readOnly(false);
        window.set(Meta.INDEX, at);
        window.readOnly(true);
    }

    /** What is called for a global that is not there. */
    private static final class Missing extends LuaFunction
    {
        @Override
        public Object call(final Object[] arguments)
        {
            final LuaString name = arguments.length < 2 ? null : Meta.toLuaString(arguments[1]);
            throw LuaError.at("Script attempted to access nonexistent global variable '" + name + "'");
        }
    }
}
