package org.millrace.engine.node;

import org.millrace.engine.command.PeerSession;
import org.millrace.engine.replication.primary.ReplicaStatus;

/** Lines of CLIENT LIST for replicas and for the link to the primary. */
final class PeerText
{
    private PeerText()
    {
    }

    /** @param endOffset of the stream; what the replica has not been sent stands as its output memory. */
    static String replica(final ReplicaStatus status, final long endOffset, final long monotonicMs)
    {
        final long unsent = 0 == status.nextOffset() ? 0 : Math.max(0, endOffset + 1 - status.nextOffset());
        return "id=" + status.clientId() + " addr=" + status.address() + " laddr=" + status.localAddress() + " fd=" +
            status.fileDescriptor() + " name= age=" + (monotonicMs - status.attachedMs()) / 1000 + " idle=" +
            status.lagSeconds(monotonicMs) +
            " flags=S db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 " +
            "multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=" + unsent + " tot-mem=" + unsent +
            " events=r cmd=replconf user=default redir=-1 resp=2 lib-name= lib-ver=";
    }

    static String link(final PeerSession link, final long steadyMs)
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
