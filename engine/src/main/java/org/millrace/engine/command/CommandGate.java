package org.millrace.engine.command;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.millrace.engine.config.RedisCommands;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * Decides whether a client's command may run now, in the order of Redis's checks, and answers those that may not.
 * Writer thread.
 */
public final class CommandGate
{
    /** The command may run. */
    public static final int RUN = 0;

    /** It has been answered: refused, or queued in a MULTI. */
    public static final int ANSWERED = 1;

    /** It must wait: clients are paused. */
    public static final int POSTPONE = 2;

    /** What a client that listens to all commands may not send: it counts as a replica. */
    private static final int KEYSPACE = CommandFlags.READONLY | CommandFlags.WRITE | CommandFlags.MAY_REPLICATE;

    private static final int NAME_SHOWN_MAX = 128;

    private final WriterState writer;
    private final Settings settings;
    private final ReplicationRole role;
    private final ExecutionState state;
    private final CommandTable table;
    private final MemoryLimit limit;
    private final AccessGate access;
    private final ClientCaches caches;

    public CommandGate(
        final WriterState writer,
        final ExecutionState state,
        final CommandTable table,
        final MemoryLimit limit,
        final AccessGate access)
    {
        this.access = access;
        this.table = table;
        this.limit = limit;
        this.writer = writer;
        settings = writer.settings();
        role = writer.role();
        caches = writer.caches();
        this.state = state;
    }

    /**
     * Check.
     *
     * @param spec the command that the first argument names, or null.
     * @param row the same, or its subcommand's row; null if unknown.
     */
    public int check(
        final Session session,
        final CommandSpec spec,
        final CommandSpec row,
        final ArgVector args,
        final ReplyWriter reply)
    {
        if (null == row)
        {
            poison(session);
            reply.error(null == spec ? unknownCommand(args) + notHeld(args) : unknownSubcommand(args));
            return ANSWERED;
        }

        if (!row.isArityRight(args.count()))
        {
            return refuse(session, row, reply, "ERR wrong number of arguments for '" + row.fullName() + "' command");
        }

        if (!session.isLetIn() && !row.has(CommandFlags.NO_AUTH))
        {
            return refuse(session, row, reply, Replies.NO_AUTH);
        }

        final OpenMulti multi = session.multi();
        final boolean inMulti = null != multi;
        if (inMulti && row.has(CommandFlags.NO_MULTI))
        {
            return refuse(session, row, reply, Replies.NOT_IN_MULTI);
        }

        final int flags = row.flags(args);
        String refusal = session.rights.isUnlimited() ? null : access.refusal(session, row, args);
        refusal = null == refusal ? refusal(session, row, flags, multi) : refusal;
        if (null != refusal)
        {
            return refuse(session, row, reply, refusal);
        }

        if (isPausedFor(session, row, flags))
        {
            return POSTPONE;
        }

        if (inMulti && !row.has(CommandFlags.NOT_QUEUED))
        {
            multi.add(row, flags, args);
            reply.simple("QUEUED");
            return ANSWERED;
        }

        return RUN;
    }

    /**
     * A command that has waited is about to run again: what has changed meanwhile may refuse it.
     *
     * @return false if it has been answered with an error.
     */
    boolean mayRunAgain(
        final Session session, final CommandSpec row, final ArgVector args, final ReplyWriter reply)
    {
        String refusal = session.isLetIn() ? access.refusal(session, row, args) : Replies.NO_AUTH;
        refusal = null == refusal ? refusal(session, row, row.flags(), null) : refusal;
        if (null != refusal)
        {
            refuse(session, row, reply, refusal);
        }

        return null == refusal;
    }

    /** Asks what users may do: for who runs commands within others. */
    public AccessGate access()
    {
        return access;
    }

    /** The error that refuses it, or null; in Redis's order. */
    private String refusal(final Session session, final CommandSpec row, final int own, final OpenMulti multi)
    {
        // What EXEC runs it must be allowed to do; and it may go ahead where each of its commands may.
        final OpenMulti queued = row.has(CommandFlags.RUNS_QUEUED) ? multi : null;
        final int flags = null == queued ? own : own | queued.flags();
        final int allowed = null == queued ? own : own & queued.commonFlags();
        if (null == state.busyError)
        {
            // In the midst of a script nothing is evicted.
            state.isOutOfMemory = settings.maxMemory > 0 && !limit.makeRoom();
        }

        if (caches.isOn())
        {
            caches.keepWithinLimit();
        }

        String refusal = refusalOfMemory(row, flags, null != multi);
        if (null == refusal)
        {
            refusal = refusalOfWrites(row, 0 != (flags & CommandFlags.WRITE));
        }

        if (null == refusal && 2 == session.protocol && session.isSubscribed() &&
            !row.has(CommandFlags.WHILE_SUBSCRIBED))
        {
            refusal = "ERR Can't execute '" + row.fullName() + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / " +
                "QUIT / RESET are allowed in this context";
        }

        if (null == refusal)
        {
            refusal = refusalOfData(flags, allowed);
        }

        if (null == refusal && !row.has(CommandFlags.ALLOW_BUSY))
        {
            refusal = state.busyError;
        }

        if (null == refusal && session.isMonitor() && 0 != (flags & KEYSPACE))
        {
            refusal = "ERR Replica can't interact with the keyspace";
        }

        return refusal;
    }

    private String refusalOfMemory(final CommandSpec row, final int flags, final boolean inMulti)
    {
        if (!refusesWithoutMemory(row, flags, inMulti))
        {
            return null;
        }

        if (state.isOutOfMemory)
        {
            return Replies.OUT_OF_MEMORY.text();
        }

        final String reader = writer.data().holdingReader();
        return null == reader
            ? null
            : "OOM reader '" + reader + "' looks at values in place and keeps too much replaced memory from being " +
                "used again.";
    }

    /** By the disk, by the role, by replicas that are not there. */
    private String refusalOfWrites(final CommandSpec row, final boolean isWrite)
    {
        if (isDiskRefusing() && (isWrite || row.has(CommandFlags.FAILS_WITH_DISK)))
        {
            return null == state.logRefusal ? Replies.MISCONF : state.logRefusal;
        }

        if (!isWrite)
        {
            return null;
        }

        if (role.isReplica())
        {
            return settings.replicaReadOnly ? Replies.READONLY : null;
        }

        return lacksReplicas() ? Replies.NO_REPLICAS : null;
    }

    /** This primary has fewer replicas in good order than writes want. */
    public boolean lacksReplicas()
    {
        return settings.minReplicasToWrite > 0 && settings.minReplicasMaxLag > 0 && !role.isReplica() &&
            role.goodReplicas() < settings.minReplicasToWrite;
    }

    /** This replica has lost its primary, and is not to serve what may be old. */
    public boolean isStale()
    {
        return !settings.replicaServeStale && role.isReplica() && !role.isLinkUp();
    }

    /** Because the data are not there, or may be old. */
    private String refusalOfData(final int flags, final int allowed)
    {
        if (isStale() && 0 == (allowed & CommandFlags.STALE))
        {
            return Replies.MASTER_DOWN;
        }

        if (state.isAsyncLoading)
        {
            return 0 != (flags & CommandFlags.NO_ASYNC_LOADING) ? Replies.LOADING : null;
        }

        return state.isLoading && 0 == (allowed & CommandFlags.LOADING) ? Replies.LOADING : null;
    }

    /** The last save has failed, and writes are to stop for that; or the log cannot be written. */
    public boolean isDiskRefusing()
    {
        return isDiskRefusing(state, settings);
    }

    /** The last save has failed, and the configuration of now wants writes to stop for that. */
    public static boolean isDiskRefusing(final ExecutionState state, final Settings settings)
    {
        return state.isSaveFailed && settings.stopsWritesOnSaveError || null != state.logRefusal;
    }

    private static boolean refusesWithoutMemory(final CommandSpec row, final int flags, final boolean inMulti)
    {
        if (0 != (flags & CommandFlags.DENYOOM))
        {
            return true;
        }

        return inMulti && !row.has(CommandFlags.ENDS_MULTI);
    }

    private boolean isPausedFor(final Session session, final CommandSpec row, final int own)
    {
        if (row.has(CommandFlags.TAKES_SOCKET) && !((Client)session).mayGiveSocket())
        {
            // Later, and without a reply.
            return true;
        }

        final long steadyMs = writer.steadyMs();
        if (steadyMs < state.pauseAllUntilMs && !session.isSubscribed())
        {
            return true;
        }

        if (!state.isWritePaused(steadyMs))
        {
            return false;
        }

        final OpenMulti multi = session.multi();
        if (null != multi && !row.has(CommandFlags.RUNS_QUEUED))
        {
            return false;
        }

        final int flags = null == multi ? own : own | multi.flags();
        return 0 != (flags & (CommandFlags.WRITE | CommandFlags.MAY_REPLICATE));
    }

    /** A command inside MULTI was refused: EXEC will abort. Nothing outside MULTI. */
    private static void poison(final Session session)
    {
        final OpenMulti multi = session.multi();
        if (null != multi)
        {
            multi.poison();
        }
    }

    private int refuse(final Session session, final CommandSpec row, final ReplyWriter reply, final String error)
    {
        row.countRejected();
        if (row.has(CommandFlags.RUNS_QUEUED))
        {
            ((Client)session).discardTransaction();
            reply.error("EXECABORT Transaction discarded because of: " +
                (error.startsWith("ERR ") ? error.substring(4) : error));
            return ANSWERED;
        }

        poison(session);
        reply.error(error);
        return ANSWERED;
    }

    private static String unknownCommand(final ArgVector args)
    {
        final StringBuilder shown = new StringBuilder();
        for (int i = 1; i < args.count() && shown.length() < NAME_SHOWN_MAX; i++)
        {
            shown.append('\'').append(text(args, i, NAME_SHOWN_MAX - shown.length())).append("' ");
        }

        return "ERR unknown command '" + text(args, 0, NAME_SHOWN_MAX) + "', with args beginning with: " + shown;
    }

    /**
     * For what Redis has and this node does not, some words more, at the very end: clients look at how an error begins.
     */
    private String notHeld(final ArgVector args)
    {
        final boolean isOfRedis = RedisCommands.has(text(args, 0, NAME_SHOWN_MAX));
        return isOfRedis && null == table.find(args) ? "(a command of Redis that this node does not hold)" : "";
    }

    private static String unknownSubcommand(final ArgVector args)
    {
        return "ERR unknown subcommand '" + text(args, 1, NAME_SHOWN_MAX) + "'. Try " +
            text(args, 0, NAME_SHOWN_MAX).toUpperCase(Locale.ROOT) + " HELP.";
    }

    private static String text(final ArgVector args, final int index, final int lengthMax)
    {
        final byte[] bytes = new byte[Math.min(lengthMax, args.length(index))];
        Memory.copy(args.address(index), bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
