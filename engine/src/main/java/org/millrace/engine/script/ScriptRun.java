package org.millrace.engine.script;

import org.millrace.engine.base.Check;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.Denial;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.ReplyCapture;
import org.millrace.engine.command.Session;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ErrorReply;
import org.millrace.engine.resp.ReplyWriter;

/**
 * The script or function that runs, and what it does to the node: its commands run in frames within that of the command
 * which has called it, and so are of its unit and its time. One object for all runs, since one runs at a time. Writer
 * thread.
 */
final class ScriptRun implements ScriptHost, AutoCloseable
{
    /** Of the commands that run scripts: where their keys begin. */
    private static final int FIRST_KEY = 3;

    private final ScriptMachine machine;
    private final CommandExecutor executor;
    private final WriterState writer;
    private final ScriptGate gate;
    private final BusyWatch busy;
    private final ReplyCapture capture = new ReplyCapture();
    private final ScriptSession session = new ScriptSession();

    /** Frame of the command that runs the script; null while none runs. */
    private CommandContext context;
    private String name;
    private int flags;
    private boolean isFunction;
    private boolean isReadOnly;
    private boolean hasWritten;
    private boolean wasOverMemory;

    /** Of a script that the primary has sent: what it wanted and this node cannot do; null if there was nothing. */
    private ErrorReply beyondNode;

    ScriptRun(
        final ScriptMachine machine, final CommandExecutor executor, final ExecutionState state, final BusyWatch busy)
    {
        this.machine = machine;
        this.executor = executor;
        this.busy = busy;
        writer = executor.writer();
        gate = new ScriptGate(executor.gate(), state, writer);
    }

    /**
     * Run a script to its end and reply, unless it may not begin now.
     *
     * @param newName what errors call it.
     * @param newFlags bits of {@link ScriptFlags}, or {@link ScriptHead#UNFLAGGED}.
     * @param isReadOnlyCall the command is for scripts that only read.
     * @param keys how many there are, from argument {@link #FIRST_KEY} on.
     */
    void run(
        final CommandContext caller,
        final ScriptFunction function,
        final String newName,
        final int newFlags,
        final boolean isReadOnlyCall,
        final int keys)
    {
        Check.that(null == context, "a script runs within another: client, database", caller.session().id(),
            caller.session().db);
        final String refusal = gate.refusalOf(caller.session(), newFlags, isReadOnlyCall);
        if (null != refusal)
        {
            caller.reply().error(refusal);
            return;
        }

        final boolean isFlagged = ScriptHead.UNFLAGGED != newFlags;
        context = caller;
        name = newName;
        flags = isFlagged ? newFlags : 0;
        isReadOnly = isReadOnlyCall || 0 != (flags & ScriptFlags.NO_WRITES);
        hasWritten = false;
        beyondNode = null;
        wasOverMemory = gate.isOutOfMemory();
        session.begin(caller.session());
        busy.begin(this);
        try
        {
            machine.run(function, caller.args(), FIRST_KEY, keys, this, caller.reply());
            if (null != beyondNode)
            {
                caller.reply().error(beyondNode);
            }
        }
        finally
        {
            busy.end();
            capture.begin(session.protocol);
            context = null;
        }
    }

    /** The next run is that of a function of a library, and not of EVAL. */
    ScriptRun asFunction(final boolean is)
    {
        isFunction = is;
        return this;
    }

    boolean isRunning()
    {
        return null != context;
    }

    /** By FCALL, and not by EVAL. */
    boolean isFunction()
    {
        return isFunction;
    }

    boolean isReadOnly()
    {
        return isReadOnly;
    }

    /** It has called a command that writes: it must be let go on. */
    boolean hasWritten()
    {
        return hasWritten;
    }

    /** The primary has sent it. */
    boolean isOfLink()
    {
        return session.isPrimaryLink;
    }

    /** It began when too much memory was in use, and has not said that it does not care. */
    boolean isShortOfMemory()
    {
        return wasOverMemory && 0 == (flags & ScriptFlags.ALLOW_OOM) && !isOfLink();
    }

    /** The command that runs it. */
    ArgVector command()
    {
        return context.args();
    }

    Session caller()
    {
        return context.session();
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public void call(final ArgVector arguments, final int protocol)
    {
        final ReplyWriter reply = capture.begin(protocol);
        session.protocol = protocol;
        final CommandSpec row = isOfLink() ? executor.resolve(arguments) : executor.resolveForClient(arguments);
        final ErrorReply refusal = gate.refusalOf(this, row, arguments);
        final long errorsBefore = reply.errors();
        if (null == refusal)
        {
            hasWritten |= row.has(CommandFlags.WRITE);
            executor.callTimed(context, session, row, arguments, reply);
        }
        else
        {
            executor.refuseWithin(row, refusal, reply);
        }

        if (isOfLink() && errorsBefore != reply.errors() && reply.lastKind().isBeyondNode())
        {
            beyondNode = new ErrorReply(reply.lastKind(), reply.lastError());
        }
    }

    @Override
    public long replyAddress()
    {
        return capture.address();
    }

    @Override
    public int replyLength()
    {
        return capture.length();
    }

    @Override
    public void replicate(final int targets)
    {
        session.isBesideStream = 0 == (targets & REPLICATE_REPLICAS);
    }

    @Override
    public boolean mayExecute(final ArgVector arguments) throws ScriptException
    {
        final CommandSpec row = executor.resolveForClient(arguments);
        if (null == row)
        {
            throw new ScriptException("ERR Invalid command passed to redis.acl_check_cmd()");
        }

        return session.rights.isUnlimited() || Denial.NONE == session.rights.denial(row, arguments);
    }

    @Override
    public void fail(final String text, final boolean wasCounted)
    {
        if (wasCounted)
        {
            context.errorIsCounted();
        }

        context.reply().error(text);
    }

    @Override
    public String tick()
    {
        return busy.tick();
    }

    @Override
    public void log(final int level, final String text)
    {
        log(writer.log(), level, text);
    }

    static void log(final EventLog log, final int level, final String text)
    {
        switch (level)
        {
            case 0 -> log.debug(text);
            case 1 -> log.verbose(text);
            case 2 -> log.notice(text);
            default -> log.warning(text);
        }
    }

    @Override
    public void close()
    {
        capture.close();
    }
}
