package org.millrace.engine.replication.primary;

import org.millrace.engine.snapshot.Image;

/** The writer's record of one replica that has asked for synchronization. Writer thread. */
final class AttachedReplica
{
    static final long NEVER = Long.MIN_VALUE;

    final ReplicaStatus status;
    final ReplicaSession session;
    final boolean hasEof;
    final boolean hasFilter;

    /** Earliest monotonic ms of its snapshot; later than now for one that fails again and again. */
    final long notBeforeMs;

    /** The snapshot it gets; null while it waits for one, or needs none. */
    Image image;

    /** When the stream began behind the snapshot, monotonic ms; {@link #NEVER} if there was none, or it goes on. */
    long fullSinceMs = NEVER;

    /** True until it has been given a snapshot or its place in the stream. */
    boolean isWaiting;

    /** Closed by us: killed, or because the history has changed. */
    boolean isDismissed;

    /** It is lost now, through no doing of ours, and the snapshot that it was sent has come to nothing. */
    boolean isResyncForNothing(final long nowMs)
    {
        final boolean isSoonAfter = NEVER != fullSinceMs && nowMs - fullSinceMs < ReplicaFailures.STABLE_MS;
        return (null != image || isSoonAfter) && !isDismissed && !status.isServed();
    }

    AttachedReplica(
        final ReplicaStatus status,
        final ReplicaSession session,
        final boolean hasEof,
        final boolean hasFilter,
        final long notBeforeMs)
    {
        this.status = status;
        this.session = session;
        this.hasEof = hasEof;
        this.hasFilter = hasFilter;
        this.notBeforeMs = notBeforeMs;
    }
}
