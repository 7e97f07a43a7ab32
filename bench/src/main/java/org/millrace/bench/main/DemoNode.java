package org.millrace.bench.main;

import java.io.IOException;

import org.millrace.bench.rig.ReplicationStatus;
import org.millrace.kit.resp.InfoReply;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;

/**
 * One server of the demo and what it said about itself last. Polled by the table's thread; the status is read by any.
 */
final class DemoNode implements AutoCloseable
{
    private static final int TIMEOUT_MS = 2_000;

    /**
     * What a node said last.
     *
     * @param state one word for the table.
     * @param replication  its place in the group, or null if it did not answer.
     * @param keys  keys in all databases.
     */
    record Status(String state, ReplicationStatus replication, long keys)
    {
        static final Status DOWN = new Status("down", null, 0);

        boolean isUp()
        {
            return null != replication;
        }
    }

    private final ServerProcess server;
    private final boolean isMillrace;
    private RespClient client;
    private volatile Status status = Status.DOWN;
    private volatile String follows = "";

    DemoNode(final ServerProcess server, final boolean isMillrace)
    {
        this.server = server;
        this.isMillrace = isMillrace;
    }

    String name()
    {
        return server.name();
    }

    ServerProcess server()
    {
        return server;
    }

    boolean isMillrace()
    {
        return isMillrace;
    }

    Status status()
    {
        return status;
    }

    /** Name of the node it was told to follow, empty for a primary. */
    String follows()
    {
        return follows;
    }

    /** Bytes produced or applied, or -1 while it does not answer. */
    long offset()
    {
        final Status current = status;
        return current.isUp() ? current.replication().offset() : -1;
    }

    boolean isOnline()
    {
        final Status current = status;
        return current.isUp() && current.replication().isLinkUp();
    }

    /**
     * Tells it to follow a node through a port (its own, or a proxy's), or nobody.
     */
    void follow(final DemoNode primary, final int port) throws IOException
    {
        try (RespClient control = server.connect())
        {
            if (null == primary)
            {
                control.callOk("REPLICAOF", "NO", "ONE");
                follows = "";
            }
            else
            {
                control.callOk("REPLICAOF", ServerProcess.HOST, Integer.toString(port));
                follows = primary.name();
            }
        }
    }

    /**
     * Asks it once more; never throws.
     */
    synchronized void poll()
    {
        try
        {
            if (null == client)
            {
                client = RespClient.connect(ServerProcess.HOST, server.port(), TIMEOUT_MS);
            }

            final ReplicationStatus replication = ReplicationStatus.of(client);
            status = new Status(state(replication), replication, keys(client.info("keyspace")));
        }
        catch (final IOException ex)
        {
            status = Status.DOWN;
            close();
        }
    }

    /** {@inheritDoc} */
    @Override
    public synchronized void close()
    {
        if (null != client)
        {
            client.close();
            client = null;
        }
    }

    private static String state(final ReplicationStatus replication)
    {
        if (replication.isPrimary())
        {
            return "serving";
        }

        return replication.isLinkUp() ? "online" : replication.isSyncing() ? "full resync" : "link down";
    }

    private static long keys(final InfoReply keyspace)
    {
        long sum = 0;
        for (final String value : keyspace.fields().values())
        {
            if (value.startsWith("keys="))
            {
                sum += Long.parseLong(value.substring("keys=".length(), value.indexOf(',')));
            }
        }

        return sum;
    }
}
