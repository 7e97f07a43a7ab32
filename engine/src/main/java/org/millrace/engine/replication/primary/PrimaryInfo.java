package org.millrace.engine.replication.primary;

import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.resp.ReplyWriter;

/**
 * What the primary half tells of itself: lines of INFO replication in Redis's order, the reply of ROLE, and what
 * SHUTDOWN says of replicas. Writer thread.
 */
public final class PrimaryInfo
{
    private final Primary primary;

    public PrimaryInfo(final Primary primary)
    {
        this.primary = primary;
    }

    /** {@code connected_slaves} to {@code slaveN}; of both roles, after the lines of the role. */
    public void appendReplicas(final StringBuilder info)
    {
        final long nowMs = primary.nowMs();
        line(info, "connected_slaves", primary.replicaCount());
        if (primary.settings().countsGoodReplicas)
        {
            line(info, "min_slaves_good_slaves", primary.goodReplicas());
        }

        for (int i = 0, shown = 0; i < primary.replicaCount(); i++)
        {
            final ReplicaStatus status = primary.replica(i);
            final String state = status.state().wireName();
            if (!state.isEmpty())
            {
                info.append("slave").append(shown++).append(":ip=").append(status.host()).append(",port=")
                    .append(status.port()).append(",state=").append(state).append(",offset=").append(status.ackOffset())
                    .append(",lag=").append(status.lagSeconds(nowMs)).append("\r\n");
            }
        }
    }

    /** Lines that Redis does not have, to stand after its own: lag in bytes, pinned bytes, last error. */
    public void appendExtras(final StringBuilder info)
    {
        final ReplicationStream stream = primary.stream();
        final long end = stream.endOffset();
        line(info, "millrace_backlog_held_bytes", stream.heldBytes());
        for (int i = 0, shown = 0; i < primary.replicaCount(); i++)
        {
            final ReplicaStatus status = primary.replica(i);
            if (ReplicaState.CLOSED == status.state())
            {
                continue;
            }

            final long unsent = 0 == status.nextOffset() ? 0 : Math.max(0, end + 1 - status.nextOffset());
            final long pinned = Math.max(0, unsent - stream.historyBytes());
            final long lag = status.state().isOnline() ? Math.max(0, end - status.ackOffset()) : unsent;
            info.append("millrace_replica").append(shown++).append(":name=").append(status.name()).append(",state=")
                .append(stateName(status.state())).append(",lag_bytes=").append(lag).append(",unsent_bytes=")
                .append(unsent).append(",pinned_bytes=").append(pinned).append(",snapshot_bytes=")
                .append(status.imageSent()).append(",last_error=")
                .append(printable(primary.failures().lastReason(status.name()))).append("\r\n");
        }
    }

    /** Bytes of stream that are kept: the history, or what some replica has yet to be sent if that is more. */
    public long keptBytes()
    {
        final ReplicationStream stream = primary.stream();
        if (!stream.isActive())
        {
            return 0;
        }

        long kept = stream.historyBytes();
        for (int i = 0; i < primary.replicaCount(); i++)
        {
            final long next = primary.replica(i).nextOffset();
            kept = 0 == next ? kept : Math.max(kept, stream.endOffset() + 1 - next);
        }

        return Math.min(kept, stream.historyLength());
    }

    /** ROLE of a primary. */
    public void replyRole(final ReplyWriter reply)
    {
        reply.array(3);
        reply.bulk("master");
        reply.integer(primary.stream().endOffset());
        int online = 0;
        for (int i = 0; i < primary.replicaCount(); i++)
        {
            online += primary.replica(i).state().isOnline() ? 1 : 0;
        }

        reply.array(online);
        for (int i = 0; i < primary.replicaCount() && online > 0; i++)
        {
            final ReplicaStatus status = primary.replica(i);
            // Counted once: the feeder may put another one online meanwhile.
            if (status.state().isOnline())
            {
                online--;
                role(reply, status);
            }
        }

        for (; online > 0; online--)
        {
            reply.array(0);
        }
    }

    /** True if every replica has applied all of the stream, or cannot say so; SHUTDOWN waits for this. */
    public boolean areAllInSync()
    {
        final long end = primary.stream().endOffset();
        for (int i = 0; i < primary.replicaCount(); i++)
        {
            final ReplicaStatus status = primary.replica(i);
            if (status.state().isOnline() && status.ackOffset() != end)
            {
                return false;
            }
        }

        return true;
    }

    /** What SHUTDOWN logs of replicas at its end. */
    public void logShutdown(final EventLog log)
    {
        final long end = primary.stream().endOffset();
        final long nowMs = primary.nowMs();
        int count = 0;
        int inSync = 0;
        for (int i = 0; i < primary.replicaCount(); i++)
        {
            final ReplicaStatus status = primary.replica(i);
            if (!status.isRdbOnly() && ReplicaState.CLOSED != status.state())
            {
                count++;
                if (status.ackOffset() == end)
                {
                    inSync++;
                }
                else
                {
                    log.notice(
                        "Lagging replica " + status.name() + " reported offset " + (end - status.ackOffset()) +
                            " behind master, lag=" + status.lagSeconds(nowMs) + ", state=" + status.state().wireName() +
                            ".");
                }
            }
        }

        if (count > 0)
        {
            log.notice(inSync + " of " + count + " replicas are in sync when shutting down.");
        }
    }

    private static void role(final ReplyWriter reply, final ReplicaStatus status)
    {
        reply.array(3);
        reply.bulk(status.host());
        reply.bulk(Integer.toString(status.port()));
        reply.bulk(Long.toString(status.ackOffset()));
    }

    private static String stateName(final ReplicaState state)
    {
        return state.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** One field of a line: no separators in it. */
    private static String printable(final String text)
    {
        return text.replace(',', ';').replace('\r', ' ').replace('\n', ' ');
    }

    private static void line(final StringBuilder info, final String name, final long value)
    {
        info.append(name).append(':').append(value).append("\r\n");
    }
}
