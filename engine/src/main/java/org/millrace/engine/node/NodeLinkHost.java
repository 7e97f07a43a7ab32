package org.millrace.engine.node;

import java.util.function.Consumer;
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

    private final NodeParts parts;
    private Consumer<Boolean> roleListener = (isReplica) ->
    {
    };
    private boolean hasLoaded;

    NodeLinkHost(final NodeParts parts)
    {
        this.parts = parts;
    }

    /** Told when this node becomes a replica (true) or a primary (false). */
    void roleListener(final Consumer<Boolean> listener)
    {
        roleListener = listener;
    }

    @Override
    public DataSet data()
    {
        return parts.data();
    }

    @Override
    public boolean hasKeys()
    {
        return parts.data().hasKeys();
    }

    /** Of the same size as the present one, but as long as that is there, both together take no more than one may. */
    @Override
    public DataSet newDataSet()
    {
        final OffHeap present = parts.data().memory();
        final long left = present.maxBytes() - present.reservedBytes();
        final int databases = parts.config().integer(ConfigOption.DATABASES);
        if (left < SECOND_BYTES_MIN + (long)databases * DATABASE_BYTES)
        {
            parts.log().warning("No memory for a second data set beside the present one: " + left + " bytes are left");
            return null;
        }

        final OffHeap memory = new OffHeap(present.maxBytes(), present.regionRelease());
        memory.limit(left);
        final DataSet second = new DataSet(memory, databases, parts.host().random());
        second.thresholds(parts.data().thresholds());
        second.clockRules(parts.data().clockRules());
        parts.adoptFunctions(second);
        return second;
    }

    @Override
    public boolean isOldDataReleased()
    {
        final DataSet data = parts.data();
        for (int i = 0; i < RELEASE_STEPS && !data.isReleased(); i++)
        {
            data.doWork();
        }

        return data.isReleased() || parts.config().is(ConfigOption.REPLICA_LAZY_FLUSH);
    }

    @Override
    public void onDataLost()
    {
        parts.persistence().dataLost();
    }

    @Override
    public void flushData()
    {
        // What comes next is a load, or the end of a failed one.
        parts.readGuard().loading();
        parts.persistence().abort("the data set is being replaced");
        parts.snapshots().abort("the data set is being replaced");
        parts.keySignals().flushing(-1);
        parts.data().flushAll();
    }

    @Override
    public void switchData(final DataSet loaded)
    {
        parts.persistence().abort("the data set is being replaced");
        parts.snapshots().abort("the data set is being replaced");
        parts.keySignals().flushing(-1);
        parts.writer().readGate().beginUnit();
        parts.snapshots().data(loaded);
        parts.nodeData().replace(loaded, parts.writer());
        parts.readers().data(loaded);
        parts.writer().readGate().endUnit();
        parts.nodeData().closeReplaced();
        loaded.memory().limit(loaded.memory().maxBytes());
    }

    @Override
    public void onLoadBegin(final long totalBytes, final boolean isAsync)
    {
        parts.state().isLoading = true;
        parts.writer().replicaKeys().clear();
        parts.state().isAsyncLoading = isAsync;
        parts.readGuard().refresh();
        parts.nodeData().beginLoad(parts.nowMs(), totalBytes);
    }

    @Override
    public void onLoadProgress(final long loadedBytes, final long keys)
    {
        parts.nodeData().progress(loadedBytes, keys);
    }

    @Override
    public void onLoadEnd(final boolean isComplete)
    {
        parts.state().isLoading = false;
        parts.state().isAsyncLoading = false;
        parts.readGuard().refresh();
        hasLoaded = isComplete;
        parts.keySignals().filled(-1);
        if (isComplete)
        {
            parts.persistence().dataIsWhole();
            parts.nodeData().endLoad(parts.nodeData().loadedKeys(), 0);
        }
    }

    @Override
    public boolean isDiskRefusing()
    {
        return CommandGate.isDiskRefusing(parts.state(), parts.writer().settings());
    }

    @Override
    public void onLinkSession(final PeerSession session)
    {
        parts.replication().peers().link(session);
        if (null != session)
        {
            parts.host().onInSync(!hasLoaded);
            hasLoaded = false;
        }
    }

    @Override
    public long nextSessionId()
    {
        return parts.clients().takeId();
    }

    @Override
    public void onRoleChange(final boolean isReplica)
    {
        parts.writer().replicaKeys().clear();
        parts.replication().roleChanged(isReplica);
        parts.durability().roleChanged(isReplica);
        if (isReplica)
        {
            parts.clients().demoted();
        }

        parts.readGuard().refresh();
        roleListener.accept(isReplica);
    }
}
