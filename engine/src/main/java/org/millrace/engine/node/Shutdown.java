package org.millrace.engine.node;

import java.util.concurrent.atomic.AtomicBoolean;
import org.millrace.engine.command.BlockedCommand;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Replies;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.interest.Waiter;
import org.millrace.engine.resp.ReplyWriter;

/** SHUTDOWN and SIGTERM: waits for lagging replicas, saves, ends the process. Writer thread. */
final class Shutdown
{
    /** What it must know of the replicas. */
    interface Replicas
    {
        /** True if there are replicas and some has not acknowledged the whole stream. */
        boolean isSomeBehind();

        /** Ask all for an acknowledgement. */
        void askForAcks();

        /** Log those that are behind, and how many are not. */
        void logLag();
    }

    private final Config config;
    private final EventLog log;
    private final ExecutionState state;
    private final Persistence persistence;
    private final Replicas replicas;
    private final NodeHost host;

    private boolean isWaiting;
    private long deadlineMs;
    private boolean isSave;
    private boolean isNoSave;
    private boolean isForce;
    private String abortedWith;
    private final WaitQueue aborted = new WaitQueue();
    private boolean isDone;
    private boolean isAlwaysSaving;
    private boolean isSaved;

    /** By a signal, which may come on any thread while the writer is busy. */
    private final AtomicBoolean isAsked = new AtomicBoolean();

    Shutdown(
        final Config config,
        final EventLog log,
        final ExecutionState state,
        final Persistence persistence,
        final Replicas replicas,
        final NodeHost host)
    {
        this.config = config;
        this.log = log;
        this.state = state;
        this.persistence = persistence;
        this.replicas = replicas;
        this.host = host;
    }

    void command(final CommandContext context)
    {
        boolean save = false;
        boolean noSave = false;
        boolean now = false;
        boolean force = false;
        boolean abort = false;
        for (int i = 1; i < context.argCount(); i++)
        {
            final boolean isSaveWord = context.argIs(i, "SAVE");
            final boolean isNoSaveWord = context.argIs(i, "NOSAVE");
            final boolean isNowWord = context.argIs(i, "NOW");
            final boolean isForceWord = context.argIs(i, "FORCE");
            final boolean isAbortWord = context.argIs(i, "ABORT");
            if (!(isSaveWord || isNoSaveWord || isNowWord || isForceWord || isAbortWord))
            {
                context.reply().error(Replies.SYNTAX);
                return;
            }

            save |= isSaveWord;
            noSave |= isNoSaveWord;
            now |= isNowWord;
            force |= isForceWord;
            abort |= isAbortWord;
        }

        if (save && noSave || abort && context.argCount() > 2)
        {
            context.reply().error(Replies.SYNTAX);
        }
        else if (abort)
        {
            abort(context.reply());
        }
        else if (null != state.busyError && !noSave)
        {
            // What a script has done so far would be saved, and the rest of it never be done.
            context.reply().error(state.busyError);
        }
        else
        {
            begin(context.steadyMs(), save, noSave, now, force);
            if (isWaiting)
            {
                context.block(new Waiting());
            }
            else if (!isDone)
            {
                context.reply().error("ERR Errors trying to SHUTDOWN. Check logs.");
            }
        }
    }

    /** Any thread: a signal wants the end. @return false if one has before, and that shutdown is under way. */
    boolean ask()
    {
        return isAsked.compareAndSet(false, true);
    }

    /** Any thread: {@link #ask} was called, and what it asked for has not been given up. */
    boolean isAsked()
    {
        return isAsked.get();
    }

    /** What a signal asked for, on the writer's thread. */
    void signal(final long steadyMs, final boolean save, final boolean noSave, final boolean now, final boolean force)
    {
        if (!isWaiting && !isDone)
        {
            begin(steadyMs, save, noSave, now, force);
        }
    }

    private void begin(
        final long steadyMs, final boolean save, final boolean noSave, final boolean now, final boolean force)
    {
        log.notice("User requested shutdown...");
        host.onStopping();
        isSave = save;
        isNoSave = noSave;
        isForce = force;
        abortedWith = null;
        final long timeoutMs = 1000 * config.number(ConfigOption.SHUTDOWN_TIMEOUT);
        if (!now && timeoutMs > 0 && replicas.isSomeBehind())
        {
            log.notice("Waiting for replicas before shutting down.");
            replicas.askForAcks();
            isWaiting = true;
            state.isShuttingDown = true;
            deadlineMs = steadyMs + timeoutMs;
            return;
        }

        finish();
    }

    /** Save without save points, too, unless somebody says NOSAVE. */
    void saveAlways()
    {
        isAlwaysSaving = true;
    }

    /** Whether it has ended the node, and has saved before. */
    boolean isSaved()
    {
        return isSaved;
    }

    /** Duty cycle. */
    int poll(final long steadyMs)
    {
        if (null != abortedWith)
        {
            aborted.serve();
        }

        if (!isWaiting || steadyMs < deadlineMs && replicas.isSomeBehind())
        {
            return 0;
        }

        isWaiting = false;
        state.isShuttingDown = false;
        finish();
        return 1;
    }

    boolean isWaiting()
    {
        return isWaiting;
    }

    /** For INFO: ms until it no longer waits. */
    long remainingMs(final long steadyMs)
    {
        return Math.max(0, deadlineMs - steadyMs);
    }

    private void abort(final ReplyWriter reply)
    {
        if (!isWaiting)
        {
            reply.error("ERR No shutdown in progress.");
            return;
        }

        isWaiting = false;
        state.isShuttingDown = false;
        cancelled();
        log.notice("Shutdown manually aborted.");
        reply.ok();
    }

    private void cancelled()
    {
        abortedWith = "ERR Errors trying to SHUTDOWN. Check logs.";
        isAsked.set(false);
    }

    private void finish()
    {
        replicas.logLag();
        final boolean isWanted = isSave || !isNoSave && (isAlwaysSaving || config.savePoints().count() > 0);
        if (isWanted && isSavable())
        {
            log.notice("Saving the final RDB snapshot before exiting.");
            final String error = persistence.saveLast("shutdown");
            if (null != error && !isForce)
            {
                log.warning("Error trying to save the DB, can't exit.");
                log.warning("Errors trying to shut down the server. Check the logs for more information.");
                cancelled();
                return;
            }

            isSaved = null == error;
        }

        isDone = true;
        log.warning("Redis is now ready to exit, bye bye...");
        host.exit(0);
    }

    /** Half of a data set that is being loaded, and nothing in the place of data, are not saved over a good file. */
    private boolean isSavable()
    {
        final String refusal = persistence.refusal();
        if (null != refusal)
        {
            log.warning("Not saving the DB before exiting: " + refusal);
        }

        return null == refusal && !state.isLoading;
    }

    /** A client that has said SHUTDOWN: it is answered only if the node goes on. */
    private final class Waiting implements BlockedCommand
    {
        @Override
        public void await(final Waiter waiter, final KeyInterest keys)
        {
            aborted.add(waiter);
        }

        @Override
        public boolean answer(final CommandContext context, final WaitQueue by)
        {
            context.reply().error(abortedWith);
            return true;
        }

        @Override
        public long deadlineNs()
        {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean timeOut(final ReplyWriter reply)
        {
            return false;
        }

        @Override
        public boolean endsWithRole()
        {
            return false;
        }
    }
}
