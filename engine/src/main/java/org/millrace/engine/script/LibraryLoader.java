package org.millrace.engine.script;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.millrace.engine.base.Clock;
import org.millrace.engine.counters.EventLog;

/** Makes libraries of their sources: runs their code, and takes what it registers. Writer thread. */
final class LibraryLoader
{
    private static final long LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ScriptMachine machine;
    private final Clock clock;
    private final EventLog log;

    LibraryLoader(final ScriptMachine machine, final Clock clock, final EventLog log)
    {
        this.machine = machine;
        this.clock = clock;
        this.log = log;
    }

    /**
     * Load a library; nothing of it is in service yet.
     *
     * @param source not to be changed any more.
     * @param isLimited it may take half a second and not more. What the primary or a snapshot has is loaded, however long
     *     that takes.
     * @throws ScriptException with the text of the whole error.
     */
    FunctionLibrary load(final byte[] source, final boolean isLimited) throws ScriptException
    {
        return load(Shebang.ofLibrary(source), source, isLimited);
    }

    /** As the other. @param head what the source says of itself. */
    FunctionLibrary load(final ScriptHead head, final byte[] source, final boolean isLimited) throws ScriptException
    {
        final Registration registration = new Registration(isLimited ? clock.monotonicNs() + LIMIT_NS : Long.MAX_VALUE);
        try
        {
            machine.loadLibrary(source, head.from(), registration);
        }
        catch (final ScriptException e)
        {
            throw new ScriptException("ERR " + e.getMessage());
        }

        if (registration.functions.isEmpty())
        {
            throw new ScriptException("ERR No functions registered");
        }

        return new FunctionLibrary(head.name(), source, List.copyOf(registration.functions.values()));
    }

    /** One library while its code runs. */
    private final class Registration implements LibraryHost
    {
        private final Map<String, LibraryFunction> functions = new LinkedHashMap<>();
        private final long endNs;

        private Registration(final long endNs)
        {
            this.endNs = endNs;
        }

        /** Within a library names may differ by their case alone; then the whole is refused. */
        @Override
        public void register(
            final String name, final String description, final int flags, final ScriptFunction function)
            throws ScriptException
        {
            if (!Shebang.isName(name))
            {
                throw new ScriptException(Shebang.NAME_RULE);
            }

            if (functions.containsKey(name))
            {
                throw new ScriptException("Function already exists in the library");
            }

            functions.put(name, new LibraryFunction(name, description, flags, function));
        }

        @Override
        public String tick()
        {
            return clock.monotonicNs() < endNs ? null : "ERR FUNCTION LOAD timeout";
        }

        @Override
        public void log(final int level, final String text)
        {
            ScriptRun.log(log, level, text);
        }
    }
}
