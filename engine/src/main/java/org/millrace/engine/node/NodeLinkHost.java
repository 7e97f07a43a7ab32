package org.millrace.engine.node;

import org.millrace.engine.command.CommandGate;
import org.millrace.engine.command.PeerSession;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.replication.replica.LinkHost;

/** The node as the link to a primary sees it: data sets, loading state, identity. Writer thread. */
final class NodeLinkHost implements LinkHost
{
    /** Steps of giving memory back in one duty cycle: about a millisecond. */
    private static final int RELEASE_STEPS = 64;

    /** With less than this there is no use in a second data set; and what an empty database takes. */
    private static final long SECOND_BYTES_MIN = 16L << 20;
    private static final long DATABASE_BYTES = 8 << 10;

    private final Node node;
    private boolean hasLoaded;

    NodeLinkHost(final Node node)
    {
        this.node = node;
    }

    @Override
    public DataSet data()
    {
        return node.data();
    }

    @Override
    public boolean hasKeys()
    {
        return node.data().hasKeys();
    }

    /** Of the same size as the present one, but as long as that is there, both together take no more than one may. */
    @Override
    public DataSet newDataSet()
    {
        final OffHeap present = node.data().memory();
        final long left = present.maxBytes() - present.reservedBytes();
        final int databases = node.config().integer(ConfigOption.DATABASES);
        if (left < SECOND_BYTES_MIN + (long)databases * DATABASE_BYTES)
        {
            node.log().warning("No memory for a second data set beside the present one: " + left + " bytes are left");
            return null;
        }

        final OffHeap memory = new OffHeap(present.maxBytes(), present.regionRelease());
        memory.limit(left);
        return new DataSet(memory, databases, node.host().random());
    }

    @Override
    public boolean isOldDataReleased()
    {
        final DataSet data = node.data();
        for (int i = 0; i < RELEASE_STEPS && !data.isReleased(); i++)
        {
            data.doWork();
        }

        return data.isReleased() || node.config().is(ConfigOption.REPLICA_LAZY_FLUSH);
    }

    @Override
    public void onDataLost()
    {
        node.persistence().dataLost();
    }

    @Override
    public void flushData()
    {
        // What comes next is a load, or the end of a failed one.
        node.readGuard().loading();
        node.persistence().abort("the data set is being replaced");
        node.snapshots().abort("the data set is being replaced");
        node.keyInterest().flushing(-1);
        node.data().flushAll();
    }

    @Override
    public void switchData(final DataSet loaded)
    {
        node.persistence().abort("the data set is being replaced");
        node.snapshots().abort("the data set is being replaced");
        node.keyInterest().flushing(-1);
        node.switchData(loaded);
        loaded.memory().limit(loaded.memory().maxBytes());
    }

    @Override
    public void onLoadBegin(final long totalBytes, final boolean isAsync)
    {
        node.state().isLoading = true;
        node.writer().replicaKeys().clear();
        node.state().isAsyncLoading = isAsync;
        node.readGuard().refresh();
        node.nodeData().beginLoad(node.nowMs(), totalBytes);
    }

    @Override
    public void onLoadProgress(final long loadedBytes, final long keys)
    {
        node.nodeData().progress(loadedBytes, keys);
    }

    @Override
    public void onLoadEnd(final boolean isComplete)
    {
        node.state().isLoading = false;
        node.state().isAsyncLoading = false;
        node.readGuard().refresh();
        hasLoaded = isComplete;
        node.keyInterest().filled(-1);
        if (isComplete)
        {
            node.persistence().dataIsWhole();
            node.nodeData().endLoad(node.nodeData().loadedKeys(), 0);
        }
    }

    @Override
    public boolean isDiskRefusing()
    {
        return CommandGate.isDiskRefusing(node.state(), node.writer().settings());
    }

    @Override
    public void onLinkSession(final PeerSession session)
    {
        node.replication().peers().link(session);
        if (null != session)
        {
            node.host().onInSync(!hasLoaded);
            hasLoaded = false;
        }
    }

    @Override
    public long nextSessionId()
    {
        return node.clients().takeId();
    }

    @Override
    public void onRoleChange(final boolean isReplica)
    {
        node.roleChanged(isReplica);
    }
}
