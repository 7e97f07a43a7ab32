package org.millrace.engine.replication.replica;

/** Loads into the data set in service while the bytes arrive: for a node that has no data to lose. */
final class DirectIntake extends ArrivingIntake
{
    DirectIntake(
        final ReplicaContext context,
        final StreamPosition position,
        final PayloadLoader loader,
        final long totalBytes)
    {
        super(context, position, loader, totalBytes);
    }

    @Override
    void beginData()
    {
        giveUpPosition();
        log.notice("MASTER <-> REPLICA sync: Flushing old data");
        host.flushData();
        loadBegins(false);
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

        close();
    }
}
