package org.millrace.engine.replication.replica;

import org.millrace.engine.base.Check;
import org.millrace.engine.snapshot.RdbLoader;

/**
 * Keeps the payload in a file, looking at its types and checksum as it comes, while the old data serve. Only when all of
 * it is there and is known to be loadable do they give way, and the file is loaded.
 */
final class StoredIntake extends PayloadIntake
{
    private final PayloadLoader.Factory loaders;
    private final ReplicaSettings settings;
    private final StoredPayload stored;
    private final PayloadLoader check;
    private final long nowMs;
    private PayloadLoader loader;
    private StoredPhase phase = StoredPhase.RECEIVING;
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
        check = loaders.check(
            settings.databases, context.host().data().functions(), settings.verifyChecksum);
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
        return StoredPhase.RECEIVING != phase || 0 == stored.room();
    }

    @Override
    boolean isWaitingForDisk()
    {
        return switch (phase)
        {
            case RECEIVING -> 0 == stored.room();
            case WRITING -> !stored.isWritten();
            default -> false;
        };
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
            case RECEIVING -> {
                stored.end();
                moveTo(StoredPhase.WRITING);
            }
            case WRITING -> {
                if (stored.isWritten())
                {
                    giveWayIfFit();
                }
            }
            case RELEASING -> {
                if (host.isOldDataReleased())
                {
                    moveTo(StoredPhase.LOADING);
                }
            }
            case LOADING -> load();
            default -> {
            }
        }

        return StoredPhase.LOADED == phase;
    }

    /** What cannot fit even into all memory there is must not cost the old data. */
    private void giveWayIfFit()
    {
        final long limit = host.data().memory().maxBytes();
        if (check.dataBytes() > limit)
        {
            fail(
                "the keys and values of the primary take " + check.dataBytes() + " bytes, and this node has " +
                    "memory for " + limit);
        }
        else
        {
            giveWay();
        }
    }

    private void giveWay()
    {
        giveUpPosition();
        log.notice("MASTER <-> REPLICA sync: Flushing old data");
        host.flushData();
        loader = loaders.open(host.data(), nowMs, settings.verifyChecksum);
        beginLoad(taken, false);
        moveTo(StoredPhase.RELEASING);
    }

    private void load()
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
            moveTo(StoredPhase.LOADED);
        }
        else if (length <= 0)
        {
            fail(
                "Failed trying to load the MASTER synchronization DB from disk: " +
                    (length < 0 ? stored.failure() : "it ends too early"));
        }
    }

    private void fail(final String why)
    {
        failure = why;
        moveTo(StoredPhase.FAILED);
    }

    /** The only place that assigns {@link #phase}. */
    private void moveTo(final StoredPhase next)
    {
        Check.that(phase.canMoveTo(next), "illegal phase of an intake: from, to", phase.ordinal(), next.ordinal());
        phase = next;
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
