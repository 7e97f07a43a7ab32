package org.millrace.engine.replication.replica;

/** Loads while the bytes arrive. */
abstract class ArrivingIntake extends PayloadIntake
{
    private final PayloadLoader loader;
    private final long totalBytes;
    private long taken;

    ArrivingIntake(
        final ReplicaContext context,
        final StreamPosition position,
        final PayloadLoader loader,
        final long totalBytes)
    {
        super(context, position);
        this.loader = loader;
        this.totalBytes = totalBytes;
    }

    /** Header and AUX fields have been accepted: {@link #loadBegins}. */
    abstract void beginData();

    /** The data follow. @param isAsync the old data go on answering reads. */
    final void loadBegins(final boolean isAsync)
    {
        beginLoad(totalBytes, isAsync);
        loader.startData();
    }

    @Override
    final PayloadLoader loader()
    {
        return loader;
    }

    @Override
    final int take(final long address, final int length)
    {
        final int count = consume(loader, address, length, this::beginData);
        taken += count;
        progress(taken);
        return count;
    }

    @Override
    final void close()
    {
        loader.close();
    }
}
