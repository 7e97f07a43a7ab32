package org.millrace.engine.node;

import java.util.function.LongPredicate;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.command.PeerSession;
import org.millrace.engine.command.Rights;
import org.millrace.engine.node.clients.ClientFilter;
import org.millrace.engine.node.clients.PeerLines;
import org.millrace.engine.replication.primary.Primary;
import org.millrace.engine.replication.primary.ReplicaStatus;

/** Replicas, and the link to the primary, where CLIENT LIST shows and CLIENT KILL ends them. Writer thread. */
final class Peers implements PeerLines
{
    private final Primary primary;
    private final ReplicationStream stream;
    private PeerSession link;

    Peers(final Primary primary, final ReplicationStream stream)
    {
        this.primary = primary;
        this.stream = stream;
    }

    /** The session of the link to the primary that stands now, or null. */
    void link(final PeerSession session)
    {
        link = session;
    }

    @Override
    public void append(final StringBuilder lines, final String type)
    {
        append(lines, (id) -> true, type);
    }

    @Override
    public void append(final StringBuilder lines, final long id)
    {
        append(lines, (other) -> other == id, null);
    }

    private void append(final StringBuilder lines, final LongPredicate ids, final String type)
    {
        if (null == type || "replica".equals(type))
        {
            for (final ReplicaStatus status : primary.replicas())
            {
                if (ids.test(status.clientId()))
                {
                    lines.append(line(status, stream.endOffset(), primary.nowMs())).append('\n');
                }
            }
        }

        if (null != link && (null == type || "master".equals(type)) && ids.test(link.id()))
        {
            lines.append(line(link, primary.nowMs())).append('\n');
        }
    }

    @Override
    public int kill(final ClientFilter filter)
    {
        int killed = 0;
        for (final ReplicaStatus status : primary.replicas())
        {
            if (filter.matches(
                status.clientId(),
                status.address(),
                status.localAddress(),
                "replica",
                status.user().name()))
            {
                primary.kill(status);
                killed++;
            }
        }

        if (null != link && filter.matches(
            link.id(),
            link.address(),
            link.connection().localAddress(),
            "master",
            null))
        {
            link.kill();
            killed++;
        }

        return killed;
    }

    @Override
    public void kill(final Rights user)
    {
        for (final ReplicaStatus status : primary.replicas())
        {
            if (user == status.user())
            {
                primary.kill(status);
            }
        }
    }

    /** @param endOffset of the stream; what the replica has not been sent stands as its output memory. */
    private static String line(final ReplicaStatus status, final long endOffset, final long monotonicMs)
    {
        final long unsent = 0 == status.nextOffset() ? 0 : Math.max(0, endOffset + 1 - status.nextOffset());
        return "id=" + status.clientId() + " addr=" + status.address() + " laddr=" + status.localAddress() + " fd=" +
            status.fileDescriptor() + " name= age=" + (monotonicMs - status.attachedMs()) / 1000 + " idle=" +
            status.lagSeconds(monotonicMs) +
            " flags=S db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 " +
            "multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=" + unsent + " tot-mem=" + unsent +
            " events=r cmd=replconf user=" + status.user().name() + " redir=-1 resp=2 lib-name= lib-ver=";
    }

    private static String line(final PeerSession link, final long steadyMs)
    {
        return "id=" + link.id() + " addr=" + link.address() + " laddr=" + link.connection().localAddress() +
            " fd=" + link.connection().fileDescriptor() + " name= age=" +
            (steadyMs - link.createdMs) / 1000 + " idle=0 flags=M db=" + link.db +
            " sub=0 psub=0 ssub=0 multi=-1 qbuf=0 " +
            "qbuf-free=0 argv-mem=0 multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=0 tot-mem=0 events=r cmd=" +
            (null == link.lastSpec ? "NULL" : link.lastSpec.fullName()) +
            " user=(superuser) redir=-1 resp=2 lib-name= lib-ver=";
    }
}
