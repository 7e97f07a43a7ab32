package org.millrace.engine.node.clients;

import java.util.ArrayDeque;
import org.millrace.engine.backlog.StreamLog;
import org.millrace.engine.resp.OutBuffer;

/**
 * Who has something to say that must be on disk before: {@code appendfsync always}. Whatever stands in a client's buffer as
 * it is to be sent may tell of all that was written by then, so it waits for the end of the stream of that moment. One sync
 * releases what many clients wait for. Writer thread.
 */
final class HeldReplies
{
    private static final int BUFFER_BYTES = 4 * 1024;
    private static final int POOLED_MAX = 1024;

    private final StreamLog log;
    private final ArrayDeque<ClientSession> waiting = new ArrayDeque<>();
    private final ArrayDeque<OutBuffer> pool = new ArrayDeque<>();

    HeldReplies(final StreamLog log)
    {
        this.log = log;
    }

    /** True if what is said now must wait. */
    boolean isHeld()
    {
        return log.isHeld();
    }

    /** The session waits. @return offset that it waits for. */
    long await(final ClientSession session)
    {
        waiting.add(session);
        log.sync();
        return log.told();
    }

    boolean isReleased(final long offset)
    {
        return log.synced() >= offset;
    }

    /** Duty cycle: who waits longest is first, and waits for the lowest offset. @return work count. */
    int release()
    {
        int work = 0;
        while (!waiting.isEmpty() && waiting.peek().output().isReleased())
        {
            // It may wait again at once, behind the others.
            final ClientSession session = waiting.poll();
            if (!session.isDead())
            {
                session.output().flush();
            }

            work++;
        }

        return work;
    }

    /** A buffer for what waits, so that the shared one is free for others. */
    OutBuffer take()
    {
        final OutBuffer pooled = pool.poll();
        return null == pooled ? new OutBuffer(BUFFER_BYTES) : pooled;
    }

    /** It is empty. */
    void giveBack(final OutBuffer taken)
    {
        if (pool.size() < POOLED_MAX)
        {
            taken.shrink();
            pool.add(taken);
        }
        else
        {
            taken.close();
        }
    }

    void close()
    {
        pool.forEach(OutBuffer::close);
        pool.clear();
    }
}
