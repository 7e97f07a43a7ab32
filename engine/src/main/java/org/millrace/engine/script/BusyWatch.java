package org.millrace.engine.script;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Settings;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Watches how long a script runs. Beyond {@code busy-reply-threshold} others are served in its midst: they hear that the
 * node is busy, and may ask it to be killed, which it is unless it has written. Writer thread.
 */
final class BusyWatch
{
    static final String BUSY_EVAL = "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";
    static final String BUSY_FUNCTION = "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE.";

    /** Between two turns for others; in between the script has the thread. */
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final CommandExecutor executor;
    private final ExecutionState state;
    private final Settings settings;
    private final EventLog log;
    private final Clock clock;
    private final BusyHost host;

    /** Null while none runs. */
    private ScriptRun run;
    private long beganNs;
    private long servedNs;
    private boolean isBusy;
    private String killedBy;

    BusyWatch(
        final CommandExecutor executor, final ExecutionState state, final Clock clock, final BusyHost host)
    {
        this.executor = executor;
        this.state = state;
        this.clock = clock;
        this.host = host;
        settings = executor.writer().settings();
        log = executor.writer().log();
    }

    void begin(final ScriptRun newRun)
    {
        run = newRun;
        beganNs = clock.monotonicNs();
        killedBy = null;
    }

    void end()
    {
        run = null;
        if (isBusy)
        {
            isBusy = false;
            state.busyError = null;
        }
    }

    /** ms since the script began. */
    long elapsedMs()
    {
        return TimeUnit.NANOSECONDS.toMillis(clock.monotonicNs() - beganNs);
    }

    /** The running script asks whether it may go on. @return null, or the error that ends it. */
    String tick()
    {
        final long nowNs = clock.monotonicNs();
        if (!isBusy)
        {
            final long limitMs = settings.busyReplyMs;
            if (limitMs <= 0 || nowNs - beganNs < TimeUnit.MILLISECONDS.toNanos(limitMs))
            {
                return host.isEnding() ? endWithNode() : null;
            }

            beBusy();
        }

        if (null == killedBy && nowNs - servedNs >= PAUSE_NS)
        {
            serve();
            servedNs = clock.monotonicNs();
        }

        return null == killedBy && host.isEnding() ? endWithNode() : killedBy;
    }

    private void serve()
    {
        executor.beginBeside();
        try
        {
            host.serve();
        }
        catch (final RuntimeException | Error e)
        {
            throw new TurnFailure(e);
        }
        finally
        {
            executor.endBeside();
        }
    }

    private void beBusy()
    {
        log.warning("Slow script detected: still in execution after " + elapsedMs() +
            " milliseconds. You can try killing the script using the " +
            (run.isFunction() ? "FUNCTION KILL" : "SCRIPT KILL") + " command. Script name is: " + run.name() + ".");
        isBusy = true;
        state.busyError = busyError();
    }

    private String busyError()
    {
        return run.isFunction() ? BUSY_FUNCTION : BUSY_EVAL;
    }

    /** What it has written so far goes to nobody: no replica and no file is to have half of a script. */
    private String endWithNode()
    {
        if (run.hasWritten())
        {
            executor.end();
        }

        killedBy = "ERR The node ends in the middle of the script.";
        return killedBy;
    }

    /** SCRIPT KILL, FUNCTION KILL. */
    void kill(final boolean isOfFunction, final ReplyWriter reply)
    {
        if (null == run)
        {
            reply.error("NOTBUSY No scripts in execution right now.");
        }
        else if (run.isOfLink())
        {
            reply.error("UNKILLABLE The busy script was sent by a master instance in the context of replication and " +
                "cannot be killed.");
        }
        else if (run.hasWritten())
        {
            reply.error("UNKILLABLE Sorry the script already executed write commands against the dataset. You can " +
                "either wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE " +
                "command.");
        }
        else if (isOfFunction != run.isFunction())
        {
            reply.error(busyError());
        }
        else
        {
            log.notice("Lua script killed by user with SCRIPT KILL.");
            killedBy = "ERR Script killed by user with SCRIPT KILL.";
            reply.ok();
        }
    }
}
