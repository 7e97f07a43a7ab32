package org.millrace.engine.node;

import org.millrace.engine.command.Session;
import org.millrace.engine.replication.primary.ReplicaView;

/** Lines of CLIENT LIST for replicas and for the link to the primary. */
final class PeerText
{
    private PeerText()
    {
    }

    /** @param endOffset of the stream; what the replica has not been sent stands as its output memory. */
    static String replica(final ReplicaView view, final long endOffset, final long monotonicMs)
    {
        final long unsent = 0 == view.nextOffset() ? 0 : Math.max(0, endOffset + 1 - view.nextOffset());
        return "id=" + view.clientId() + " addr=" + view.address() + " laddr=" + view.localAddress() + " fd=" +
            view.fileDescriptor() + " name= age=" + (monotonicMs - view.attachedMs()) / 1000 + " idle=" +
            view.lagSeconds(monotonicMs) + " flags=S db=0 sub=0 psub=0 ssub=0 multi=-1 qbuf=0 qbuf-free=0 argv-mem=0 " +
            "multi-mem=0 rbs=0 rbp=0 obl=0 oll=0 omem=" + unsent + " tot-mem=" + unsent +
            " events=r cmd=replconf user=default redir=-1 resp=2 lib-name= lib-ver=";
    }

    static String link(final Session link, final long steadyMs)
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
