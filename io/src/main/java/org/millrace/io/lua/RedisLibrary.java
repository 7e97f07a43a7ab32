package org.millrace.io.lua;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.millrace.engine.config.Versions;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.script.ScriptException;
import org.millrace.engine.script.ScriptHost;
import org.millrace.io.lua.lib.Library;
import org.millrace.io.lua.lib.Random48;
import org.millrace.io.lua.run.LuaState;
import org.millrace.io.lua.run.Meta;
import org.millrace.io.lua.value.LuaError;
import org.millrace.io.lua.value.LuaFunction;
import org.millrace.io.lua.value.LuaString;
import org.millrace.io.lua.value.LuaTable;

/** {@code redis}: what scripts, functions, and libraries while they are loaded find there. */
final class RedisLibrary extends Library implements AutoCloseable
{
    private static final String HEX = "0123456789abcdef";
    private static final int LEVEL_MAX = 3;

    private final Run run;
    private final ArgumentBuffer buffer = new ArgumentBuffer();
    private final ReplyToLua replies = new ReplyToLua();
    private final Random48 random = new Random48();
    private final Registration registration;

    /** Whether the last command has replied an error. */
    private boolean isError;

    RedisLibrary(final LuaState state, final Run run)
    {
        super(state);
        this.run = run;
        registration = new Registration(run);
    }

    Random48 random()
    {
        return random;
    }

    LuaTable forScripts()
    {
        final LuaTable redis = forFunctions();
        add(redis, "breakpoint", (a) -> false);
        add(redis, "debug", (a) -> NONE);
        add(redis, "replicate_commands", (a) -> true);
        return redis;
    }

    LuaTable forFunctions()
    {
        final LuaTable redis = new LuaTable();
        redis.set("call", new CommandFunction(this, true));
        redis.set("pcall", new CommandFunction(this, false));
        addCommon(redis);
        add(redis, "error_reply", this::errorReply);
        add(redis, "status_reply", this::statusReply);
        add(redis, "sha1hex", this::sha1);
        add(redis, "setresp", this::setProtocol);
        add(redis, "set_repl", this::setReplication);
        add(redis, "acl_check_cmd", this::mayExecute);
        redis.set("REPL_NONE", 0.0);
        redis.set("REPL_AOF", (double)ScriptHost.REPLICATE_AOF);
        redis.set("REPL_SLAVE", (double)ScriptHost.REPLICATE_REPLICAS);
        redis.set("REPL_REPLICA", (double)ScriptHost.REPLICATE_REPLICAS);
        redis.set("REPL_ALL", (double)(ScriptHost.REPLICATE_AOF | ScriptHost.REPLICATE_REPLICAS));
        return redis;
    }

    LuaTable forLoading()
    {
        final LuaTable redis = new LuaTable();
        addCommon(redis);
        add(redis, "register_function", registration::register);
        return redis;
    }

    private void addCommon(final LuaTable redis)
    {
        add(redis, "log", this::log);
        redis.set("LOG_DEBUG", 0.0);
        redis.set("LOG_VERBOSE", 1.0);
        redis.set("LOG_NOTICE", 2.0);
        redis.set("LOG_WARNING", 3.0);
        redis.set("REDIS_VERSION", LuaString.of(Versions.REDIS));
        redis.set("REDIS_VERSION_NUM", versionNumber());
    }

    /** A byte for each part. */
    private static double versionNumber()
    {
        double number = 0;
        for (final String part : Versions.REDIS.split("\\."))
        {
            number = number * 256 + Integer.parseInt(part);
        }

        return number;
    }

    // Commands

    /** A function of its own, so that calls with few arguments need not pass more than an array. */
    private static final class CommandFunction extends LuaFunction
    {
        private final RedisLibrary library;
        private final boolean isRaising;

        private CommandFunction(final RedisLibrary library, final boolean isRaising)
        {
            this.library = library;
            this.isRaising = isRaising;
        }

        @Override
        public Object call(final Object[] arguments)
        {
            return library.command(arguments, isRaising);
        }
    }

    private Object command(final Object[] a, final boolean isRaising)
    {
        final ArgVector arguments = 0 == a.length ? null : buffer.fill(a);
        if (null == arguments)
        {
            return raised(ErrorTable.of(badArguments(a)), isRaising);
        }

        final Object result = execute(arguments);
        return isError ? raised(result, isRaising) : result;
    }

    private static Object raised(final Object error, final boolean isRaising)
    {
        if (isRaising)
        {
            throw LuaError.of(error);
        }

        return error;
    }

    private static String badArguments(final Object[] a)
    {
        return 0 == a.length
            ? "Please specify at least one argument for this redis lib call"
            : "Lua redis lib command arguments must be strings or integers";
    }

    private Object execute(final ArgVector arguments)
    {
        state.requireStack();
        final ScriptHost host = run.host();
        try
        {
            host.call(arguments, run.protocol());
        }
        catch (final RuntimeException | Error e)
        {
            throw new HostFailure(e);
        }

        if (0 == host.replyLength())
        {
            isError = false;
            return null;
        }

        isError = '-' == Memory.getByte(host.replyAddress());
        return replies.convert(host.replyAddress());
    }

    private Object mayExecute(final Object[] a)
    {
        final ArgVector arguments = 0 == a.length ? null : buffer.fill(a);
        if (null == arguments)
        {
            throw LuaError.of(ErrorTable.of(badArguments(a)));
        }

        try
        {
            return run.host().mayExecute(arguments);
        }
        catch (final ScriptException e)
        {
            throw LuaError.of(ErrorTable.ofLine(e.getMessage()));
        }
        catch (final RuntimeException | Error e)
        {
            throw new HostFailure(e);
        }
    }

    // Replies

    private Object errorReply(final Object[] a)
    {
        if (1 != a.length || !(a[0] instanceof LuaString))
        {
            return ErrorTable.of("wrong number or type of arguments");
        }

        final String text = a[0].toString();
        return ErrorTable.ofLine(text.startsWith("-") ? text.substring(1) : text);
    }

    private Object statusReply(final Object[] a)
    {
        if (1 != a.length || !(a[0] instanceof LuaString))
        {
            return ErrorTable.of("wrong number or type of arguments");
        }

        final LuaTable table = new LuaTable();
        table.set("ok", a[0]);
        return table;
    }

    private Object sha1(final Object[] a)
    {
        if (1 != a.length)
        {
            throw LuaError.of(ErrorTable.of("wrong number of arguments"));
        }

        final LuaString text = Meta.toLuaString(a[0]);
        try
        {
            return LuaString
                .of(hex(MessageDigest.getInstance("SHA-1").digest(null == text ? new byte[0] : text.bytes())));
        }
        catch (final NoSuchAlgorithmException e)
        {
            throw new IllegalStateException("a JDK without SHA-1", e);
        }
    }

    private static String hex(final byte[] bytes)
    {
        final StringBuilder text = new StringBuilder();
        for (final byte b : bytes)
        {
            text.append(HEX.charAt(b >> 4 & 0xF)).append(HEX.charAt(b & 0xF));
        }

        return text.toString();
    }

    // Settings

    private Object log(final Object[] a)
    {
        if (a.length < 2)
        {
            throw LuaError.of(ErrorTable.of("redis.log() requires two arguments or more."));
        }

        final Double level = Meta.toNumber(a[0]);
        if (null == level)
        {
            throw LuaError.of(ErrorTable.of("First argument must be a number (log level)."));
        }

        if (toLong(level) < 0 || toLong(level) > LEVEL_MAX)
        {
            throw LuaError.of(ErrorTable.of("Invalid debug level."));
        }

        final StringBuilder text = new StringBuilder();
        for (int i = 1; i < a.length; i++)
        {
            final LuaString part = Meta.toLuaString(a[i]);
            if (null != part)
            {
                text.append(i > 1 ? " " : "").append(part);
            }
        }

        run.watch().log(level.intValue(), text.toString());
        return NONE;
    }

    private Object setProtocol(final Object[] a)
    {
        if (1 != a.length)
        {
            throw LuaError.of(ErrorTable.of("redis.setresp() requires one argument."));
        }

        final long version = integerOrZero(a[0]);
        if (version < 2 || version > 3)
        {
            throw LuaError.of(ErrorTable.of("RESP version must be 2 or 3."));
        }

        run.protocol((int)version);
        return NONE;
    }

    private static long integerOrZero(final Object value)
    {
        final Double number = Meta.toNumber(value);
        return null == number ? 0 : toLong(number);
    }

    private Object setReplication(final Object[] a)
    {
        if (1 != a.length)
        {
            throw LuaError.of(ErrorTable.of("redis.set_repl() requires two arguments."));
        }

        final long targets = integerOrZero(a[0]);
        if (0 != (targets & ~(ScriptHost.REPLICATE_AOF | ScriptHost.REPLICATE_REPLICAS)))
        {
            throw LuaError.of(ErrorTable.of(
                "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE."));
        }

        run.host().replicate((int)targets);
        return NONE;
    }

    @Override
    public void close()
    {
        buffer.close();
    }
}
