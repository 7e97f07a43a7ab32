package org.millrace.engine.replication.primary;

import org.millrace.engine.command.Session;
import org.millrace.engine.transport.AddressFormat;

/** What a connection has told about itself with REPLCONF before PSYNC. Writer thread, until it becomes a replica. */
final class ReplicaIdentity
{
    int listeningPort;
    String announcedHost = "";
    boolean hasEof;
    boolean hasPsync2;
    boolean isRdbOnly;
    boolean hasFilter;

    /** The one that belongs to a session; made at the first call. */
    static ReplicaIdentity of(final Session session)
    {
        if (session.replication instanceof ReplicaIdentity known)
        {
            return known;
        }

        final ReplicaIdentity fresh = new ReplicaIdentity();
        session.replication = fresh;
        return fresh;
    }

    String host(final Session session)
    {
        return announcedHost.isEmpty() ? session.connection().peerHost() : announcedHost;
    }

    /** What log lines call it. */
    String name(final Session session)
    {
        final String host = host(session);
        if (host.isEmpty())
        {
            return "client id #" + session.id();
        }

        return AddressFormat.of(
            host, 0 == listeningPort ? "<unknown-replica-port>" : Integer.toString(listeningPort));
    }
}
