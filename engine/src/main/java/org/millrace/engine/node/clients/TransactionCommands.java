package org.millrace.engine.node.clients;

import static org.millrace.engine.command.CommandFlags.ALLOW_BUSY;
import static org.millrace.engine.command.CommandFlags.CLIENT_ONLY;
import static org.millrace.engine.command.CommandFlags.ENDS_MULTI;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.MOVES_READ_GATE;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.NOT_QUEUED;
import static org.millrace.engine.command.CommandFlags.RUNS_QUEUED;
import static org.millrace.engine.command.CommandFlags.SKIP_SLOWLOG;
import static org.millrace.engine.command.CommandFlags.STALE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandKeys;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.KeyFlags;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ErrorKind;
import org.millrace.engine.resp.ErrorReply;
import org.millrace.engine.resp.ReplyWriter;

/** MULTI, EXEC, DISCARD, WATCH, UNWATCH. */
final class TransactionCommands
{
    private final KeyInterest keyInterest;
    private final CommandExecutor executor;
    private final ArgVector args = new ArgVector();

    TransactionCommands(final KeyInterest keyInterest, final CommandExecutor executor)
    {
        this.keyInterest = keyInterest;
        this.executor = executor;
    }

    void register(final CommandTable table)
    {
        final int flags = CLIENT_ONLY | NOSCRIPT | LOADING | STALE | FAST | ALLOW_BUSY;
        table.add("multi", 1, flags | NOT_QUEUED, Category.TRANSACTION, TransactionCommands::multi)
            .replicationWord(ReplicationWord.MULTI);
        table.add("exec", 1, CLIENT_ONLY | NOSCRIPT | LOADING | STALE | SKIP_SLOWLOG | NOT_QUEUED | ENDS_MULTI |
            RUNS_QUEUED | MOVES_READ_GATE, Category.TRANSACTION, this::exec)
            .replicationWord(ReplicationWord.EXEC);
        table.add("discard", 1, flags | NOT_QUEUED | ENDS_MULTI, Category.TRANSACTION, TransactionCommands::discard)
            .replicationWord(ReplicationWord.DISCARD);
        table.add("watch", -2, flags | NOT_QUEUED, Category.TRANSACTION, CommandKeys.all(KeyFlags.RO), this::watch);
        table.add("unwatch", 1, flags, Category.TRANSACTION, this::unwatch);
    }

    private static void multi(final CommandContext context)
    {
        final ClientSession session = ClientSession.running(context);
        if (null != session.multi())
        {
            context.reply().error("ERR MULTI calls can not be nested");
            return;
        }

        session.beginTransaction();
        context.reply().ok();
    }

    private static void discard(final CommandContext context)
    {
        if (null == context.session().multi())
        {
            context.reply().error("ERR DISCARD without MULTI");
            return;
        }

        Client.of(context).discardTransaction();
        context.reply().ok();
    }

    private void watch(final CommandContext context)
    {
        final ClientSession session = ClientSession.running(context);
        if (null != session.multi())
        {
            context.reply().error("ERR WATCH inside MULTI is not allowed");
            return;
        }

        for (int i = 1; i < context.argCount(); i++)
        {
            final long entry = context.keyspace().find(context.argAddress(i), context.argLength(i));
            final boolean isExpired = Entry.NO_ENTRY != entry && context.isExpired(entry);
            keyInterest.watch(
                session.watcher(), session.db, context.argAddress(i), context.argLength(i), isExpired);
        }

        context.reply().ok();
    }

    private void unwatch(final CommandContext context)
    {
        keyInterest.unwatch(ClientSession.running(context).watcher());
        context.reply().ok();
    }

    private void exec(final CommandContext context)
    {
        final ClientSession session = ClientSession.running(context);
        final ReplyWriter reply = context.reply();
        if (null == session.multi())
        {
            reply.error("ERR EXEC without MULTI");
            return;
        }

        final boolean isDirty = session.watcher().isDirty() || keyInterest.hasExpired(session.watcher());
        keyInterest.unwatch(session.watcher());
        try
        {
            if (session.transaction().isPoisoned())
            {
                reply.error("EXECABORT Transaction discarded because of previous errors.");
            }
            else if (isDirty)
            {
                reply.nullArray();
            }
            else
            {
                run(context, session, session.transaction());
            }
        }
        finally
        {
            session.discardTransaction();
        }
    }

    /** All commands run within the unit of EXEC, which the executor closes after it. */
    private void run(final CommandContext context, final ClientSession session, final Transaction transaction)
    {
        final ReplyWriter reply = context.reply();
        reply.array(transaction.size());
        boolean isBesideStream = false;
        for (int i = 0; i < transaction.size(); i++)
        {
            // Then REPLICAOF stands before it. It runs all the same, as in Redis, but no partial resync may come after it.
            isBesideStream |= transaction.spec(i).has(CommandFlags.WRITE) && isReadOnly(context);
            transaction.load(i, args);
            final int before = reply.buffer().length();
            runQueued(context, session, transaction.spec(i));
            if (before == reply.buffer().length())
            {
                // REPLCONF ACK, CLIENT REPLY: without an element the client would take its next reply for it.
                reply.nullBulk();
            }
        }

        if (isBesideStream)
        {
            executor.writer().role().onWriteBesideStream();
        }

        args.trim();
    }

    /** What its user may do may have changed since it was queued. */
    private void runQueued(final CommandContext context, final ClientSession session, final CommandSpec row)
    {
        final String denial = executor.gate().access().refusalOfQueued(session, row, args);
        if (null == denial)
        {
            executor.callWithin(context, session, row, args, context.reply());
        }
        else
        {
            // EXEC itself has failed then, as in Redis.
            executor.refuseWithin(null, new ErrorReply(ErrorKind.REFUSED, denial), context.reply());
            context.errorIsCounted();
        }
    }

    private static boolean isReadOnly(final CommandContext context)
    {
        return context.isReplica() && context.settings().replicaReadOnly;
    }
}
