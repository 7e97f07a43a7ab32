package org.millrace.engine.command;

import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Check;
import org.millrace.engine.base.Clock;
import org.millrace.engine.interest.WaitQueue;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ErrorReply;
import org.millrace.engine.resp.ReplyTooLongException;
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

    /** What must not run within another command, whoever runs it. */
    private static final int NEVER_NESTED = CommandFlags.NO_MULTI | CommandFlags.TAKES_SOCKET;

    private final CommandTable table;
    private final WriterState writer;
    private final ReplicationStream stream;
    private final Settings settings;
    private final Statistics statistics;
    private final ClientCaches caches;
    private final FrameStack ownFrames;
    private final CommandGate gate;
    private final CommandObserver observer;
    private final Clock clock;

    /** Of what runs beside a command that goes on, null if nothing ever has. */
    private FrameStack besideFrames;
    private FrameStack frames;

    /** Whose command goes on while others run beside it. */
    private Session outerSession;
    private long lastEndNs;
    private boolean isEnded;

    public CommandExecutor(
        final CommandTable table,
        final WriterState writer,
        final CommandGate gate,
        final CommandObserver observer,
        final Clock clock)
    {
        this.table = table;
        this.writer = writer;
        stream = writer.stream();
        settings = writer.settings();
        statistics = writer.statistics();
        caches = writer.caches();
        ownFrames = new FrameStack(writer);
        frames = ownFrames;
        this.gate = gate;
        this.observer = observer;
        this.clock = clock;
    }

    public CommandTable table()
    {
        return table;
    }

    public WriterState writer()
    {
        return writer;
    }

    public CommandGate gate()
    {
        return gate;
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
        // The one before it, or what the duty cycle did before them all, may have taken long.
        renewTime(lastEndNs);
        if (isEnded)
        {
            return POSTPONED;
        }

        final CommandSpec row = CommandTable.resolve(spec, args);
        reply.buffer().begin();
        final long errorsBefore = reply.errors();
        caches.begin(session);
        final int verdict = gate.check(session, spec, row, args, reply);
        if (CommandGate.RUN == verdict)
        {
            session.lastSpec = row;
            caches.run();
            final CommandContext unit = run(session, row, args, reply);
            caches.replied();
            if (!isBeside() && !isEnded)
            {
                endUnit(unit);
                renewTime(lastEndNs);
                writer.unitEnded();
            }

            reply.buffer().release();
        }
        else if (errorsBefore != reply.errors())
        {
            observer.onError(reply.lastError());
        }

        caches.end();
        return CommandGate.POSTPONE == verdict ? POSTPONED : DONE;
    }

    /** A unit begins: the time that it has throughout is not much behind. */
    private void renewTime(final long nowNs)
    {
        if (nowNs - writer.nowNs() >= TIME_STEP_NS)
        {
            writer.time(clock.wallMs(), nowNs);
        }
    }

    /**
     * A command that has blocked may be able to answer: it tries, in a unit of its own.
     *
     * @param row of the command.
     * @param by what has come.
     * @return true if it has replied.
     */
    public boolean answer(
        final Session session,
        final CommandSpec row,
        final BlockedCommand blocked,
        final WaitQueue by,
        final ReplyWriter reply)
    {
        final Session outer = caches.session();
        final boolean isOuterRunning = caches.isRunning();
        caches.begin(session);
        caches.run();
        final boolean hasAnswered = answerOf(session, row, blocked, by, reply);
        caches.end(outer, isOuterRunning);
        return hasAnswered;
    }

    private boolean answerOf(
        final Session session,
        final CommandSpec row,
        final BlockedCommand blocked,
        final WaitQueue by,
        final ReplyWriter reply)
    {
        if (blocked.runsAgain() && !gate.mayRunAgain(session, row, blocked.args(), reply))
        {
            observer.onError(reply.lastError());
            return true;
        }

        final long startNs = clock.monotonicNs();
        renewTime(startNs);
        final CommandContext unit = frames.push(session, row, blocked.args(), reply);
        Check.that(!unit.isNested(), "a blocked command answers within another: session, database",
            session.id(), session.db);
        final boolean hasAnswered;
        reply.buffer().begin();
        writer.readGate().beginUnit();
        try
        {
            hasAnswered = blocked.answer(unit, by);
        }
        finally
        {
            writer.readGate().endUnit();
        }

        frames.pop();
        remember(row, blocked.args());
        endUnit(unit);
        caches.replied();
        lastEndNs = clock.monotonicNs();
        if (hasAnswered)
        {
            account(unit, lastEndNs - startNs);
        }

        reply.buffer().release();
        return hasAnswered;
    }

    /** The time of a command that has blocked is over, and it has answered so. */
    public void timedOut(final CommandSpec row)
    {
        row.count(0, false);
        statistics.commandsProcessed++;
    }

    /** Somebody ends the wait of a command that has blocked, by this error in place of its answer. */
    public void fail(final CommandSpec row, final String error, final ReplyWriter reply)
    {
        reply.error(error);
        row.count(0, true);
        statistics.commandsProcessed++;
        observer.onError(reply.lastError());
    }

    /** Close the stream's unit before the reply can leave. */
    private void endUnit(final CommandContext unit)
    {
        stream.endUnit();
        if (unit.hasPropagated())
        {
            unit.session().lastWriteOffset = stream.endOffset();
        }
    }

    /**
     * A command has ended in an exception. What it had propagated is a unit of its own, as are those of an EXEC that
     * went well before it.
     *
     * @param cause a {@link ReplyTooLongException} comes before a command has changed anything, or once it is done.
     * @return false if it may have left a change half done: the node must not go on.
     */
    public boolean abandon(final Throwable cause)
    {
        final boolean isHalfDone = frames.isWriting() && !(cause instanceof ReplyTooLongException);
        frames.clear();
        if (isHalfDone)
        {
            return false;
        }

        caches.replied();
        caches.end();

        if (!isBeside())
        {
            stream.endUnit();
            writer.unitEnded();
        }

        return true;
    }

    /**
     * Run a command within the one that runs: EXEC those that were queued. It is part of the open unit and has the time of
     * that. What it propagates counts as propagated by the outer one; an error that it replies does not make the outer one
     * fail, though it goes to the same client. No checks but those of what cannot be nested are made here.
     *
     * @param outer the frame of the command that runs.
     * @param session on whose behalf, with its database; usually that of the outer command.
     * @param reply where it replies to: the outer command's writer, or a {@link ReplyCapture}.
     * @return false if it was not run, and an error replied instead: it may not be nested, or not so deep.
     */
    public boolean callWithin(
        final CommandContext outer,
        final Session session,
        final CommandSpec row,
        final ArgVector args,
        final ReplyWriter reply)
    {
        Check.that(frames.isTop(outer), "a command runs another, but does not run itself: client, database",
            session.id(), session.db);
        if (frames.isFull() || row.has(NEVER_NESTED))
        {
            row.countRejected();
            reply.error(frames.isFull() ? Replies.NESTED_TOO_DEEP : Replies.NOT_IN_MULTI);
            return false;
        }

        if (outer.reply() == reply)
        {
            run(session, row, args, reply);
            return true;
        }

        reply.buffer().begin();
        run(session, row, args, reply);
        reply.buffer().release();
        return true;
    }

    /**
     * As {@link #callWithin}, for who has done other things since the last command ended: they are not counted as time of
     * this one. A reply that gets too long is an error in its place; what the command did stays done.
     */
    public void callTimed(
        final CommandContext outer,
        final Session session,
        final CommandSpec row,
        final ArgVector args,
        final ReplyWriter reply)
    {
        lastEndNs = clock.monotonicNs();
        caches.script(true);
        try
        {
            callWithin(outer, session, row, args, reply);
        }
        catch (final ReplyTooLongException e)
        {
            frames.popTo(outer);
            reply.buffer().begin();
            reply.buffer().truncate(0);
            reply.error("ERR " + e.getMessage());
            row.count(0, true);
            observer.onError(reply.lastError());
        }

        caches.script(false);
    }

    /**
     * A command is not run within another: it is answered with this error, which is counted.
     *
     * @param row null if there is no such command.
     */
    public void refuseWithin(final CommandSpec row, final ErrorReply error, final ReplyWriter reply)
    {
        if (null != row)
        {
            row.countRejected();
        }

        reply.error(error);
        observer.onError(error.text());
    }

    /** Tell those who have said MONITOR of the command that runs, before what it runs; its row has SKIP_MONITOR. */
    public void monitor(final CommandContext context)
    {
        if (observer.isMonitored())
        {
            observer.onCommand(context.session(), context.spec(), context.args());
        }
    }

    /**
     * While a command goes on, commands of other sessions run beside it until {@link #endBeside}: they are no part of its
     * unit, which stays open, and must change nothing. That is for the gate to see to.
     */
    public void beginBeside()
    {
        Check.that(!isBeside(), "commands run beside others that run beside another", 0, 0);
        if (null == besideFrames)
        {
            besideFrames = new FrameStack(writer);
        }

        frames = besideFrames;
        outerSession = caches.session();
        caches.end();
    }

    public void endBeside()
    {
        frames = ownFrames;
        caches.end(outerSession, true);
    }

    private boolean isBeside()
    {
        return frames != ownFrames;
    }

    /**
     * The node ends while a command goes on: nothing runs any more once that has returned, and its unit is never closed,
     * for half of what it was to do must not reach replicas.
     */
    public void end()
    {
        isEnded = true;
    }

    public boolean isEnded()
    {
        return isEnded;
    }

    private CommandContext run(
        final Session session, final CommandSpec row, final ArgVector args, final ReplyWriter reply)
    {
        final long startNs = lastEndNs;
        final CommandContext frame = frames.push(session, row, args, reply);
        row.handler().run(frame);
        frames.pop();
        remember(row, args);
        if (observer.isMonitored() && !row.has(CommandFlags.SKIP_MONITOR))
        {
            // After it, so that EXEC comes behind the commands it ran.
            observer.onCommand(session, row, args);
        }

        lastEndNs = clock.monotonicNs();
        if (!frame.isWaiting())
        {
            // Else once it has answered.
            account(frame, lastEndNs - startNs);
        }

        return frame;
    }

    /** The keys of a command that has read: as in Redis also if there are none, or it has failed, or goes on to wait. */
    private void remember(final CommandSpec row, final ArgVector args)
    {
        if (caches.isRemembering() && row.readsKeys())
        {
            caches.onRead(row, args);
        }
    }

    private void account(final CommandContext frame, final long durationNs)
    {
        final CommandSpec row = frame.spec();
        final boolean hasFailed = frame.hasFailed();
        row.count(durationNs, hasFailed);
        if (settings.latencyTracking)
        {
            row.track(durationNs, 1);
        }

        statistics.commandsProcessed++;
        if (hasFailed && !frame.isErrorCounted())
        {
            observer.onError(frame.reply().lastError());
        }

        if (isSlow(durationNs) && !row.has(CommandFlags.SKIP_SLOWLOG))
        {
            observer.onSlowCommand(frame.session(), row, frame.args(), durationNs);
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

        spec.handler().run(frames.push(link, spec, args, reply));
        frames.pop();
        spec.count(0, false);
        statistics.commandsProcessed++;
    }

    /** The row that a primary means by these arguments, the subcommand's row if it has one; null if unknown. */
    public CommandSpec resolve(final ArgVector args)
    {
        return CommandTable.resolve(table.findForLink(args), args);
    }

    /** The same for what a client means. */
    public CommandSpec resolveForClient(final ArgVector args)
    {
        return table.resolveForClient(args);
    }

    private boolean isSlow(final long durationNs)
    {
        return settings.slowlogMicros >= 0 && durationNs >= settings.slowlogMicros * 1000 ||
            settings.latencyMs > 0 && durationNs >= settings.latencyMs * 1_000_000;
    }
}
