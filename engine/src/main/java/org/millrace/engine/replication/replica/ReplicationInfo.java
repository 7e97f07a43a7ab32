package org.millrace.engine.replication.replica;

import java.util.Locale;
import java.util.function.Supplier;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;

/** Writes the replication section of INFO, fields in Redis's order, Millrace's own at the end. Writer thread. */
public final class ReplicationInfo
{
    /** The lines from {@code connected_slaves} to the last {@code slaveN}, each ended by CR LF. */
    @FunctionalInterface
    public interface PrimaryLines
    {
        void append(StringBuilder out, long nowNs);
    }

    private static final String LINE_END = "\r\n";

    private final ReplicaRole role;
    private final PrimaryLines primary;
    private final ReplicationStream stream;
    private final ReplicaSettings settings;
    private final Supplier<String> failoverState;

    /** @param failoverState as the field of the same name calls it. */
    public ReplicationInfo(
        final ReplicaRole role,
        final PrimaryLines primary,
        final ReplicationStream stream,
        final ReplicaSettings settings,
        final Supplier<String> failoverState)
    {
        this.role = role;
        this.primary = primary;
        this.stream = stream;
        this.settings = settings;
        this.failoverState = failoverState;
    }

    /**
     * Append the section, without its header line.
     *
     * @param historyBytes repl-backlog-size.
     * @param isReadOnly replica-read-only.
     */
    public void append(final StringBuilder out, final long historyBytes, final boolean isReadOnly, final long nowNs)
    {
        line(out, "role", role.isReplica() ? "slave" : "master");
        if (role.isReplica())
        {
            appendLink(out, isReadOnly, nowNs);
        }

        primary.append(out, nowNs);
        appendHistory(out, historyBytes);
        if (role.isReplica())
        {
            appendOwn(out, nowNs);
        }
    }

    private void appendLink(final StringBuilder out, final boolean isReadOnly, final long nowNs)
    {
        final ReplicaLink link = role.link();
        final boolean isUp = role.isLinkUp();
        final boolean isSyncing = LinkState.SNAPSHOT == link.state();
        final boolean hasPlace = isUp || role.position().isResumable();
        line(out, "master_host", link.host());
        line(out, "master_port", link.port());
        line(out, "master_link_status", isUp ? "up" : "down");
        line(out, "master_last_io_seconds_ago", isUp ? link.silentSeconds(nowNs) : -1);
        line(out, "master_sync_in_progress", isSyncing ? 1 : 0);
        // Without a place in a history Redis shows 1.
        line(out, "slave_read_repl_offset", hasPlace ? readOffset() : 1);
        line(out, "slave_repl_offset", hasPlace ? role.shownOffset() : 1);
        if (isSyncing)
        {
            appendSync(out, link, nowNs);
        }

        if (!isUp)
        {
            line(out, "master_link_down_since_seconds", link.downSeconds(nowNs));
        }

        line(out, "slave_priority", settings.priority);
        line(out, "slave_read_only", isReadOnly ? 1 : 0);
        line(out, "replica_announced", settings.isAnnounced ? 1 : 0);
    }

    private long readOffset()
    {
        return role.position().isAcknowledged() ? role.link().readOffset() : -1;
    }

    private static void appendSync(final StringBuilder out, final ReplicaLink link, final long nowNs)
    {
        final long total = link.resync().totalBytes();
        final long read = link.resync().readBytes();
        final double percent = 0 == total ? 0 : 100.0 * read / total;
        line(out, "master_sync_total_bytes", total);
        line(out, "master_sync_read_bytes", read);
        line(out, "master_sync_left_bytes", total - read);
        line(out, "master_sync_perc", String.format(Locale.ROOT, "%.2f", percent));
        line(out, "master_sync_last_io_seconds_ago", link.silentSeconds(nowNs));
    }

    private void appendHistory(final StringBuilder out, final long historyBytes)
    {
        final ReplicationHistory history = stream.history();
        final boolean isActive = stream.isActive();
        final long end = stream.endOffset();
        final long first = isActive ? stream.firstOffset() : 0;
        line(out, "master_failover_state", failoverState.get());
        line(out, "master_replid", history.replid());
        line(out, "master_replid2", history.replid2());
        line(out, "master_repl_offset", end);
        line(out, "second_repl_offset", history.secondOffset());
        line(out, "repl_backlog_active", isActive ? 1 : 0);
        line(out, "repl_backlog_size", historyBytes);
        line(out, "repl_backlog_first_byte_offset", first);
        line(out, "repl_backlog_histlen", isActive ? end - first + 1 : 0);
    }

    private void appendOwn(final StringBuilder out, final long nowNs)
    {
        final ReplicaLink link = role.link();
        line(out, "master_link_last_error", link.lastError().replace('\r', ' ').replace('\n', ' '));
        line(out, "master_link_failed_resyncs", link.failedResyncs());
        line(out, "master_link_retry_in_ms", link.retryDelayMs(nowNs));
    }

    private static void line(final StringBuilder out, final String name, final String value)
    {
        out.append(name).append(':').append(value).append(LINE_END);
    }

    private static void line(final StringBuilder out, final String name, final long value)
    {
        out.append(name).append(':').append(value).append(LINE_END);
    }
}
