package org.millrace.embed;

import java.util.concurrent.atomic.AtomicLongArray;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.node.NodeStatus;
import org.millrace.io.runtime.NodeRuntime;

/**
 * What the node looks like, published by its writer thread once a duty cycle for any thread to read, and compared with
 * how it looked before, for the listener. No garbage.
 */
final class NodeFigures
{
    static final int IS_REPLICA = 0;
    static final int LINK = 1;
    static final int OFFSET = 2;
    static final int KEYS = 3;
    static final int USED_BYTES = 4;
    static final int RESERVED_BYTES = 5;
    static final int RETIRED_BYTES = 6;
    static final int REPLICAS = 7;
    static final int CLIENTS = 8;
    static final int IS_LOADING = 9;
    static final int WRITES_FAILED = 10;
    private static final int COUNT = 11;

    private final AtomicLongArray figures = new AtomicLongArray(COUNT);
    private final Object linkChange = new Object();
    private final NodeStatus status;
    private final MillraceListener listener;
    private final EventLog log;
    private String linkWord = "";
    private long writesFailed;
    private boolean isReplica;
    private boolean isLinkUp;
    private boolean isFirst = true;

    NodeFigures(final NodeStatus status, final MillraceListener listener, final EventLog log)
    {
        this.status = status;
        this.listener = listener;
        this.log = log;
    }

    /** Any thread. */
    long get(final int figure)
    {
        return figures.get(figure);
    }

    /** Writer. */
    void writeFailed(final String error)
    {
        writesFailed++;
        figures.lazySet(WRITES_FAILED, writesFailed);
        call(() -> listener.onWriteFailed(error));
    }

    /** Writer: once a duty cycle. */
    void publish()
    {
        figures.lazySet(OFFSET, status.offset());
        figures.lazySet(KEYS, status.keys());
        figures.lazySet(USED_BYTES, status.usedBytes());
        figures.lazySet(RESERVED_BYTES, status.reservedBytes());
        figures.lazySet(RETIRED_BYTES, status.retiredBytes());
        figures.lazySet(REPLICAS, status.replicas());
        figures.lazySet(CLIENTS, status.clients());
        figures.lazySet(IS_LOADING, status.isLoading() ? 1 : 0);
        publishRole();
        publishLink();
        isFirst = false;
    }

    private void publishRole()
    {
        final boolean isReplicaNow = status.isReplica();
        if (isReplica != isReplicaNow)
        {
            isReplica = isReplicaNow;
            figures.lazySet(IS_REPLICA, isReplicaNow ? 1 : 0);
            if (!isFirst)
            {
                call(() -> listener.onRoleChange(isReplicaNow));
            }
        }
    }

    private void publishLink()
    {
        final String word = status.linkState();
        // The words are constants.
        if (!word.equals(linkWord))
        {
            linkWord = word;
            figures.lazySet(LINK, LinkState.ofRoleWord(word).ordinal());
        }

        final boolean isLinkUpNow = status.isLinkUp();
        if (isLinkUp != isLinkUpNow)
        {
            isLinkUp = isLinkUpNow;
            synchronized (linkChange)
            {
                linkChange.notifyAll();
            }

            if (isLinkUpNow)
            {
                call(() -> listener.onLinkUp(status.primaryHost(), status.primaryPort()));
            }
            else
            {
                call(() -> listener.onLinkDown(status.isReplica() ? status.linkError() : "the node is a primary now"));
            }
        }
    }

    private void call(final Runnable event)
    {
        ForeignCode.call(
            event,
            (e) -> log.warning("A listener of this node has failed: " + e + NodeRuntime.stackOf(e)));
    }

    /** Any thread: once the link comes up or goes down, or the time is over. */
    void awaitLinkChange(final long limitMs) throws InterruptedException
    {
        synchronized (linkChange)
        {
            linkChange.wait(limitMs);
        }
    }
}
