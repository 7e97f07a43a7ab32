package org.millrace.io.main;

import java.util.Map;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.io.file.TemporaryFile;
import org.millrace.io.host.Signals;
import org.millrace.io.runtime.NodeRuntime;

/**
 * What the server does on signals, as redis-server: TERM and INT end it, as their options say; a second INT ends it at
 * once, whatever keeps the writer busy; ALRM shows what the threads are doing; HUP and PIPE are ignored, PIPE by the JVM.
 */
final class ServerSignals
{
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;
    private static final int NOT_CLEAN = 1;

    private final NodeRuntime runtime;
    private final EventLog log;

    ServerSignals(final NodeRuntime runtime, final EventLog log)
    {
        this.runtime = runtime;
        this.log = log;
    }

    void install()
    {
        Signals.handleEvenIfIgnored("TERM", SIGTERM, this::end);
        Signals.handleEvenIfIgnored("INT", SIGINT, this::end);
        Signals.handle("ALRM", (name) -> logStacks());
    }

    private void end(final String name)
    {
        final boolean isFirst = runtime.node().askToShutDown();
        final boolean isInterrupt = "INT".equals(name);
        if (!isFirst && isInterrupt)
        {
            log.warning("You insist... exiting now.");
            TemporaryFile.removeOwn();
            Runtime.getRuntime().halt(NOT_CLEAN);
        }

        if (!runtime.node().isLoading())
        {
            log.warning("Received SIG" + name + " scheduling shutdown...");
        }

        runtime
            .execute(() -> shutDown(isInterrupt ? ConfigOption.SHUTDOWN_ON_SIGINT : ConfigOption.SHUTDOWN_ON_SIGTERM));
    }

    /** Writer thread. */
    private void shutDown(final ConfigOption behaviour)
    {
        if (runtime.node().isLoading())
        {
            log.warning("Received shutdown signal during loading, exiting now.");
            runtime.exit();
        }
        else
        {
            runtime.node().shutDown(behaviour);
        }
    }

    private void logStacks()
    {
        log.warning("Received SIGALRM");
        for (final Map.Entry<Thread, StackTraceElement[]> each : Thread.getAllStackTraces().entrySet())
        {
            final StringBuilder text = new StringBuilder("Thread ").append(each.getKey().getName()).append(':');
            for (final StackTraceElement element : each.getValue())
            {
                text.append(" at ").append(element);
            }

            log.warning(text.toString());
        }

        log.warning("--------");
    }
}
