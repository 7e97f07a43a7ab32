package org.millrace.engine.node.clients;

import org.millrace.engine.command.CommandTable;

/** All commands about clients, connections, transactions, publish and subscribe. */
public final class SessionCommands
{
    private SessionCommands()
    {
    }

    /**
     * Add them.
     *
     * @param peers what CLIENT LIST and CLIENT KILL see beside clients.
     * @param serverVersion that HELLO names.
     * @param mode that HELLO names.
     */
    public static void register(
        final CommandTable table,
        final Clients clients,
        final PeerLines peers,
        final String serverVersion,
        final String mode)
    {
        clients.peers(peers);
        new TransactionCommands(clients.keyInterest(), clients.executor()).register(table);
        new ConnectionCommands(clients, serverVersion, mode).register(table);
        new PubSubCommands(clients.pubSub()).register(table);
        new ClientCommands(clients, clients.state(), peers).register(table);
    }
}
