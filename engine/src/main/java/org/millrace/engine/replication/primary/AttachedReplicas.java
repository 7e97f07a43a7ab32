package org.millrace.engine.replication.primary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The replicas of this node in any state, oldest first. Writer thread; the hot ones of its questions make no garbage. */
final class AttachedReplicas
{
    private final ArrayList<AttachedReplica> replicas = new ArrayList<>();

    int size()
    {
        return replicas.size();
    }

    boolean isEmpty()
    {
        return replicas.isEmpty();
    }

    AttachedReplica get(final int index)
    {
        return replicas.get(index);
    }

    void add(final AttachedReplica replica)
    {
        replicas.add(replica);
    }

    void remove(final int index)
    {
        replicas.remove(index);
    }

    /** The one of this status, or null. */
    AttachedReplica find(final ReplicaStatus status)
    {
        for (int i = 0; i < replicas.size(); i++)
        {
            if (status == replicas.get(i).status)
            {
                return replicas.get(i);
            }
        }

        return null;
    }

    /** Statuses as of now. */
    List<ReplicaStatus> statuses()
    {
        final ArrayList<ReplicaStatus> statuses = new ArrayList<>(replicas.size());
        for (final AttachedReplica replica : replicas)
        {
            statuses.add(replica.status);
        }

        return Collections.unmodifiableList(statuses);
    }

    /** Online ones that have applied the stream up to {@code offset}. */
    int countAcknowledged(final long offset)
    {
        int count = 0;
        for (int i = 0; i < replicas.size(); i++)
        {
            final ReplicaStatus status = replicas.get(i).status;
            if (status.state().isOnline() && status.ackOffset() >= offset)
            {
                count++;
            }
        }

        return count;
    }

    /** Online ones that have the stream up to {@code offset} on disk. */
    int countSynced(final long offset)
    {
        int count = 0;
        for (int i = 0; i < replicas.size(); i++)
        {
            final ReplicaStatus status = replicas.get(i).status;
            if (status.state().isOnline() && status.fsyncOffset() >= offset)
            {
                count++;
            }
        }

        return count;
    }

    /** Online ones with a lag of at most so many seconds. */
    int countGood(final int lagSeconds, final long nowMs)
    {
        int count = 0;
        for (int i = 0; i < replicas.size(); i++)
        {
            final ReplicaStatus status = replicas.get(i).status;
            if (status.state().isOnline() && status.lagSeconds(nowMs) <= lagSeconds)
            {
                count++;
            }
        }

        return count;
    }
}
