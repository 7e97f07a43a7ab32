package org.millrace.engine.node;

import java.util.Set;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandGate;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Handler;
import org.millrace.engine.command.ReadGate;
import org.millrace.engine.command.Settings;
import org.millrace.engine.readers.Readers;

/**
 * Closes the gate of the reader threads while the node is in a state in which clients may not just read, and around
 * commands that make several changes or change that state. Writer thread.
 */
final class ReadGuard
{
    /** A slow log with a lower limit than this wants to hear of reads, of which only the writer tells. */
    private static final long SLOWLOG_MICROS_MIN = 1000;

    /** They store once, so there is no half of them to be seen. All others that write are guarded. */
    private static final Set<String> SINGLE_STORES = Set.of(
        "set", "setnx", "setex", "psetex", "getset", "getdel", "getex", "incr", "decr", "incrby", "decrby",
        "incrbyfloat", "append", "setrange", "setbit", "expire", "pexpire", "expireat", "pexpireat", "persist");

    /** They store once for each key. */
    private static final Set<String> STORES_BY_KEY = Set.of("del", "unlink");

    /** They change what {@link #refresh} looks at, or run others. */
    private static final Set<String> OTHERS = Set.of(
        "exec", "monitor", "reset", "replicaof", "slaveof", "failover", "debug", "config", "client", "info");

    /** They show figures, or set them back. */
    private static final Set<String> TELLING = Set.of("info", "client", "config", "debug");

    private final CommandContext context;
    private final ExecutionState state;
    private final Monitors monitors;
    private final Readers readers;

    ReadGuard(
        final CommandContext context, final ExecutionState state, final Monitors monitors, final Readers readers)
    {
        this.context = context;
        this.state = state;
        this.monitors = monitors;
        this.readers = readers;
    }

    /** The handler for a row of the table: its own, or a guarded one. */
    Handler guard(final CommandSpec spec, final Handler handler)
    {
        final String name = (null == spec.parent() ? spec : spec.parent()).name();
        if (STORES_BY_KEY.contains(name))
        {
            return (c) -> runByKey(handler, c);
        }

        if (OTHERS.contains(name) || spec.has(CommandFlags.WRITE) && !SINGLE_STORES.contains(name))
        {
            final boolean isTelling = TELLING.contains(name);
            return (c) -> run(handler, c, isTelling);
        }

        return handler;
    }

    private void runByKey(final Handler handler, final CommandContext c)
    {
        if (2 == c.argCount())
        {
            handler.run(c);
        }
        else
        {
            run(handler, c, false);
        }
    }

    private void run(final Handler handler, final CommandContext c, final boolean isTelling)
    {
        final ReadGate gate = context.readGate();
        gate.beginUnit();
        try
        {
            if (isTelling)
            {
                readers.collect(context.statistics(), context.settings().latencyTracking);
            }

            handler.run(c);
            refresh();
        }
        finally
        {
            gate.endUnit();
        }
    }

    /** Once a duty cycle, and where the state changes within one. */
    void refresh()
    {
        int reasons = 0;
        if (state.isLoading && !state.isAsyncLoading)
        {
            reasons |= ReadGate.LOADING;
        }

        final Settings settings = context.settings();
        if (!settings.replicaServeStale && context.role().isReplica())
        {
            reasons |= ReadGate.STALE;
        }

        if (context.steadyMs() < state.pauseAllUntilMs)
        {
            reasons |= ReadGate.PAUSED;
        }

        if (!monitors.isEmpty() || settings.slowlogMicros >= 0 && settings.slowlogMicros < SLOWLOG_MICROS_MIN)
        {
            reasons |= ReadGate.WATCHED;
        }

        context.readGate().refusePing(CommandGate.isDiskRefusing(state, settings));
        context.readGate().set(
            reasons,
            ReadGate.LOADING | ReadGate.STALE | ReadGate.PAUSED | ReadGate.WATCHED | ReadGate.NOT_SERVING);
    }

    /** The data set is about to be emptied for a load. */
    void loading()
    {
        context.readGate().set(ReadGate.LOADING, ReadGate.LOADING);
    }
}
