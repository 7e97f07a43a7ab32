package org.millrace.engine.script;

import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.keyspace.DataSet;

/** Scripts and functions of a node: all that they need, wired once, and what others want to know of them. Writer thread. */
public final class Scripts
{
    /** The part of the heap that cached scripts may take, and the libraries of clients. */
    private static final long HEAP_BYTES = Runtime.getRuntime().maxMemory() / 8;

    private final ScriptMachine machine;
    private final CommandExecutor executor;
    private final LibraryLoader loader;
    private final ScriptCache cache;
    private final BusyWatch busy;
    private final ScriptRun run;

    /**
     * @param machine closed with the command table.
     * @param busyHost serves others while a script runs for long.
     */
    public Scripts(
        final ScriptMachine machine,
        final CommandExecutor executor,
        final ExecutionState state,
        final Clock clock,
        final BusyHost busyHost)
    {
        this.machine = machine;
        this.executor = executor;
        loader = new LibraryLoader(machine, clock, executor.writer().log(), busyHost);
        cache = new ScriptCache(machine, HEAP_BYTES);
        busy = new BusyWatch(executor, state, clock, busyHost);
        run = new ScriptRun(machine, executor, state, busy);
    }

    public void register(final CommandTable table)
    {
        new EvalCommands(executor, cache, run, busy).register(table);
        new FunctionCommands(executor, run).register(table);
        new LibraryCommands(busy, new LibraryReplies(run, busy)).register(table);
        table.onClose(() ->
        {
            run.close();
            machine.close();
        });
    }

    /** A new data set is to run the libraries that are loaded into it, and not just keep them. */
    public void adopt(final DataSet data)
    {
        data.functions(new FunctionRegistry(loader, cache, HEAP_BYTES));
    }

    /** True in the midst of a script. */
    public boolean isRunning()
    {
        return run.isRunning();
    }

    /** Scripts that EVALSHA finds. */
    public int cachedScripts()
    {
        return cache.count();
    }

    /** Bytes of heap that they take, about. */
    public long cacheBytes()
    {
        return cache.bytes();
    }

    public int libraries()
    {
        return registry().libraries().size();
    }

    public int functions()
    {
        return registry().functionCount();
    }

    /** Bytes of libraries: sources and names. */
    public long libraryBytes()
    {
        return registry().bytes();
    }

    private FunctionRegistry registry()
    {
        return (FunctionRegistry)executor.writer().data().functions();
    }
}
