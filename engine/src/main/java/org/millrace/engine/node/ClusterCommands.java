package org.millrace.engine.node;

import static org.millrace.engine.command.CommandFlags.ADMIN;
import static org.millrace.engine.command.CommandFlags.FAST;
import static org.millrace.engine.command.CommandFlags.LOADING;
import static org.millrace.engine.command.CommandFlags.NOSCRIPT;
import static org.millrace.engine.command.CommandFlags.NO_ASYNC_LOADING;
import static org.millrace.engine.command.CommandFlags.STALE;

import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandSpec;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.HelpReplies;

/**
 * What belongs to Redis Cluster, which a node is never part of: known by name, arity and flags, since clients ask for
 * them to find out, and answered as a server answers that was started without {@code cluster-enabled}.
 */
final class ClusterCommands
{
    private static final String DISABLED = "ERR This instance has cluster support disabled";

    private ClusterCommands()
    {
    }

    static void register(final CommandTable table)
    {
        table.add("asking", 1, FAST, Category.CONNECTION, ClusterCommands::refuse);
        table.add("readonly", 1, LOADING | STALE | FAST, Category.CONNECTION, ClusterCommands::refuse);
        table.add("readwrite", 1, LOADING | STALE | FAST, Category.CONNECTION, ClusterCommands::refuse);

        final CommandSpec cluster = table.add("cluster", -2, 0, Category.NONE, HelpReplies::never);
        final int changing = ADMIN | STALE | NO_ASYNC_LOADING;
        subcommands(cluster, 2, changing, "saveconfig", "bumpepoch", "flushslots");
        subcommands(cluster, 3, changing, "replicate", "forget", "set-config-epoch");
        subcommands(cluster, -2, changing, "failover");
        subcommands(cluster, -3, changing, "addslots", "delslots");
        subcommands(cluster, -4, changing, "addslotsrange", "delslotsrange", "setslot", "meet");
        subcommands(cluster, -2, ADMIN | NOSCRIPT | STALE, "reset");
        subcommands(cluster, 3, ADMIN | STALE, "slaves", "replicas", "count-failure-reports");
        subcommands(cluster, 2, STALE, "links", "myid", "myshardid", "nodes", "info");
        subcommands(cluster, 3, STALE, "countkeysinslot", "keyslot");
        subcommands(cluster, 4, STALE, "getkeysinslot");
        subcommands(cluster, 2, LOADING | STALE, "shards", "slots", "help");
    }

    private static void subcommands(
        final CommandSpec cluster, final int arity, final int flags, final String... names)
    {
        for (final String name : names)
        {
            cluster.sub(name, arity, flags, Category.NONE, ClusterCommands::refuse);
        }
    }

    private static void refuse(final CommandContext context)
    {
        context.reply().error(DISABLED);
    }
}
