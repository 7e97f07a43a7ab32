package org.millrace.engine.node.clients;

import org.millrace.engine.transport.Connection;

/** The line that CLIENT LIST, CLIENT INFO and the log show of a client; fields and order are Redis's. */
final class ClientLines
{
    /** Redis keeps this much of the replies in a client's own buffer, the rest in a list. */
    static final int STATIC_OUTPUT_BYTES = 16 * 1024;

    private ClientLines()
    {
    }

    static String of(final ClientSession session, final long steadyMs)
    {
        final Connection connection = session.connection();
        final StringBuilder line = new StringBuilder(256);
        line.append("id=").append(session.id());
        line.append(" addr=").append(connection.peerAddress());
        line.append(" laddr=").append(connection.localAddress());
        line.append(" fd=").append(connection.fileDescriptor());
        line.append(" name=").append(session.name);
        line.append(" age=").append((steadyMs - session.createdMs) / 1000);
        line.append(" idle=").append((steadyMs - session.lastInteractionMs) / 1000);
        line.append(" flags=").append(flags(session));
        line.append(" db=").append(session.db);
        line.append(" sub=").append(session.subscriptionCount(PubSub.CHANNEL));
        line.append(" psub=").append(session.subscriptionCount(PubSub.PATTERN));
        line.append(" ssub=").append(session.subscriptionCount(PubSub.SHARD));
        line.append(" multi=").append(null != session.multi() ? session.transaction().size() : -1);
        final int parsed = session.input().parsedLength();
        line.append(" qbuf=").append(session.inputLength() - parsed);
        line.append(" qbuf-free=").append(session.inputCapacity() - session.inputLength());
        line.append(" argv-mem=").append(parsed);
        line.append(" multi-mem=").append(session.transactionBytes());
        line.append(" rbs=").append(session.output().length());
        line.append(" rbp=").append(session.output().length());
        final long listed = Math.max(0, session.output().length() - STATIC_OUTPUT_BYTES);
        line.append(" obl=").append(session.output().length() - listed);
        line.append(" oll=").append((listed + STATIC_OUTPUT_BYTES - 1) / STATIC_OUTPUT_BYTES);
        line.append(" omem=").append(listed);
        line.append(" tot-mem=").append(session.memoryBytes());
        line.append(" events=").append(session.output().length() > 0 ? "rw" : "r");
        line.append(" cmd=").append(null == session.lastSpec ? "NULL" : session.lastSpec.fullName());
        line.append(" user=").append(session.rights.name());
        line.append(" redir=").append(TrackingCommands.redirect(session.tracking()));
        line.append(" resp=").append(session.protocol);
        line.append(" lib-name=").append(session.libName).append(" lib-ver=").append(session.libVersion);
        return line.toString();
    }

    private static String flags(final ClientSession session)
    {
        final StringBuilder flags = new StringBuilder(4);
        if (session.isMonitor)
        {
            flags.append('O');
        }

        if (session.isSubscribed())
        {
            flags.append('P');
        }

        if (null != session.multi())
        {
            flags.append('x');
        }

        if (null != session.blocked() || session.isPostponed())
        {
            flags.append('b');
        }

        if (null != session.tracking())
        {
            flags.append(session.tracking().isOn ? "t" : "");
            flags.append(session.tracking().isRedirectBroken ? "R" : "");
            flags.append(session.tracking().isBroadcast ? "B" : "");
        }

        if (session.connection().isUnix())
        {
            flags.append('U');
        }

        if (null != session.multi() && session.watcher().isDirty())
        {
            flags.append('d');
        }

        if (session.isClosing)
        {
            flags.append('c');
        }

        if (session.isNoEvict)
        {
            flags.append('e');
        }

        if (session.isNoTouch)
        {
            flags.append('T');
        }

        return flags.isEmpty() ? "N" : flags.toString();
    }
}
