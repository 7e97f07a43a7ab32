package org.millrace.engine.node;

import org.millrace.engine.base.Clock;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.datatype.HashValue;
import org.millrace.engine.keyspace.Entry;
import org.millrace.engine.keyspace.EntryVisitor;
import org.millrace.engine.keyspace.Keyspace;
import org.millrace.engine.memory.Memory;
import org.millrace.engine.memory.ScratchBuffer;

/**
 * Deletes keys, and fields of hashes, whose time has come though nobody asks for them, each its own unit of the stream.
 * Writer thread.
 */
final class ActiveExpiry implements AutoCloseable
{
    /** Most fields of one hash in one duty cycle, before others have their turn. */
    private static final int FIELDS_LIMIT = 300;

    /** Most keys in one duty cycle. */
    private static final int LIMIT = 200;
    private static final int REPLICA_KEYS_PER_CRON = 64;

    private final WriterState writer;
    private final NodeData data;
    private final ExecutionState state;
    private final Replication replication;
    private final Clock clock;
    private final EntryVisitor expireEntry = this::expire;

    /** Name of the key whose fields expire: its entry may be another after each of them. */
    private final ScratchBuffer key = new ScratchBuffer();

    ActiveExpiry(
        final WriterState writer,
        final NodeData data,
        final ExecutionState state,
        final Replication replication,
        final Clock clock)
    {
        this.writer = writer;
        this.data = data;
        this.state = state;
        this.replication = replication;
        this.clock = clock;
    }

    /** False on a replica, which waits for what its primary deletes, and while nothing may change. */
    boolean isOn(final long steadyMs)
    {
        return writer.settings().activeExpire && !replication.isReplica() && !state.isLoading &&
            !state.isWritePaused(steadyMs);
    }

    /** Keys that are due, at once and all of them, up to the limit. @return work count. */
    int doWork(final long nowMs, final long steadyMs)
    {
        if (!isOn(steadyMs) || data.current().nextDeadlineMs() >= nowMs)
        {
            return 0;
        }

        final long startNs = clock.monotonicNs();
        // A key expires when now is after its deadline, so what is due at now - 1 has expired.
        final int work = data.current().expireDue(nowMs - 1, LIMIT, expireEntry);
        final Statistics statistics = writer.statistics();
        statistics.expireNanos += clock.monotonicNs() - startNs;
        statistics.expireLimitsReached += work < LIMIT ? 0 : 1;
        return work;
    }

    private void expire(final Keyspace keyspace, final long entry)
    {
        if (Entry.isVolatile(entry) && Entry.deadlineMs(entry) < writer.nowMs())
        {
            writer.expire(keyspace, entry);
            writer.stream().endUnit();
        }
        else
        {
            expireFields(keyspace, entry);
        }
    }

    private void expireFields(final Keyspace keyspace, final long entry)
    {
        final int length = Entry.keyLength(entry);
        final long address = key.renew(length);
        Memory.copy(Entry.keyAddress(entry), address, length);
        final HashValue hash = writer.values().hashes().open(keyspace, address, length, entry);
        writer.fieldExpiry().expire(writer.nowMs(), hash, keyspace.index(), address, length, FIELDS_LIMIT, true);
    }

    @Override
    public void close()
    {
        key.close();
    }

    /** Keys that clients have written to a replica are its own to expire. */
    void cron()
    {
        if (writer.settings().activeExpire && !state.isLoading)
        {
            writer.replicaKeys().expireDue(writer, REPLICA_KEYS_PER_CRON);
        }
    }
}
