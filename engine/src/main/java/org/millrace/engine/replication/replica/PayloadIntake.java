package org.millrace.engine.replication.replica;

import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.SubReplicas;
import org.millrace.engine.snapshot.RdbLoader;

/**
 * What becomes of the bytes of a payload: where they go as they come, when the old data give way, and what is left if
 * the resync fails. Writer thread; made for one resync.
 */
abstract class PayloadIntake
{
    final LinkHost host;
    final EventLog log;
    private final StreamPosition position;
    private final SubReplicas subReplicas;
    private boolean isLoading;

    PayloadIntake(final ReplicaContext context, final StreamPosition position)
    {
        this.position = position;
        host = context.host();
        log = context.log();
        subReplicas = context.subReplicas();
    }

    /** What looks at the bytes at the moment. */
    abstract PayloadLoader loader();

    /** Bytes taken; 0 if none can be at present, see {@link #isBusy}. */
    abstract int take(long address, int length);

    /**
     * All bytes have been taken and were right: a bounded step on the way into service.
     *
     * @return true when the new data are in service; false if it must be called again or has failed.
     */
    abstract boolean enterService();

    /** What was taken is of no use. Nothing of it stays in service. */
    abstract void discard();

    /** It goes on by itself, or waits for a disk: to be called again soon, whether bytes come or not. */
    boolean isBusy()
    {
        return false;
    }

    /** It can do nothing before the disk has done its part. */
    boolean isWaitingForDisk()
    {
        return false;
    }

    /** Why it has failed, or null. */
    String failure()
    {
        return RdbLoader.State.FAILED == loader().state()
            ? "Failed trying to load the MASTER synchronization DB from socket: " + loader().error()
            : null;
    }

    /** The image has been taken whole. */
    boolean isWhole()
    {
        return RdbLoader.State.DONE == loader().state();
    }

    abstract void close();

    /** As {@link PayloadLoader#consume}, but it does not stop where the data begin: there {@code onData} is run. */
    static int consume(final PayloadLoader loader, final long address, final int length, final Runnable onData)
    {
        final int count = loader.consume(address, length);
        if (!loader.isAtData())
        {
            return count;
        }

        onData.run();
        return count + loader.consume(address + count, length - count);
    }

    /** The last moment before the data change: nobody may resume in the old history from here on. */
    final void giveUpPosition()
    {
        if (position.isResumable())
        {
            log.notice("Discarding previously cached master state.");
        }

        subReplicas.disconnectAll("this replica is loading a new data set");
        position.abandon();
    }

    final void beginLoad(final long totalBytes, final boolean isAsync)
    {
        log.notice("MASTER <-> REPLICA sync: Loading DB in memory");
        if (null != loader().producer())
        {
            log.notice("Loading RDB produced by version " + loader().producer());
        }

        isLoading = true;
        host.onLoadBegin(totalBytes, isAsync);
    }

    final void progress(final long bytes)
    {
        if (isLoading)
        {
            host.onLoadProgress(bytes, loader().keysLoaded());
        }
    }

    final void logLoaded()
    {
        log.notice("Done loading RDB, keys loaded: " + loader().keysLoaded() + ", keys expired: 0.");
    }

    final boolean isLoading()
    {
        return isLoading;
    }

    final void endLoad(final boolean isComplete)
    {
        if (isLoading)
        {
            isLoading = false;
            host.onLoadEnd(isComplete);
        }
    }

    /** Never serve a part of the data: what the load has brought so far goes, and the old data are gone already. */
    final void dropHalf()
    {
        host.flushData();
        host.onDataLost();
        endLoad(false);
    }
}
