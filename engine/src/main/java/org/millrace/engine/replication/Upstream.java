package org.millrace.engine.replication;

/** The replica half as the primary half sees it: who this node itself follows. Writer thread. */
public interface Upstream
{
    boolean isReplica();

    /** Replica: the link is connected and in sync. */
    boolean isLinkUp();

    /** FAILOVER goes on: nobody may become a replica of this node. */
    boolean isFailingOver();

    /** Become a primary, as REPLICAOF NO ONE does; asked for by {@code PSYNC id offset FAILOVER}. */
    void promote(String requestedBy);
}
