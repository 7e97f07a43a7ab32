package org.millrace.engine.script;

import static org.millrace.engine.command.CommandFlags.MAY_REPLICATE;
import static org.millrace.engine.command.CommandFlags.READONLY;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.resp.ArgVector;

/** FCALL and FCALL_RO. Writer thread. */
final class FunctionCommands
{
    private static final int NAME = 1;

    private final CommandExecutor executor;
    private final ScriptRun run;

    FunctionCommands(final CommandExecutor executor, final ScriptRun run)
    {
        this.executor = executor;
        this.run = run;
    }

    void register(final CommandTable table)
    {
        table.add("fcall", -3, EvalCommands.CALL | MAY_REPLICATE, Category.SCRIPTING,
            EvalCommands.keys(KeyFlags.CHANGE), (c) -> call(c, false)).flags(this::flags);
        table.add("fcall_ro", -3, EvalCommands.CALL | READONLY, Category.SCRIPTING,
            EvalCommands.keys(KeyFlags.READ), (c) -> call(c, true)).flags(this::flags);
    }

    private int flags(final int rowFlags, final ArgVector args)
    {
        final LibraryFunction function = registry().find(args, NAME);
        return null == function ? rowFlags : EvalCommands.flags(rowFlags, function.flags());
    }

    private FunctionRegistry registry()
    {
        return (FunctionRegistry)executor.writer().data().functions();
    }

    private void call(final CommandContext context, final boolean isReadOnly)
    {
        executor.monitor(context);
        final LibraryFunction function = registry().find(context.args(), NAME);
        if (null == function)
        {
            context.reply().error("ERR Function not found");
            return;
        }

        final int keys = KeyCount.ofFunction(context);
        if (KeyCount.WRONG != keys)
        {
            run.asFunction(true)
                .run(context, function.function(), function.name(), function.flags(), isReadOnly, keys);
        }
    }
}
