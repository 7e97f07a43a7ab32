package org.millrace.engine.replication.replica;

import org.millrace.engine.snapshot.RdbLoader;

/**
 * Keeps the payload in a file, looking at its types and checksum as it comes, while the old data serve. Only when all of
 * it is there and is known to be loadable do they give way, and the file is loaded.
 */
final class StoredIntake extends PayloadIntake
{
    private enum Phase
    {
        RECEIVING,
        WRITING,
        RELEASING,
        LOADING,
        FAILED
    }

    private final PayloadLoader.Factory loaders;
    private final ReplicaSettings settings;
    private final StoredPayload stored;
    private final PayloadLoader check;
    private final long nowMs;
    private PayloadLoader loader;
    private Phase phase = Phase.RECEIVING;
    private long taken;
    private long loaded;
    private String failure;

    StoredIntake(
        final ReplicaContext context,
        final StreamPosition position,
        final PayloadLoader.Factory loaders,
        final StoredPayload stored,
        final long nowMs)
    {
        super(context, position);
        this.loaders = loaders;
        settings = context.settings();
        this.stored = stored;
        this.nowMs = nowMs;
        check = loaders.check(settings.databases, settings.verifyChecksum);
    }

    @Override
    PayloadLoader loader()
    {
        return null == loader ? check : loader;
    }

    @Override
    int take(final long address, final int length)
    {
        final int room = Math.min(length, stored.room());
        final int count = 0 == room ? 0 : consume(check, address, room, check::startData);
        if (count > 0)
        {
            stored.append(address, count);
            taken += count;
        }

        return count;
    }

    @Override
    boolean isBusy()
    {
        return Phase.RECEIVING != phase || 0 == stored.room();
    }

    @Override
    boolean isWaitingForDisk()
    {
        return Phase.RECEIVING == phase ? 0 == stored.room() : Phase.WRITING == phase && !stored.isWritten();
    }

    @Override
    String failure()
    {
        if (null == failure && null != stored.failure())
        {
            failure = "Write error or short write writing to the DB dump file needed for MASTER <-> REPLICA " +
                "synchronization: " + stored.failure();
        }

        return null == failure ? super.failure() : failure;
    }

    @Override
    boolean enterService()
    {
        switch (phase)
        {
            case RECEIVING :
                stored.end();
                phase = Phase.WRITING;
                break;

            case WRITING :
                if (stored.isWritten() && canFit())
                {
                    giveWay();
                }

                break;

            case RELEASING :
                if (host.isOldDataReleased())
                {
                    phase = Phase.LOADING;
                }

                break;

            case LOADING :
                return load();

            default :
                break;
        }

        return false;
    }

    /** What cannot fit even into all memory there is must not cost the old data. */
    private boolean canFit()
    {
        final long limit = host.data().memory().maxBytes();
        if (check.dataBytes() > limit)
        {
            failure = "the keys and values of the primary take " + check.dataBytes() + " bytes, and this node has " +
                "memory for " + limit;
            phase = Phase.FAILED;
        }

        return Phase.FAILED != phase;
    }

    private void giveWay()
    {
        giveUpPosition();
        log.notice("MASTER <-> REPLICA sync: Flushing old data");
        host.flushData();
        loader = loaders.open(host.data(), nowMs, settings.verifyChecksum);
        beginLoad(taken, false);
        phase = Phase.RELEASING;
    }

    private boolean load()
    {
        final int length = stored.read();
        int at = 0;
        while (at < length && RdbLoader.State.LOADING == loader.state())
        {
            at += consume(loader, stored.address() + at, length - at, loader::startData);
        }

        loaded += at;
        progress(loaded);
        if (RdbLoader.State.DONE == loader.state())
        {
            logLoaded();
            endLoad(true);
            return true;
        }

        if (length <= 0)
        {
            failure = "Failed trying to load the MASTER synchronization DB from disk: " +
                (length < 0 ? stored.failure() : "it ends too early");
            phase = Phase.FAILED;
        }

        return false;
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

    @Override
    void close()
    {
        check.close();
        if (null != loader)
        {
            loader.close();
        }

        stored.close();
    }
}
