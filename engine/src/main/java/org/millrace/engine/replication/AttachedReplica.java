package org.millrace.engine.replication;

import org.millrace.engine.snapshot.Image;

/** The writer's record of one replica that has asked for synchronization. Writer thread. */
final class AttachedReplica
{
    final ReplicaView view;
    final ReplicaSession session;
    final boolean hasEof;
    final boolean hasFilter;

    /** Earliest monotonic ms of its snapshot; later than now for one that fails again and again. */
    final long notBeforeMs;

    /** The snapshot it gets; null while it waits for one, or needs none. */
    Image image;

    /** True until it has been given a snapshot or its place in the stream. */
    boolean isWaiting;

    /** Closed by us: killed, or because the history has changed. */
    boolean isDismissed;

    AttachedReplica(
        final ReplicaView view,
        final ReplicaSession session,
        final boolean hasEof,
        final boolean hasFilter,
        final long notBeforeMs)
    {
        this.view = view;
        this.session = session;
        this.hasEof = hasEof;
        this.hasFilter = hasFilter;
        this.notBeforeMs = notBeforeMs;
    }
}
