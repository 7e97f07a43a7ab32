package org.millrace.engine.script;

import static org.millrace.engine.command.CommandFlags.ALLOW_BUSY;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MAY_REPLICATE;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.READONLY;
import static org.millrace.engine.command.CommandFlags.SKIP_MONITOR;
import static org.millrace.engine.command.CommandFlags.STALE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.KeyRules;
import org.millrace.engine.command.KeySpec;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ErrorKind;
import org.millrace.engine.resp.ErrorReply;

/** EVAL, EVALSHA, their forms that only read, and SCRIPT. Writer thread. */
final class EvalCommands
{
    /** Flags of whatever runs a script. */
    static final int CALL = NOSCRIPT | STALE | SKIP_MONITOR | MOVES_READ_GATE;

    private static final int TEXT = 1;

    /** A primary that sends the digest alone has sent the script before, or has it in its snapshot. */
    private static final ErrorReply NO_SCRIPT = new ErrorReply(
        ErrorKind.NOT_HELD, "NOSCRIPT No matching script. Please use EVAL.");

    private final CommandExecutor executor;
    private final ScriptCache cache;
    private final ScriptRun run;
    private final BusyWatch busy;

    EvalCommands(
        final CommandExecutor executor, final ScriptCache cache, final ScriptRun run, final BusyWatch busy)
    {
        this.executor = executor;
        this.cache = cache;
        this.run = run;
        this.busy = busy;
    }

    void register(final CommandTable table)
    {
        final CommandKeys any = keys(KeyFlags.CHANGE);
        final CommandKeys read = keys(KeyFlags.READ);
        table.add("eval", -3, CALL | MAY_REPLICATE, Category.SCRIPTING, any, (c) -> eval(c, false))
            .flags(this::flagsOfText);
        table.add("evalsha", -3, CALL | MAY_REPLICATE, Category.SCRIPTING, any, (c) -> evalsha(c, false))
            .flags(this::flagsOfDigest);
        table.add("eval_ro", -3, CALL | READONLY, Category.SCRIPTING, read, (c) -> eval(c, true))
            .flags(this::flagsOfText);
        table.add("evalsha_ro", -3, CALL | READONLY, Category.SCRIPTING, read, (c) -> evalsha(c, true))
            .flags(this::flagsOfDigest);
        final CommandSpec script = table.add("script", -2, 0, Category.NONE, HelpReplies::never)
            .sub("load", 3, NOSCRIPT | STALE, Category.SCRIPTING, this::load)
            .sub("exists", -3, NOSCRIPT, Category.SCRIPTING, this::exists)
            .sub("flush", -2, NOSCRIPT, Category.SCRIPTING, this::flush)
            .sub("kill", 2, NOSCRIPT | ALLOW_BUSY, Category.SCRIPTING, (c) -> busy.kill(false, c.reply()))
            .sub("debug", 3, NOSCRIPT, Category.SCRIPTING, EvalCommands::debug)
            .sub("help", 2, LOADING | STALE, Category.SCRIPTING, EvalCommands::help);
        script.subcommands().get("load").replicationWord(ReplicationWord.KEEPING);
        script.subcommands().get("flush").replicationWord(ReplicationWord.KEEPING);
    }

    /** Where the keys of a call are, and what may happen to them. */
    static CommandKeys keys(final int flags)
    {
        return CommandKeys.of(KeySpec.counted(2, flags)).or(KeyRules::script).optional();
    }

    /** What a script says of itself in the place of what the row supposes. @param flags bits of {@link ScriptFlags}. */
    static int flags(final int rowFlags, final int flags)
    {
        int own = rowFlags & ~(CommandFlags.STALE | CommandFlags.MAY_REPLICATE);
        if (0 == (flags & (ScriptFlags.ALLOW_OOM | ScriptFlags.NO_WRITES)))
        {
            own |= CommandFlags.DENYOOM;
        }

        if (0 == (flags & ScriptFlags.NO_WRITES))
        {
            own |= CommandFlags.WRITE;
        }

        return 0 == (flags & ScriptFlags.ALLOW_STALE) ? own : own | CommandFlags.STALE;
    }

    private int flagsOfText(final int rowFlags, final ArgVector args)
    {
        if (!Shebang.isThere(args.address(TEXT), args.length(TEXT)))
        {
            return rowFlags;
        }

        final CachedScript script = cache.findByText(args, TEXT);
        if (null != script)
        {
            return flags(rowFlags, script.flags());
        }

        try
        {
            return flags(rowFlags, Shebang.ofScript(args.bytes(TEXT)).flags());
        }
        catch (final ScriptException e)
        {
            // The handler finds out again, and says so.
            return rowFlags;
        }
    }

    private int flagsOfDigest(final int rowFlags, final ArgVector args)
    {
        final CachedScript script = cache.hasFlagged() ? cache.findByDigest(args, TEXT) : null;
        return null == script || ScriptHead.UNFLAGGED == script.flags() ? rowFlags : flags(rowFlags, script.flags());
    }

    private void eval(final CommandContext context, final boolean isReadOnly)
    {
        executor.monitor(context);
        final int keys = KeyCount.ofScript(context);
        if (KeyCount.WRONG == keys)
        {
            return;
        }

        try
        {
            run(context, ofText(context), isReadOnly, keys);
        }
        catch (final ScriptException e)
        {
            context.reply().error(e.getMessage());
        }
    }

    /** The digest of what a primary has sent may come from it later, alone. */
    private CachedScript ofText(final CommandContext context) throws ScriptException
    {
        return context.session().isPrimaryLink
            ? cache.use(cache.keep(context.args().bytes(TEXT), false))
            : cache.load(context.args(), TEXT);
    }

    private void evalsha(final CommandContext context, final boolean isReadOnly)
    {
        executor.monitor(context);
        if (Sha1.DIGITS != context.argLength(TEXT))
        {
            context.reply().error(NO_SCRIPT);
            return;
        }

        final int keys = KeyCount.ofScript(context);
        if (KeyCount.WRONG == keys)
        {
            return;
        }

        final CachedScript script = cache.findByDigest(context.args(), TEXT);
        if (null == script)
        {
            context.reply().error(NO_SCRIPT);
            return;
        }

        try
        {
            run(context, cache.use(script), isReadOnly, keys);
        }
        catch (final ScriptException e)
        {
            context.reply().error(e.getMessage());
        }
    }

    private void run(
        final CommandContext context, final CachedScript script, final boolean isReadOnly, final int keys)
    {
        run.asFunction(false).run(context, script.function(), script.name(), script.flags(), isReadOnly, keys);
    }

    private void load(final CommandContext context)
    {
        try
        {
            context.reply().bulk(cache.keep(context.args().bytes(2), !context.session().isPrimaryLink).name());
        }
        catch (final ScriptException e)
        {
            context.reply().error(e.getMessage());
        }
    }

    private void exists(final CommandContext context)
    {
        context.reply().array(context.argCount() - 2L);
        for (int i = 2; i < context.argCount(); i++)
        {
            context.reply().integer(null == cache.findByDigest(context.args(), i) ? 0 : 1);
        }
    }

    /** The words ask for two ways to give the memory back, of which there is one here. */
    private void flush(final CommandContext context)
    {
        if (context.argCount() > 3 ||
            3 == context.argCount() && !context.argIs(2, "SYNC") && !context.argIs(2, "ASYNC"))
        {
            context.reply().error("ERR SCRIPT FLUSH only support SYNC|ASYNC option");
            return;
        }

        cache.clear();
        context.reply().ok();
    }

    private static void debug(final CommandContext context)
    {
        if (context.session() instanceof Client client && client.hasPendingOutput())
        {
            context.reply().error("ERR SCRIPT DEBUG must be called outside a pipeline");
        }
        else if (context.argIs(2, "NO"))
        {
            context.reply().ok();
        }
        else if (context.argIs(2, "YES") || context.argIs(2, "SYNC"))
        {
            context.reply().error("ERR This node has no debugger for scripts");
        }
        else
        {
            context.reply().error("ERR Use SCRIPT DEBUG YES/SYNC/NO");
        }
    }

    private static void help(final CommandContext context)
    {
        HelpReplies.reply(context,
            "DEBUG (YES|SYNC|NO)", "Debugging of scripts, which this node does not have: only NO is accepted.",
            "EXISTS <sha1> [<sha1> ...]", "Tell for each digest whether the script is cached.",
            "FLUSH [ASYNC|SYNC]", "Forget all cached scripts. Both words do the same here.",
            "KILL", "End the running script, unless it has written already.",
            "LOAD <script>", "Cache a script without running it; the answer is its digest.");
    }
}
