package org.millrace.engine.replication;

import org.millrace.engine.keyspace.DataSet;

/** Loads into a second data set while the bytes arrive, then switches; the old one stays until then. */
final class BesideIntake extends PayloadIntake
{
    private final PayloadLoader loader;
    private final long totalBytes;
    private final boolean isAsync;
    private DataSet second;
    private long taken;

    /** @param isAsync the old data go on answering reads, for the new are of the same history. */
    BesideIntake(
        final ReplicaContext context,
        final StreamPosition position,
        final DataSet second,
        final PayloadLoader loader,
        final long totalBytes,
        final boolean isAsync)
    {
        super(context, position);
        this.second = second;
        this.loader = loader;
        this.totalBytes = totalBytes;
        this.isAsync = isAsync;
    }

    @Override
    PayloadLoader loader()
    {
        return loader;
    }

    @Override
    int take(final long address, final int length)
    {
        final int count = consume(loader, address, length, this::beginData);
        taken += count;
        progress(taken);
        return count;
    }

    /** Header and AUX fields have been accepted. */
    private void beginData()
    {
        beginLoad(totalBytes, isAsync);
        loader.startData();
    }

    @Override
    boolean enterService()
    {
        logLoaded();
        giveUpPosition();
        log.notice("MASTER <-> REPLICA sync: Swapping active DB with loaded DB");
        host.switchData(second);
        second = null;
        log.notice("MASTER <-> REPLICA sync: Discarding old DB in background");
        endLoad(true);
        return true;
    }

    @Override
    void discard()
    {
        loader.close();
        if (null != second)
        {
            second.discard();
            second.memory().close();
            second = null;
            log.notice("MASTER <-> REPLICA sync: Discarding temporary DB in background");
        }

        endLoad(false);
    }

    @Override
    void close()
    {
        loader.close();
    }
}
