package org.millrace.engine.replication.primary;

import java.util.Locale;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.Client;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ReplicationWord;
import org.millrace.engine.command.Replies;
import org.millrace.engine.command.Session;
import org.millrace.engine.replication.RdbCapability;

/** PSYNC, SYNC, REPLCONF, WAIT and WAITAOF: the commands by which replicas attach and clients wait for them. */
public final class PrimaryCommands
{
    private static final int HOST_LENGTH_MAX = 255;
    private static final long NS_PER_MS = 1_000_000;

    private final Primary primary;

    public PrimaryCommands(final Primary primary)
    {
        this.primary = primary;
    }

    public void register(final CommandTable table)
    {
        final int attach = CommandFlags.CLIENT_ONLY | CommandFlags.ADMIN | CommandFlags.NOSCRIPT |
            CommandFlags.NO_MULTI |
            CommandFlags.NO_ASYNC_LOADING | CommandFlags.TAKES_SOCKET;
        table.add("psync", -3, attach, Category.NONE, context -> primary.sync(context, true))
            .replicationWord(ReplicationWord.SYNC);
        table.add("sync", 1, attach, Category.NONE, context -> primary.sync(context, false))
            .replicationWord(ReplicationWord.SYNC);
        table.add(
            "replconf", -1,
            CommandFlags.CLIENT_ONLY | CommandFlags.ADMIN | CommandFlags.NOSCRIPT | CommandFlags.LOADING |
                CommandFlags.STALE |
                CommandFlags.ALLOW_BUSY,
            Category.NONE, PrimaryCommands::replconf)
            .replicationWord(ReplicationWord.REPLCONF);
        table.add("wait", 3, 0, Category.CONNECTION, this::await);
        table.add("waitaof", 4, CommandFlags.NOSCRIPT, Category.CONNECTION, this::awaitSync);
    }

    private static void replconf(final CommandContext context)
    {
        if (0 == context.argCount() % 2)
        {
            context.reply().error(Replies.SYNTAX);
            return;
        }

        final ReplicaIdentity identity = ReplicaIdentity.of(Client.of(context));
        for (int i = 1; i < context.argCount(); i += 2)
        {
            // Both are for connections that replicate already, whose input never comes here: no reply, ever.
            if (context.argIs(i, "ACK") || context.argIs(i, "GETACK"))
            {
                return;
            }

            if (!option(context, i, identity))
            {
                return;
            }
        }

        context.reply().ok();
    }

    /** One option with its value; false if it was answered with an error. */
    private static boolean option(final CommandContext context, final int index, final ReplicaIdentity identity)
    {
        final String name = context.argText(index);
        switch (name.toLowerCase(Locale.ROOT))
        {
            case "listening-port" -> {
                if (!context.readLong(index + 1))
                {
                    return false;
                }

                identity.listeningPort = (int)context.longValue();
            }
            case "ip-address" -> {
                final int length = context.argLength(index + 1);
                if (length > HOST_LENGTH_MAX)
                {
                    context.reply().error(
                        "ERR REPLCONF ip-address provided by replica instance is too long: " + length + " bytes");
                    return false;
                }

                identity.announcedHost = context.argText(index + 1);
            }
            case "capa" -> {
                identity.hasEof |= context.argIs(index + 1, "EOF");
                identity.hasPsync2 |= context.argIs(index + 1, "PSYNC2");
                identity.rdbVersion = Math.max(identity.rdbVersion, RdbCapability.version(context.argText(index + 1)));
            }
            case "rdb-only" -> {
                if (!context.readLong(index + 1))
                {
                    return false;
                }

                if (context.longValue() < 0 || context.longValue() > 1)
                {
                    context.reply().error("ERR value is out of range, value must between 0 and 1");
                    return false;
                }

                identity.isRdbOnly = 1 == context.longValue();
            }
            case "rdb-filter-only" -> {
                return filter(context, index + 1, identity);
            }
            default -> {
                context.reply().error("ERR Unrecognized REPLCONF option: " + name);
                return false;
            }
        }

        return true;
    }

    /** Without a word nothing of the snapshot is wanted, with "functions" only those. */
    private static boolean filter(final CommandContext context, final int index, final ReplicaIdentity identity)
    {
        boolean isFunctions = false;
        for (final String word : context.argText(index).trim().split("\\s+"))
        {
            if (!word.isEmpty() && !"functions".equalsIgnoreCase(word))
            {
                context.reply().error("ERR Unsupported rdb-filter-only option: " + word);
                return false;
            }

            isFunctions |= !word.isEmpty();
        }

        identity.hasFilter = true;
        identity.isFunctionsWanted = isFunctions;

        return true;
    }

    private void await(final CommandContext context)
    {
        if (primary.upstream().isReplica())
        {
            context.reply().error(
                "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica " +
                    "is configured to be writable (which is not the default) writes to replicas are just local and " +
                    "are not propagated.");
            return;
        }

        if (!context.readLong(1))
        {
            return;
        }

        final long count = context.longValue();
        if (!hasTimeout(context, 2))
        {
            return;
        }

        final long deadlineNs = deadlineNs(context);
        final Session session = context.session();
        final int acknowledged = primary.countAcknowledged(session.lastWriteOffset);
        if (acknowledged >= count || context.isNested())
        {
            context.reply().integer(acknowledged);
            return;
        }

        context.block(new WaitCommand(primary, session.lastWriteOffset, count, deadlineNs));
        primary.askForAcks();
    }

    /** False if the argument is no timeout, which the reply says. */
    private static boolean hasTimeout(final CommandContext context, final int index)
    {
        if (!context.readLong(index, "ERR timeout is not an integer or out of range"))
        {
            return false;
        }

        if (context.longValue() < 0)
        {
            context.reply().error("ERR timeout is negative");
            return false;
        }

        return true;
    }

    /** Behind {@link #hasTimeout}. */
    private static long deadlineNs(final CommandContext context)
    {
        final long timeoutMs = context.longValue();
        return 0 == timeoutMs || timeoutMs > (Long.MAX_VALUE - context.nowNs()) / NS_PER_MS
            ? Long.MAX_VALUE
            : context.nowNs() + timeoutMs * NS_PER_MS;
    }

    private void awaitSync(final CommandContext context)
    {
        if (!context.readLong(1))
        {
            return;
        }

        final long local = context.longValue();
        if (local < 0 || local > 1)
        {
            context.reply().error("ERR value is out of range, value must between 0 and 1");
            return;
        }

        if (!context.readLong(2))
        {
            return;
        }

        final long count = context.longValue();
        if (count < 0)
        {
            context.reply().error("ERR value is out of range, must be positive");
            return;
        }

        if (hasTimeout(context, 3))
        {
            awaitSync(context, local, count, deadlineNs(context));
        }
    }

    private void awaitSync(final CommandContext context, final long local, final long count, final long deadlineNs)
    {
        if (primary.upstream().isReplica())
        {
            context.reply().error(
                "ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just " +
                    "local and are not propagated.");
            return;
        }

        if (local > 0 && !primary.stream().isDurable())
        {
            context.reply().error(SyncWait.NO_LOG);
            return;
        }

        final SyncWait wait = new SyncWait(primary, context.session().lastWriteOffset, local, count, deadlineNs);
        if (wait.isDone() || context.isNested())
        {
            wait.reply(context.reply());
            return;
        }

        context.block(wait);
        primary.stream().hurrySync();
        primary.askForAcks();
    }
}
