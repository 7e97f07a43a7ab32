package org.millrace.engine.script;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandGate;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.ReplicationRole;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.Session;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ErrorReply;
import org.millrace.engine.resp.ErrorKind;

/**
 * Decides whether a script may begin, and whether a command may run within it, in the order of Redis's checks. Once it has
 * written a script is let go on: half of what it does would be worse than all of it. Writer thread.
 */
final class ScriptGate
{
    /** What is no command to a script, whoever has it as a row: it is about a connection, or gives it away. */
    private static final int NEVER = CommandFlags.NOSCRIPT | CommandFlags.CLIENT_ONLY | CommandFlags.TAKES_SOCKET |
        CommandFlags.NO_MULTI;

    /** The same where scripts may call what they must not: DEBUG SET-DISABLE-DENY-SCRIPTS. */
    private static final int NEVER_AT_ALL = NEVER & ~CommandFlags.NOSCRIPT;

    private static final int WRITES = CommandFlags.WRITE | CommandFlags.MAY_REPLICATE;

    private static final ErrorReply UNKNOWN = notHeld("ERR Unknown Redis command called from script");
    private static final ErrorReply WRONG_ARITY = notHeld("ERR Wrong number of args calling Redis command from script");
    private static final ErrorReply NOT_ALLOWED = refused("ERR This Redis command is not allowed from script");
    private static final ErrorReply STALE = refused("ERR Can not execute the command on a stale replica");
    private static final ErrorReply READ_ONLY_SCRIPT = refused(
        "ERR Write commands are not allowed from read-only scripts.");
    private static final ErrorReply READONLY = refused(Replies.READONLY);
    private static final ErrorReply MISCONF = refused(Replies.MISCONF);
    private static final ErrorReply NO_REPLICAS = refused(Replies.NO_REPLICAS);

    private final CommandGate gate;
    private final ExecutionState state;
    private final ReplicationRole role;
    private final Settings settings;

    ScriptGate(final CommandGate gate, final ExecutionState state, final WriterState writer)
    {
        this.gate = gate;
        this.state = state;
        role = writer.role();
        settings = writer.settings();
    }

    private static ErrorReply refused(final String text)
    {
        return new ErrorReply(ErrorKind.REFUSED, text);
    }

    /** A newer server may have it: a replica whose primary's script has done it must not go on. */
    private static ErrorReply notHeld(final String text)
    {
        return new ErrorReply(ErrorKind.NOT_HELD, text);
    }

    /**
     * Why the script may not begin, or null.
     *
     * @param flags bits of {@link ScriptFlags}, or {@link ScriptHead#UNFLAGGED}.
     * @param isReadOnlyCall it is called by a command that is for scripts which only read.
     */
    String refusalOf(final Session caller, final int flags, final boolean isReadOnlyCall)
    {
        if (ScriptHead.UNFLAGGED == flags)
        {
            return gate.isStale() ? Replies.MASTER_DOWN : null;
        }

        if (gate.isStale() && 0 == (flags & ScriptFlags.ALLOW_STALE))
        {
            return "MASTERDOWN Link with MASTER is down, replica-serve-stale-data is set to 'no' and 'allow-stale' " +
                "flag is not set.";
        }

        final String refusal = 0 == (flags & ScriptFlags.NO_WRITES) ? refusalOfWriter(caller, isReadOnlyCall) : null;
        if (null != refusal)
        {
            return refusal;
        }

        final boolean needsMemory = 0 == (flags & (ScriptFlags.ALLOW_OOM | ScriptFlags.NO_WRITES));
        return needsMemory && !caller.isPrimaryLink && isOutOfMemory()
            ? "OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'"
            : null;
    }

    /** Found when the command was looked at that runs the script. */
    boolean isOutOfMemory()
    {
        return state.isOutOfMemory;
    }

    private String refusalOfWriter(final Session caller, final boolean isReadOnlyCall)
    {
        if (!caller.isPrimaryLink && role.isReplica() && settings.replicaReadOnly)
        {
            return "READONLY Can not run script with write flag on readonly replica.";
        }

        if (!caller.isPrimaryLink && gate.isDiskRefusing())
        {
            return "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
                "Writable scripts are blocked. Use 'no-writes' flag for read only scripts.";
        }

        if (isReadOnlyCall)
        {
            return "ERR Can not execute a script with write flag using *_ro command.";
        }

        return gate.lacksReplicas() ? Replies.NO_REPLICAS : null;
    }

    /**
     * Why a command may not run within the script, or null.
     *
     * @param row null if there is no such command.
     */
    ErrorReply refusalOf(final ScriptRun run, final CommandSpec row, final ArgVector args)
    {
        if (null == row)
        {
            return UNKNOWN;
        }

        if (!row.isArityRight(args.count()))
        {
            return WRONG_ARITY;
        }

        if (row.has(settings.isScriptDenyOff ? NEVER_AT_ALL : NEVER) || isOfScripts(row))
        {
            return NOT_ALLOWED;
        }

        if (gate.isStale() && !row.has(CommandFlags.STALE))
        {
            return STALE;
        }

        final String denial = gate.access().refusalWithinScript(run.caller(), row, args);
        if (null != denial)
        {
            return refused(denial);
        }

        if (run.isReadOnly() && row.has(WRITES))
        {
            return READ_ONLY_SCRIPT;
        }

        return run.hasWritten() ? null : refusalOfFirstWrite(run, row);
    }

    /** One script runs at a time, and none changes what it is made of. */
    private static boolean isOfScripts(final CommandSpec row)
    {
        return 0 != (row.categories() & Category.SCRIPTING);
    }

    private ErrorReply refusalOfFirstWrite(final ScriptRun run, final CommandSpec row)
    {
        if (row.has(CommandFlags.WRITE))
        {
            if (!run.isOfLink() && role.isReplica() && settings.replicaReadOnly)
            {
                return READONLY;
            }

            if (!run.isOfLink() && gate.isDiskRefusing())
            {
                return MISCONF;
            }

            if (gate.lacksReplicas())
            {
                return NO_REPLICAS;
            }
        }

        return row.has(CommandFlags.DENYOOM) && run.isShortOfMemory() ? Replies.OUT_OF_MEMORY : null;
    }
}
