package org.millrace.engine.command;

import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Clock;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Runs commands: {@link CommandGate} decides whether, this class does, closes the stream's unit before any reply can
 * leave, and counts. Writer thread.
 */
public final class CommandExecutor
{
    /** The command was answered, or will be. */
    public static final int DONE = 0;

    /** Clients are paused: the caller keeps the bytes and comes again. */
    public static final int POSTPONED = 1;

    /** What the cached time may be behind when a command begins. */
    private static final long TIME_STEP_NS = 1_000_000;

    private final CommandTable table;
    private final CommandContext context;
    private final CommandGate gate;
    private final CommandObserver observer;
    private final Clock clock;
    private long lastEndNs;
    private boolean isWriting;

    public CommandExecutor(
        final CommandTable table,
        final CommandContext context,
        final CommandGate gate,
        final CommandObserver observer,
        final Clock clock)
    {
        this.table = table;
        this.context = context;
        this.gate = gate;
        this.observer = observer;
        this.clock = clock;
    }

    public CommandTable table()
    {
        return table;
    }

    public CommandContext context()
    {
        return context;
    }

    /** Begin a batch of commands: durations are counted from here. */
    public void beginBatch()
    {
        lastEndNs = clock.monotonicNs();
    }

    /** One command of a client, with all checks; replies unless {@link #POSTPONED}. */
    public int execute(final Session session, final ArgVector args, final ReplyWriter reply)
    {
        return execute(session, table.findForClient(args), args, reply);
    }

    /** As the other, for the row that {@link CommandTable#findForClient} gave. */
    public int execute(
        final Session session, final CommandSpec spec, final ArgVector args, final ReplyWriter reply)
    {
        if (lastEndNs - context.nowNs() >= TIME_STEP_NS)
        {
            // The one before it, or what the duty cycle did before them all, has taken long.
            context.time(clock.wallMs(), lastEndNs);
        }

        final CommandSpec row = subcommandOf(spec, args);
        final long errorsBefore = reply.errors();
        final int verdict = gate.check(session, spec, row, args, reply);
        if (CommandGate.RUN == verdict)
        {
            session.lastSpec = row;
            call(session, row, args, reply);
            stream().endUnit();
            if (context.hasPropagated())
            {
                session.lastWriteOffset = stream().endOffset();
            }
        }
        else if (CommandGate.POSTPONE == verdict)
        {
            return POSTPONED;
        }
        else if (errorsBefore != reply.errors())
        {
            observer.onError(reply.lastError());
        }

        return DONE;
    }

    /**
     * A command has ended in an exception. What it had propagated is a unit of its own, as are those of an EXEC that
     * went well before it.
     *
     * @return false if it may have left a change half done: the node must not go on.
     */
    public boolean abandon()
    {
        if (isWriting)
        {
            return false;
        }

        stream().endUnit();
        return true;
    }

    /** Run a command that has been checked, as part of the open unit. EXEC calls this for each queued command. */
    public void call(final Session session, final CommandSpec spec, final ArgVector args, final ReplyWriter reply)
    {
        final long errorsBefore = reply.errors();
        final long startNs = lastEndNs;
        context.begin(session, spec, args, reply);
        isWriting = spec.has(CommandFlags.WRITE);
        spec.handler().run(context);
        isWriting = false;
        if (observer.isMonitored() && !spec.has(CommandFlags.SKIP_MONITOR))
        {
            // After it, so that EXEC comes behind the commands it ran.
            observer.onCommand(session, spec, args);
        }

        final long endNs = clock.monotonicNs();
        lastEndNs = endNs;

        // EXEC has not failed because a command in it has, and that one is counted already.
        final boolean hasFailed = Math.max(errorsBefore, context.errorsCounted()) != reply.errors();
        final long durationNs = endNs - startNs;
        spec.count(durationNs, hasFailed);
        if (context.settings().latencyTracking)
        {
            spec.track(durationNs, 1);
        }

        context.statistics().commandsProcessed++;
        if (hasFailed)
        {
            observer.onError(reply.lastError());
        }

        if (isSlow(durationNs) && !spec.has(CommandFlags.SKIP_SLOWLOG))
        {
            observer.onSlowCommand(session, spec, args, durationNs);
        }
    }

    /**
     * Run one command of the link to our primary: never refused for role, memory or expiry, never encoded into the
     * stream (the link appends the received bytes itself). MULTI and EXEC are the link's own business: between them it
     * calls this for each queued command. The reply is discarded by the caller; errors are counted in it.
     *
     * @return false if the command is unknown to this node, wrong in arity, or has no place in a stream: nothing was run.
     */
    public boolean applyFromLink(final Session link, final ArgVector args, final ReplyWriter reply)
    {
        final CommandSpec spec = resolve(args);
        if (null == spec || !spec.isArityRight(args.count()) || spec.has(CommandFlags.CLIENT_ONLY))
        {
            return false;
        }

        applyFromLink(link, spec, args, reply);
        return true;
    }

    /** As the other, for a row that {@link #resolve} gave and whose arity is right. */
    public void applyFromLink(
        final Session link, final CommandSpec spec, final ArgVector args, final ReplyWriter reply)
    {
        if (observer.isMonitored() && !spec.has(CommandFlags.SKIP_MONITOR))
        {
            observer.onCommand(link, spec, args);
        }

        context.begin(link, spec, args, reply);
        spec.handler().run(context);
        spec.count(0, false);
        context.statistics().commandsProcessed++;
    }

    /** The row that a primary means by these arguments, the subcommand's row if it has one; null if unknown. */
    public CommandSpec resolve(final ArgVector args)
    {
        return subcommandOf(table.findForLink(args), args);
    }

    /** The same for what a client means. */
    public CommandSpec resolveForClient(final ArgVector args)
    {
        return subcommandOf(table.findForClient(args), args);
    }

    private static CommandSpec subcommandOf(final CommandSpec spec, final ArgVector args)
    {
        if (null == spec || spec.subcommands().isEmpty() || args.count() < 2)
        {
            return spec;
        }

        return spec.subcommand(args);
    }

    private boolean isSlow(final long durationNs)
    {
        final Settings settings = context.settings();
        return settings.slowlogMicros >= 0 && durationNs >= settings.slowlogMicros * 1000 ||
            settings.latencyMs > 0 && durationNs >= settings.latencyMs * 1_000_000;
    }

    private ReplicationStream stream()
    {
        return context.stream();
    }
}
