package org.millrace.engine.replication.primary;

import org.millrace.engine.base.Check;
import org.millrace.engine.snapshot.Image;

/** The writer's record of one replica that has asked for synchronization. Writer thread. */
final class AttachedReplica
{
    final ReplicaStatus status;
    final ReplicaSession session;
    final boolean hasEof;
    final boolean hasFilter;
    final boolean isFunctionsWanted;

    /** The newest that it has said that it loads, or 0. */
    final int rdbVersion;

    /** Earliest monotonic ms of its snapshot; later than now for one that fails again and again. */
    final long notBeforeMs;

    private AttachedState state = AttachedState.NEW;
    private Image image;
    private long streamSinceMs;

    AttachedReplica(
        final ReplicaStatus status,
        final ReplicaSession session,
        final ReplicaIdentity identity,
        final long notBeforeMs)
    {
        this.status = status;
        this.session = session;
        hasEof = identity.hasEof;
        hasFilter = identity.hasFilter;
        isFunctionsWanted = identity.isFunctionsWanted;
        rdbVersion = identity.rdbVersion;
        this.notBeforeMs = notBeforeMs;
    }

    AttachedState state()
    {
        return state;
    }

    boolean isWaiting()
    {
        return AttachedState.AWAIT_SNAPSHOT == state;
    }

    /** Whether it was given this snapshot and may not have all of it yet. */
    boolean uses(final Image some)
    {
        return null != some && some == image;
    }

    /** It is to get a snapshot as soon as there is one for it. */
    void await()
    {
        moveTo(AttachedState.AWAIT_SNAPSHOT);
    }

    /** It gets this one. */
    void snapshot(final Image given)
    {
        image = given;
        moveTo(AttachedState.SNAPSHOT);
    }

    /** It gets the stream and no data in front of it. */
    void stream()
    {
        moveTo(AttachedState.STREAM);
    }

    /** The feeder says that it is online: if that is behind a snapshot, it needs that no more. */
    void online(final long nowMs)
    {
        if (AttachedState.SNAPSHOT == state)
        {
            image = null;
            streamSinceMs = nowMs;
            moveTo(AttachedState.STREAM_AFTER_SNAPSHOT);
        }
    }

    void refuse()
    {
        moveTo(AttachedState.REFUSED);
    }

    /** This node closes it; again, if it has been at that already. */
    void dismiss()
    {
        if (AttachedState.DISMISSED != state)
        {
            moveTo(AttachedState.DISMISSED);
        }
    }

    /**
     * Its connection has ended.
     *
     * @return true if that was through no doing of ours, and the snapshot that it was sent has come to nothing.
     */
    boolean lost(final long nowMs)
    {
        final boolean isForNothing = switch (state)
        {
            case SNAPSHOT -> !status.isServed();
            case STREAM_AFTER_SNAPSHOT -> !status.isServed() && nowMs - streamSinceMs < ReplicaFailures.STABLE_MS;
            default -> false;
        };
        moveTo(AttachedState.GONE);
        return isForNothing;
    }

    /** The only place that assigns {@link #state}. */
    private void moveTo(final AttachedState next)
    {
        Check.that(state.canMoveTo(next), "illegal state of a replica: from, to", state.ordinal(), next.ordinal());
        state = next;
    }
}
