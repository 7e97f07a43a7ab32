package org.millrace.io.lua;

import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;
import org.millrace.engine.script.LibraryHost;
import org.millrace.engine.script.ScriptException;
import org.millrace.engine.script.ScriptFunction;
import org.millrace.engine.script.ScriptHost;
import org.millrace.engine.script.ScriptMachine;
import org.millrace.io.lua.parse.Parser;
import org.millrace.io.lua.run.Killed;
import org.millrace.io.lua.run.LuaClosure;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Prototype;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** Scripts and functions in Lua 5.1, with the sandbox of Redis. */
public final class LuaMachine implements ScriptMachine
{
    private static final String SCRIPT = "@user_script";
    private static final String LIBRARY = "@user_function";

    /** Made beforehand: when it is needed, nothing can be. */
    private static final Failure NO_MEMORY = new Failure("ERR not enough memory", false);

    private static final LuaTable NOTHING = new LuaTable();

    private final LuaState state = new LuaState();
    private final Run run = new Run();
    private final RedisLibrary redis = new RedisLibrary(state, run);
    private final LuaToReply replies = new LuaToReply();
    private World scripts = World.ofScripts(state, redis);
    private final World functions = World.ofFunctions(state, redis);

    /** A script: a closure is made of it for each run. */
    private record Script(Prototype prototype) implements ScriptFunction
    {
    }

    /** A function that a library has registered. */
    record Registered(LuaFunction function) implements ScriptFunction
    {
    }

    @Override
    public ScriptFunction compile(final byte[] source, final int from) throws ScriptException
    {
        return new Script(parse(source, from, SCRIPT, ""));
    }

    private Prototype parse(final byte[] source, final int from, final String name, final String prefix)
        throws ScriptException
    {
        try
        {
            return Parser.parse(source, from, name);
        }
        catch (final LuaError e)
        {
            throw new ScriptException(prefix + e.value());
        }
        catch (final StackOverflowError | OutOfMemoryError e)
        {
            throw new ScriptException(prefix + "not enough memory");
        }
    }

    @Override
    public void loadLibrary(final byte[] source, final int from, final LibraryHost host) throws ScriptException
    {
        final Prototype prototype = parse(source, from, LIBRARY, "Error compiling function: ");
        run.beginLoad(host);
        begin(functions);
        functions.beginLoad();
        try
        {
            new LuaClosure(state, prototype, functions.globals()).call();
        }
        catch (final Throwable e)
        {
            throw new ScriptException("Error registering functions: " + failure(e).text());
        }
        finally
        {
            functions.endLoad();
            letGo();
        }
    }

    @Override
    public void run(
        final ScriptFunction function, final ArgVector arguments, final int first, final int keys,
        final ScriptHost host, final ReplyWriter reply)
    {
        run.begin(host);
        begin(function instanceof Script ? scripts : functions);
        final Failure failure;
        try
        {
            failure = reply(function, arguments, first, keys, host, reply);
        }
        finally
        {
            letGo();
        }

        if (null != failure)
        {
            host.fail(failure.text(), failure.wasCounted());
        }
    }

    /** Run, and reply with what that returns. @return null, or the error to reply with instead. */
    private Failure reply(
        final ScriptFunction function, final ArgVector arguments, final int first, final int keys,
        final ScriptHost host, final ReplyWriter reply)
    {
        final Object result;
        try
        {
            result = LuaFunction.first(function instanceof Script
                ? runScript((Script)function, arguments, first, keys)
                : ((Registered)function).function().call(table(arguments, first, first + keys),
                    table(arguments, first + keys, arguments.count())));
        }
        catch (final OutOfMemoryError e)
        {
            return NO_MEMORY;
        }
        catch (final Throwable e)
        {
            return failure(e).placed(host.name(), state.innermost());
        }

        final Failure returned = Failure.returned(result);
        if (null == returned)
        {
            write(result, reply);
        }

        return returned;
    }

    /** Nothing of a run stays reachable, until the next one or for ever: the heap is the node's too. */
    private void letGo()
    {
        run.end();
        state.end();
        scripts.arguments(NOTHING, NOTHING);
    }

    /** Tables may be deeper within each other than this thread's stack is, or hold too much: then the reply is that alone. */
    private void write(final Object result, final ReplyWriter reply)
    {
        final int mark = reply.buffer().length();
        try
        {
            replies.write(result, run.protocol(), reply);
        }
        catch (final StackOverflowError e)
        {
            reply.buffer().truncate(mark);
            reply.error("ERR reached lua stack limit");
        }
        catch (final LuaError e)
        {
            reply.buffer().truncate(mark);
            reply.error("ERR " + e.value());
        }
    }

    private void begin(final World world)
    {
        state.begin(run);
        state.stringMetatable(world.stringMetatable());
    }

    private Object runScript(final Script script, final ArgVector arguments, final int first, final int keys)
    {
        scripts.arguments(table(arguments, first, first + keys), table(arguments, first + keys, arguments.count()));
        return new LuaClosure(state, script.prototype(), scripts.globals()).call();
    }

    private static LuaTable table(final ArgVector arguments, final int from, final int to)
    {
        final LuaTable table = new LuaTable();
        for (int i = from; i < to; i++)
        {
            table.set(i - from + 1, LuaString.of(arguments.bytes(i)));
        }

        return table;
    }

    /** What ended the run, as an error of the script; what the node itself has thrown goes on as it was. */
    private Failure failure(final Throwable thrown)
    {
        if (thrown instanceof HostFailure)
        {
            throw ((HostFailure)thrown).unwrap();
        }

        if (thrown instanceof LuaError)
        {
            final LuaError error = (LuaError)thrown;
            return Failure.of(state, error.isPlaceWanted()
                ? LuaString.of(state.where(1) + error.value())
                : error.value());
        }

        if (thrown instanceof Killed)
        {
            return new Failure(thrown.getMessage(), false);
        }

        if (thrown instanceof StackOverflowError)
        {
            return new Failure("ERR " + state.stackOverflow(), false);
        }

        if (thrown instanceof OutOfMemoryError)
        {
            return NO_MEMORY;
        }

        return new Failure("ERR internal error of the script engine: " + thrown, false);
    }

    @Override
    public void resetScripts()
    {
        scripts = World.ofScripts(state, redis);
    }

    @Override
    public void close()
    {
        redis.close();
    }
}
