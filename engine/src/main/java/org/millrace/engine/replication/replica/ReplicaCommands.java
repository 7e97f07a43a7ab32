package org.millrace.engine.replication.replica;

import java.util.function.BooleanSupplier;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.Session;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.memory.Decimal;
import org.millrace.engine.resp.ReplyWriter;

/** REPLICAOF, its old name SLAVEOF, and ROLE. Writer thread. */
public final class ReplicaCommands
{
    private static final int PORT_MAX = 65535;
    private static final int REPLICAOF_FLAGS = CommandFlags.ADMIN | CommandFlags.NOSCRIPT | CommandFlags.STALE |
        CommandFlags.NO_ASYNC_LOADING | CommandFlags.MOVES_READ_GATE;
    private static final int ROLE_FLAGS = CommandFlags.NOSCRIPT | CommandFlags.LOADING | CommandFlags.STALE |
        CommandFlags.FAST;

    /** Writes what ROLE of a primary answers. */
    @FunctionalInterface
    public interface PrimaryRoleReply
    {
        void writeRole(ReplyWriter reply);
    }

    private final ReplicaRole role;
    private final PrimaryRoleReply primary;
    private final BooleanSupplier isFailingOver;
    private final EventLog log;

    /** @param isFailingOver FAILOVER goes on, and decides alone whose replica this node is. */
    public ReplicaCommands(
        final ReplicaRole role,
        final PrimaryRoleReply primary,
        final BooleanSupplier isFailingOver,
        final EventLog log)
    {
        this.isFailingOver = isFailingOver;
        this.log = log;
        this.role = role;
        this.primary = primary;
    }

    public void register(final CommandTable table)
    {
        table.add("replicaof", 3, REPLICAOF_FLAGS, Category.NONE, this::replicaOf);
        table.add("slaveof", 3, REPLICAOF_FLAGS, Category.NONE, this::replicaOf);
        table.add("role", 1, ROLE_FLAGS, Category.ADMIN | Category.DANGEROUS, this::role);
    }

    private void replicaOf(final CommandContext context)
    {
        final ReplyWriter reply = context.reply();
        if (isFailingOver.getAsBoolean())
        {
            reply.error("ERR REPLICAOF not allowed while failing over.");
            return;
        }

        if (context.argIs(1, "NO") && context.argIs(2, "ONE"))
        {
            if (role.isReplica())
            {
                role.promote(context.nowNs());
                log.notice("MASTER MODE enabled (user request from '" + describe(context.session()) + "')");
            }

            reply.ok();
            return;
        }

        final int port = port(context);
        if (port < 0)
        {
            reply.error("ERR Invalid master port");
            return;
        }

        final String host = context.argText(1);
        if (role.isFollowing(host, port))
        {
            log.notice(
                "REPLICAOF would result into synchronization with the master we are already connected with. " +
                    "No operation performed.");
            role.hurry(context.nowNs());
            reply.simple("OK Already connected to specified master");
            return;
        }

        // Within EXEC: what it has written so far is the last that goes out in this node's own name.
        context.splitUnit();
        role.replicaOf(host, port, context.nowNs());
        log.notice(
            "REPLICAOF " + host + ":" + port + " enabled (user request from '" + describe(context.session()) + "')");
        reply.ok();
    }

    private void role(final CommandContext context)
    {
        if (role.isReplica())
        {
            role.writeRole(context.reply());
        }
        else
        {
            primary.writeRole(context.reply());
        }
    }

    /** The port, or -1 if the argument is none. */
    private static int port(final CommandContext context)
    {
        final long address = context.argAddress(2);
        final int length = context.argLength(2);
        if (!Decimal.isCanonical(address, length))
        {
            return -1;
        }

        final long port = Decimal.parse(address, length);
        return port < 0 || port > PORT_MAX ? -1 : (int)port;
    }

    private static String describe(final Session session)
    {
        return "id=" + session.id() + " addr=" + session.address() + " name=" + session.name() + " db=" + session.db +
            " user=default";
    }
}
