package org.millrace.engine.replication.replica;

import org.millrace.engine.keyspace.DataSet;

/** Loads into a second data set while the bytes arrive, then switches; the old one stays until then. */
final class BesideIntake extends ArrivingIntake
{
    private final boolean isAsync;
    private DataSet second;

    /** @param isAsync the old data go on answering reads, for the new are of the same history. */
    BesideIntake(
        final ReplicaContext context,
        final StreamPosition position,
        final DataSet second,
        final PayloadLoader loader,
        final long totalBytes,
        final boolean isAsync)
    {
        super(context, position, loader, totalBytes);
        this.second = second;
        this.isAsync = isAsync;
    }

    @Override
    void beginData()
    {
        loadBegins(isAsync);
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
        close();
        if (null != second)
        {
            second.discard();
            second.memory().close();
            second = null;
            log.notice("MASTER <-> REPLICA sync: Discarding temporary DB in background");
        }

        endLoad(false);
    }
}
