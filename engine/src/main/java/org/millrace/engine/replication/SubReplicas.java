package org.millrace.engine.replication;

/** The primary half as the replica half sees it: those who follow this node's own stream. */
public interface SubReplicas
{
    /** Begin to close every attached or joining replica; it may take some duty cycles until {@link #any} is false. */
    void disconnectAll(String reason);

    /** True while a replica is attached or joining, that is while somebody may read the ring. */
    boolean any();
}
