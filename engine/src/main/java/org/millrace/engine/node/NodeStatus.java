package org.millrace.engine.node;

/** A node in numbers, for programs that embed one: read without garbage, on the writer's thread. */
public final class NodeStatus
{
    private final Node node;

    NodeStatus(final Node node)
    {
        this.node = node;
    }

    public boolean isReplica()
    {
        return node.replication().isReplica();
    }

    /** Whether the link to the primary is connected and in sync. */
    public boolean isLinkUp()
    {
        return node.replication().isLinkUp();
    }

    /** State of the link to the primary as ROLE names it; "none" if there is none. */
    public String linkState()
    {
        return node.replication().linkState();
    }

    /** Why the link was dropped last; empty if it never was or is in sync again. */
    public String linkError()
    {
        return node.replication().linkError();
    }

    /** Host of the primary, empty if this node is one. */
    public String primaryHost()
    {
        return node.replication().primaryHost();
    }

    public int primaryPort()
    {
        return node.replication().primaryPort();
    }

    /** End of the replication stream, bytes: what is in the data. */
    public long offset()
    {
        return node.replication().endOffset();
    }

    /** Replicas attached to this node, those that still load included. */
    public int replicas()
    {
        return node.replication().primary().replicaCount();
    }

    public int clients()
    {
        return node.clients().size();
    }

    /** Keys of all databases. */
    public long keys()
    {
        return node.data().size();
    }

    /** Bytes of the data set in use. */
    public long usedBytes()
    {
        return node.data().memory().usedBytes();
    }

    /** Bytes that the data set has taken from the operating system. */
    public long reservedBytes()
    {
        return node.data().memory().reservedBytes();
    }

    /** Bytes of replaced values that readers or a snapshot still look at. */
    public long retiredBytes()
    {
        return node.data().retiredBytes();
    }

    /** Whether a snapshot is being loaded that is not in service yet, or only in part. */
    public boolean isLoading()
    {
        return node.state().isLoading;
    }
}
