package org.millrace.engine.replication.primary;

import org.millrace.engine.command.Client;
import org.millrace.engine.transport.AddressFormat;

/** What a connection has told about itself with REPLCONF before PSYNC. Writer thread, until it becomes a replica. */
final class ReplicaIdentity
{
    int listeningPort;
    String announcedHost = "";
    boolean hasEof;
    boolean hasPsync2;

    /** The newest that it has said that it loads; 0 if it has said nothing. */
    int rdbVersion;
    boolean isRdbOnly;

    /** It wants no data, and function libraries only if it says so. */
    boolean hasFilter;
    boolean isFunctionsWanted;

    /** The one that belongs to a client; made at the first call. */
    static ReplicaIdentity of(final Client client)
    {
        if (client.replication instanceof ReplicaIdentity known)
        {
            return known;
        }

        final ReplicaIdentity fresh = new ReplicaIdentity();
        client.replication = fresh;
        return fresh;
    }

    String host(final Client client)
    {
        return announcedHost.isEmpty() ? client.connection().peerHost() : announcedHost;
    }

    /** What log lines call it. */
    String name(final Client client)
    {
        final String host = host(client);
        if (host.isEmpty())
        {
            return "client id #" + client.id();
        }

        return AddressFormat.of(
            host, 0 == listeningPort ? "<unknown-replica-port>" : Integer.toString(listeningPort));
    }
}
