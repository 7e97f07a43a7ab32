package org.millrace.engine.node;

import java.util.function.BooleanSupplier;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandGate;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Handler;
import org.millrace.engine.command.KeyPositions;
import org.millrace.engine.command.ReadGate;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.node.clients.Monitors;
import org.millrace.engine.readers.Readers;

/**
 * Closes the gate of the reader threads while the node is in a state in which clients may not just read, and around
 * commands that make several changes or change that state. Writer thread.
 */
final class ReadGuard
{
    /** A slow log with a lower limit than this wants to hear of reads, of which only the writer tells. */
    private static final long SLOWLOG_MICROS_MIN = 1000;

    private final WriterState writer;
    private final ExecutionState state;
    private final Monitors monitors;
    private final Readers readers;

    /** Connections of users who have lost rights are still to be called back. */
    private final BooleanSupplier isCallingBack;
    private final KeyPositions keys = new KeyPositions();

    ReadGuard(
        final WriterState writer,
        final ExecutionState state,
        final Monitors monitors,
        final Readers readers,
        final BooleanSupplier isCallingBack)
    {
        this.isCallingBack = isCallingBack;
        this.writer = writer;
        this.state = state;
        this.monitors = monitors;
        this.readers = readers;
    }

    /** The handler for a row of the table: its own, or a guarded one. */
    Handler guard(final CommandSpec spec, final Handler handler)
    {
        final CommandSpec command = null == spec.parent() ? spec : spec.parent();
        if (spec.has(CommandFlags.STORES_BY_KEY))
        {
            return (c) -> runByKey(spec.keys(), handler, c);
        }

        final boolean isSeenInParts = spec.has(CommandFlags.WRITE) && !spec.has(CommandFlags.STORES_ONCE);
        if (isSeenInParts || command.has(CommandFlags.MOVES_READ_GATE))
        {
            final boolean isTelling = command.has(CommandFlags.TELLS_FIGURES);
            return (c) -> run(handler, c, isTelling);
        }

        return handler;
    }

    private void runByKey(final CommandKeys commandKeys, final Handler handler, final CommandContext c)
    {
        if (commandKeys.find(c.args(), keys) && 1 == keys.count())
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
        final ReadGate gate = writer.readGate();
        gate.beginUnit();
        try
        {
            if (isTelling)
            {
                readers.collect(writer.statistics(), writer.settings().latencyTracking);
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

        final Settings settings = writer.settings();
        if (!settings.replicaServeStale && writer.role().isReplica())
        {
            reasons |= ReadGate.STALE;
        }

        if (writer.steadyMs() < state.pauseAllUntilMs)
        {
            reasons |= ReadGate.PAUSED;
        }

        if (!monitors.isEmpty() || settings.slowlogMicros >= 0 && settings.slowlogMicros < SLOWLOG_MICROS_MIN)
        {
            reasons |= ReadGate.WATCHED;
        }

        if (isCallingBack.getAsBoolean())
        {
            reasons |= ReadGate.RIGHTS;
        }

        writer.readGate().refusePing(CommandGate.isDiskRefusing(state, settings));
        writer.readGate().set(
            reasons,
            ReadGate.LOADING | ReadGate.STALE | ReadGate.PAUSED | ReadGate.WATCHED | ReadGate.NOT_SERVING |
                ReadGate.RIGHTS);
    }

    /** The data set is about to be emptied for a load. */
    void loading()
    {
        writer.readGate().set(ReadGate.LOADING, ReadGate.LOADING);
    }
}
