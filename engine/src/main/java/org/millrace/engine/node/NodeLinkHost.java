package org.millrace.engine.node;

import org.millrace.engine.command.Session;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.replication.LinkHost;

/** The node as the link to a primary sees it: data sets, loading state, identity. Writer thread. */
final class NodeLinkHost implements LinkHost
{
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
    public DataSet newDataSet()
    {
        return new DataSet(
            new OffHeap(node.data().memory().maxBytes(), node.data().memory().regionRelease()),
            node.config().integer(ConfigOption.DATABASES),
            node.host().random());
    }

    @Override
    public void flushData()
    {
        // What comes next is a load, or the end of a failed one.
        node.readGuard().loading();
        node.persistence().abort("the data set is being replaced");
        node.snapshots().abort("the data set is being replaced");
        node.watches().touchAll(-1);
        node.data().flushAll();
    }

    @Override
    public void switchData(final DataSet loaded)
    {
        node.persistence().abort("the data set is being replaced");
        node.snapshots().abort("the data set is being replaced");
        node.watches().touchAll(-1);
        node.switchData(loaded);
    }

    @Override
    public void onLoadBegin(final long totalBytes, final boolean isAsync)
    {
        node.state().isLoading = true;
        node.context().replicaKeys().clear();
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
        if (isComplete)
        {
            node.nodeData().endLoad(node.nodeData().loadedKeys(), 0);
        }
    }

    @Override
    public void onLinkSession(final Session session)
    {
        node.replication().linkSession(session);
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
