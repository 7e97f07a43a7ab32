package org.millrace.engine.replication.replica;

import java.nio.ByteBuffer;
import org.millrace.engine.backlog.LogScan;
import org.millrace.engine.memory.Memory;

/**
 * Applies what a log holds behind its snapshot, as a replica applies its primary's stream: by whole units, without expiry or
 * eviction, and nothing that is not known. The position moves with it; what is at the end and no whole unit is left out.
 * Writer thread.
 */
public final class LogReplay implements AutoCloseable
{
    /** Shares of a duty cycle in one step: some milliseconds. */
    private static final int SHARES = 32;

    private final StreamPosition position;
    private final StreamApplier applier;
    private final LinkInput input = new LinkInput();
    private final LogScan scan;
    private final long from;
    private long next;
    private boolean isStuck;

    /** The data is that of the snapshot, and so is the position. */
    LogReplay(final ReplicaContext context, final StreamPosition position, final LogScan scan)
    {
        this.position = position;
        this.scan = scan;
        applier = new StreamApplier(context, position, (offset) ->
        {
        });
        from = position.offset() + 1;
        next = from;
        applier.begin(new LinkSession(context.host().nextSessionId(), null, applier), input);
    }

    /** A bounded step. @return true when it is over. */
    public boolean step()
    {
        for (int i = 0; i < SHARES && !isOver(); i++)
        {
            final ByteBuffer bytes = next > scan.end() ? null : scan.bytes(next, LinkInput.READ_LENGTH);
            if (null != bytes)
            {
                next += input.put(Memory.address(bytes) + bytes.position(), bytes.remaining());
            }

            final long before = position.offset();
            isStuck = StreamApplier.Result.APPLIED != applier.apply() ||
                null == bytes && before == position.offset() && !applier.hasMore();
        }

        return isOver();
    }

    private boolean isOver()
    {
        return isStuck || position.offset() == scan.end();
    }

    /** What cannot be applied, and why; null if all whole units are. */
    public String failure()
    {
        return applier.failure();
    }

    /** Bytes applied so far. */
    public long applied()
    {
        return position.offset() + 1 - from;
    }

    /** Database selected in the stream behind what is applied. */
    public int db()
    {
        return position.db();
    }

    @Override
    public void close()
    {
        applier.close();
        input.close();
    }
}
