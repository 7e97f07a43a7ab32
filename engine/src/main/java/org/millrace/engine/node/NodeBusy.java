package org.millrace.engine.node;

import org.millrace.engine.script.BusyHost;

/**
 * Serves others in the midst of a script that takes long, on the same thread. What may go on does: sockets are read and
 * written, replicas get what the stream holds, images are made, the primary hears that this node is alive. What would
 * change data, close the open unit or begin something at its place in the stream waits for the script.
 */
final class NodeBusy implements BusyHost
{
    private final NodeParts parts;

    NodeBusy(final NodeParts parts)
    {
        this.parts = parts;
    }

    @Override
    public void serve()
    {
        parts.clients().beginBeside();
        try
        {
            parts.host().serveWhileBusy();
            parts.replication().doWorkWhileBusy(parts.writer().nowNs());
            parts.snapshots().doWork(parts.writer().steadyMs());
            parts.shutdown().poll(parts.writer().steadyMs());
            parts.clients().flushMessages();
        }
        finally
        {
            parts.clients().endBeside();
        }
    }

    @Override
    public boolean isEnding()
    {
        return parts.host().isEnding();
    }

    @Override
    public boolean isAskedToEnd()
    {
        return isEnding() || parts.shutdown().isAsked();
    }
}
