package org.millrace.engine.node;

/** A node in numbers, for programs that embed one: read without garbage, on the writer's thread. */
public final class NodeStatus
{
    private final NodeParts parts;

    NodeStatus(final NodeParts parts)
    {
        this.parts = parts;
    }

    public boolean isReplica()
    {
        return parts.replication().isReplica();
    }

    /** Whether the link to the primary is connected and in sync. */
    public boolean isLinkUp()
    {
        return parts.replication().isLinkUp();
    }

    /** State of the link to the primary as ROLE names it; "none" if there is none. */
    public String linkState()
    {
        return parts.replication().linkState();
    }

    /** Why the link was dropped last; empty if it never was or is in sync again. */
    public String linkError()
    {
        return parts.replication().linkError();
    }

    /** Host of the primary, empty if this node is one. */
    public String primaryHost()
    {
        return parts.replication().primaryHost();
    }

    public int primaryPort()
    {
        return parts.replication().primaryPort();
    }

    /** End of the replication stream, bytes: what is in the data. */
    public long offset()
    {
        return parts.replication().endOffset();
    }

    /** Replicas attached to this node, those that still load included. */
    public int replicas()
    {
        return parts.replication().primary().replicaCount();
    }

    public int clients()
    {
        return parts.clients().size();
    }

    /** Keys of all databases. */
    public long keys()
    {
        return parts.data().size();
    }

    /** Bytes of the data set in use. */
    public long usedBytes()
    {
        return parts.data().memory().usedBytes();
    }

    /** Bytes that the data set has taken from the operating system. */
    public long reservedBytes()
    {
        return parts.data().memory().reservedBytes();
    }

    /** Bytes of replaced values that readers or a snapshot still look at. */
    public long retiredBytes()
    {
        return parts.data().retiredBytes();
    }

    /** Whether a snapshot is being loaded that is not in service yet, or only in part. */
    public boolean isLoading()
    {
        return parts.state().isLoading;
    }
}
