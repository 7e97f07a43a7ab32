package org.millrace.engine.replication.replica;

import org.millrace.engine.base.Check;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.resp.ArgVector;
import org.millrace.engine.resp.ReplyWriter;

/**
 * What becomes of commands of the stream that do not go as on the primary: they fail, or come while the last save has
 * failed. Some end the node, as configured. Writer thread; rare.
 */
final class StreamMisfits
{
    private static final long DISK_REMINDER_MS = 10_000;

    private final CommandExecutor executor;
    private final StreamPosition position;
    private final ReplicaSettings settings;
    private final Statistics statistics;
    private final EventLog log;
    private long toldOfDiskMs;

    StreamMisfits(final ReplicaContext context, final StreamPosition position)
    {
        this.position = position;
        executor = context.executor();
        settings = context.settings();
        statistics = context.statistics();
        log = context.log();
    }

    /** The last save has failed: as configured this node ends here, or goes on and says so now and then. */
    void onWriteWithoutDisk()
    {
        if (!settings.ignoresDiskErrors)
        {
            log.warning("Replica was unable to write command to disk. (replica-ignore-disk-write-errors is no)");
            Check.that(false, "the last save failed, and the primary writes on: offset, database",
                position.offset(), position.db());
        }

        final long nowMs = executor.writer().nowMs();
        if (nowMs - toldOfDiskMs > DISK_REMINDER_MS)
        {
            toldOfDiskMs = nowMs;
            log.warning("Replica is applying a command even though it is unable to write to disk.");
        }
    }

    /**
     * A command has been answered with an error, and so has done nothing here.
     *
     * @return true if the link may go on: any node with these data would have refused it.
     */
    boolean onError(final ReplyWriter reply, final ArgVector args, final LinkInput input)
    {
        statistics.unexpectedErrorReplies++;
        log.warning(
            "== CRITICAL == This replica is sending an error to its master: '" + reply.lastError() +
                "' after processing the command '" + StreamText.argument(args, 0) + "'");
        log.warning("Latest backlog is: '" + StreamText.dump(args, input) + "'");

        final boolean isBeyondUs = reply.lastKind().isBeyondNode();
        if (settings.panicsOnError && !isBeyondUs)
        {
            Check.that(false, "an error was to be sent to the primary: offset, database", position.offset(),
                position.db());
        }

        return !isBeyondUs;
    }
}
