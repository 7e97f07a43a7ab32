package org.millrace.engine.replication;

/** Loads into the data set in service while the bytes arrive: for a node that has no data to lose. */
final class DirectIntake extends PayloadIntake
{
    private final PayloadLoader loader;
    private final long totalBytes;
    private long taken;

    DirectIntake(
        final ReplicaContext context,
        final StreamPosition position,
        final PayloadLoader loader,
        final long totalBytes)
    {
        super(context, position);
        this.loader = loader;
        this.totalBytes = totalBytes;
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
        giveUpPosition();
        log.notice("MASTER <-> REPLICA sync: Flushing old data");
        host.flushData();
        beginLoad(totalBytes, false);
        loader.startData();
    }

    @Override
    boolean enterService()
    {
        logLoaded();
        endLoad(true);
        return true;
    }

    @Override
    void discard()
    {
        if (isLoading())
        {
            dropHalf();
        }

        loader.close();
    }

    @Override
    void close()
    {
        loader.close();
    }
}
