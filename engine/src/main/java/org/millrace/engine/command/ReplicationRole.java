package org.millrace.engine.command;

/** What command execution must know of replication; the replication package implements it. */
public interface ReplicationRole
{
    boolean isReplica();

    /** Replica: the link to the primary is connected and in sync. */
    boolean isLinkUp();

    /** Online replicas whose lag is within min-replicas-max-lag. */
    int goodReplicas();

    /** Called before a data set is emptied by FLUSHALL: aborts full resyncs in progress, as Redis does. */
    void onFlushAll();

    /** A replica's data were written to beside its primary's stream: no place of the history has them any more. */
    void onWriteBesideStream();
}
