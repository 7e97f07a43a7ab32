package org.millrace.embed;

import java.util.concurrent.atomic.AtomicLongArray;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.node.NodeView;
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
    private final NodeView view;
    private final MillraceListener listener;
    private final EventLog log;
    private String linkWord = "";
    private long writesFailed;
    private boolean isReplica;
    private boolean isLinkUp;
    private boolean isFirst = true;

    NodeFigures(final NodeView view, final MillraceListener listener, final EventLog log)
    {
        this.view = view;
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
        figures.lazySet(OFFSET, view.offset());
        figures.lazySet(KEYS, view.keys());
        figures.lazySet(USED_BYTES, view.usedBytes());
        figures.lazySet(RESERVED_BYTES, view.reservedBytes());
        figures.lazySet(RETIRED_BYTES, view.retiredBytes());
        figures.lazySet(REPLICAS, view.replicas());
        figures.lazySet(CLIENTS, view.clients());
        figures.lazySet(IS_LOADING, view.isLoading() ? 1 : 0);
        publishRole();
        publishLink();
        isFirst = false;
    }

    private void publishRole()
    {
        final boolean isReplicaNow = view.isReplica();
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
        final String word = view.linkState();
        // The words are constants.
        if (!word.equals(linkWord))
        {
            linkWord = word;
            figures.lazySet(LINK, LinkState.ofRoleWord(word).ordinal());
        }

        final boolean isLinkUpNow = view.isLinkUp();
        if (isLinkUp != isLinkUpNow)
        {
            isLinkUp = isLinkUpNow;
            synchronized (linkChange)
            {
                linkChange.notifyAll();
            }

            if (isLinkUpNow)
            {
                call(() -> listener.onLinkUp(view.primaryHost(), view.primaryPort()));
            }
            else
            {
                call(() -> listener.onLinkDown(view.isReplica() ? view.linkError() : "the node is a primary now"));
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
