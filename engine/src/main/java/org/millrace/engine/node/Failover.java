package org.millrace.engine.node;

import java.util.concurrent.TimeUnit;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.command.Category;
import org.millrace.engine.command.CommandContext;
import org.millrace.engine.command.CommandFlags;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Replies;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.primary.Primary;
import org.millrace.engine.replication.primary.ReplicaStatus;
import org.millrace.engine.replication.replica.Handover;
import org.millrace.engine.replication.replica.ReplicaRole;

/**
 * FAILOVER: a primary changes places with one of its replicas, and no write is lost. Writes wait until the replica has all
 * of the stream; then this node becomes its replica and asks it, with PSYNC ... FAILOVER, to be the primary. Writer thread.
 * <pre>
 *                  FAILOVER                    has all, or time is over and FORCE
 *   no-failover ------------> waiting-for-sync ----------------------------------> failover-in-progress
 *        ^                         | ABORT, or time is over                            | taken: this node is a replica
 *        +-------------------------+---------------------------------------------------+ ABORT, refused: primary again
 * </pre>
 */
final class Failover implements Handover
{
    private static final int FLAGS = CommandFlags.ADMIN | CommandFlags.NOSCRIPT | CommandFlags.STALE;
    private static final int PORT_MAX = 65535;

    /** As INFO calls them. */
    private enum Stage
    {
        NONE("no-failover"),
        WAITING("waiting-for-sync"),
        UNDER_WAY("failover-in-progress");

        private final String word;

        Stage(final String word)
        {
            this.word = word;
        }
    }

    private final Primary primary;
    private final ReplicaRole role;
    private final ReplicationStream stream;
    private final ExecutionState state;
    private final EventLog log;
    private Stage stage = Stage.NONE;

    /** Null: whichever has all of the stream first. */
    private String host;
    private int port;
    private boolean isForced;
    private boolean hasDeadline;
    private long deadlineNs;

    /** The target would not have it: this node is to be the primary again, but not in the midst of the link's step. */
    private boolean isRefused;

    Failover(
        final Primary primary,
        final ReplicaRole role,
        final ReplicationStream stream,
        final ExecutionState state,
        final EventLog log)
    {
        this.primary = primary;
        this.role = role;
        this.stream = stream;
        this.state = state;
        this.log = log;
        role.handover(this);
    }

    void register(final CommandTable table)
    {
        table.add("failover", -1, FLAGS, Category.NONE, this::command);
    }

    /** From the command to its end, in whichever way. */
    boolean isGoingOn()
    {
        return Stage.NONE != stage;
    }

    /** As INFO shows it. */
    String stateWord()
    {
        return stage.word;
    }

    @Override
    public boolean isUnderWay()
    {
        return Stage.UNDER_WAY == stage;
    }

    @Override
    public void onAnswer(final boolean isAccepted)
    {
        if (isAccepted)
        {
            end();
        }
        else
        {
            isRefused = true;
        }
    }

    /** In each duty cycle, before the link's step. */
    void poll(final long nowNs)
    {
        if (isRefused)
        {
            abort("Failover target rejected psync request", nowNs);
        }
        else if (Stage.WAITING == stage)
        {
            await(nowNs);
        }
    }

    private void command(final CommandContext context)
    {
        if (2 == context.argCount() && context.argIs(1, "ABORT"))
        {
            if (isGoingOn())
            {
                abort("Failover manually aborted", context.nowNs());
                context.reply().ok();
            }
            else
            {
                context.reply().error("ERR No failover in progress.");
            }

            return;
        }

        final Request request = new Request();
        if (request.read(context))
        {
            final String refusal = refusal(request);
            if (null != refusal)
            {
                context.reply().error(refusal);
                return;
            }

            begin(request, context.nowNs());
            context.reply().ok();
        }
    }

    private String refusal(final Request request)
    {
        if (isGoingOn())
        {
            return "ERR FAILOVER already in progress.";
        }

        if (role.isReplica())
        {
            return "ERR FAILOVER is not valid when server is a replica.";
        }

        if (0 == primary.replicaCount())
        {
            return "ERR FAILOVER requires connected replicas.";
        }

        if (request.isForced && (null == request.host || 0 == request.timeoutMs))
        {
            return "ERR FAILOVER with force option requires both a timeout and target HOST and IP.";
        }

        if (null == request.host)
        {
            return null;
        }

        final ReplicaStatus target = find(request.host, request.port);
        if (null == target)
        {
            return "ERR FAILOVER target HOST and PORT is not a replica.";
        }

        return target.state().isOnline() ? null : "ERR FAILOVER target replica is not online.";
    }

    private void begin(final Request request, final long nowNs)
    {
        host = request.host;
        port = request.port;
        isForced = request.isForced;
        hasDeadline = 0 != request.timeoutMs;
        deadlineNs = nowNs + TimeUnit.MILLISECONDS.toNanos(request.timeoutMs);
        stage = Stage.WAITING;
        state.isFailingOver = true;
        log.notice(null == host ? "FAILOVER requested." : "FAILOVER requested to " + target() + ".");
    }

    private void await(final long nowNs)
    {
        if (hasDeadline && nowNs - deadlineNs >= 0)
        {
            if (isForced)
            {
                log.notice("Failover to " + target() + " time out exceeded, failing over.");
                handOver(nowNs);
            }
            else
            {
                abort("Replica never caught up before timeout", nowNs);
            }

            return;
        }

        final ReplicaStatus inSync = inSync();
        if (null != inSync)
        {
            host = inSync.host();
            port = inSync.port();
            log.notice("Failover target " + target() + " is synced, failing over.");
            handOver(nowNs);
        }
    }

    private void handOver(final long nowNs)
    {
        stage = Stage.UNDER_WAY;
        role.replicaOf(host, port, nowNs);
    }

    private void abort(final String reason, final long nowNs)
    {
        log.notice((null == host ? "FAILOVER" : "FAILOVER to " + target()) + " aborted: " + reason);
        if (Stage.UNDER_WAY == stage)
        {
            role.promote(nowNs);
        }

        end();
    }

    private void end()
    {
        stage = Stage.NONE;
        isRefused = false;
        host = null;
        state.isFailingOver = false;
    }

    /** The target, or any replica if none was named, if it has all of the stream; else null. */
    private ReplicaStatus inSync()
    {
        final long end = stream.endOffset();
        for (int i = 0; i < primary.replicaCount(); i++)
        {
            final ReplicaStatus status = primary.replica(i);
            if (status.state().isOnline() && status.ackOffset() == end && (null == host || isAt(status, host, port)))
            {
                return status;
            }
        }

        return null;
    }

    private ReplicaStatus find(final String wantedHost, final int wantedPort)
    {
        for (int i = 0; i < primary.replicaCount(); i++)
        {
            final ReplicaStatus status = primary.replica(i);
            if (isAt(status, wantedHost, wantedPort))
            {
                return status;
            }
        }

        return null;
    }

    private static boolean isAt(final ReplicaStatus status, final String wantedHost, final int wantedPort)
    {
        return wantedPort == status.port() && wantedHost.equalsIgnoreCase(status.host());
    }

    private String target()
    {
        return host + ":" + port;
    }

    /** What the command's arguments say. */
    private static final class Request
    {
        private String host;
        private int port;
        private boolean isForced;

        /** 0 for none. */
        private long timeoutMs;

        /** False: answered with an error. */
        private boolean read(final CommandContext context)
        {
            final int count = context.argCount();
            int at = 1;
            while (at < count)
            {
                if (context.argIs(at, "TIMEOUT") && at + 1 < count && 0 == timeoutMs)
                {
                    if (!readTimeout(context, at + 1))
                    {
                        return false;
                    }

                    at += 2;
                }
                else if (context.argIs(at, "TO") && at + 2 < count && null == host)
                {
                    if (!context.readLong(at + 2))
                    {
                        return false;
                    }

                    // What is no port belongs to no replica, which is the error then.
                    port = context.longValue() < 0 || context.longValue() > PORT_MAX ? -1 : (int)context.longValue();
                    host = context.argText(at + 1);
                    at += 3;
                }
                else if (context.argIs(at, "FORCE") && !isForced)
                {
                    isForced = true;
                    at++;
                }
                else
                {
                    context.reply().error(Replies.SYNTAX);
                    return false;
                }
            }

            return true;
        }

        private boolean readTimeout(final CommandContext context, final int index)
        {
            if (!context.readLong(index))
            {
                return false;
            }

            timeoutMs = context.longValue();
            if (timeoutMs <= 0)
            {
                context.reply().error("ERR FAILOVER timeout must be greater than 0");
                return false;
            }

            // Some centuries are as good as for ever, and can be counted.
            timeoutMs = Math.min(timeoutMs, TimeUnit.NANOSECONDS.toMillis(Long.MAX_VALUE) / 2);
            return true;
        }
    }
}
