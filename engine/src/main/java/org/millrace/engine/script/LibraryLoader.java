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
    /** All that one command of a client loads; all that a primary's command or a snapshot does. */
    private static final long LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long TRUSTED_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    private final ScriptMachine machine;
    private final Clock clock;
    private final EventLog log;
    private final BusyHost host;

    LibraryLoader(final ScriptMachine machine, final Clock clock, final EventLog log, final BusyHost host)
    {
        this.host = host;
        this.machine = machine;
        this.clock = clock;
        this.log = log;
    }

    /**
     * When loads that begin now must have ended.
     *
     * @param isLimited they may take half a second. What the primary or a snapshot has may take far longer, but not for
     *     ever: meanwhile this node serves nobody.
     * @return in ns of the monotonic clock.
     */
    long endNs(final boolean isLimited)
    {
        return clock.monotonicNs() + (isLimited ? LIMIT_NS : TRUSTED_LIMIT_NS);
    }

    /**
     * Load a library; nothing of it is in service yet.
     *
     * @param head what the source says of itself.
     * @param source not to be changed any more.
     * @param endNs of {@link #endNs}.
     * @throws ScriptException with the text of the whole error.
     */
    FunctionLibrary load(final ScriptHead head, final byte[] source, final long endNs) throws ScriptException
    {
        final Registration registration = new Registration(endNs);
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
            if (host.isAskedToEnd())
            {
                return "ERR The node ends while a library is loaded.";
            }

            return clock.monotonicNs() < endNs ? null : "ERR FUNCTION LOAD timeout";
        }

        @Override
        public void log(final int level, final String text)
        {
            ScriptRun.log(log, level, text);
        }
    }
}
