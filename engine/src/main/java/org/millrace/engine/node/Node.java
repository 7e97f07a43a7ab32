package org.millrace.engine.node;

import java.util.function.Consumer;
import org.millrace.engine.base.Clock;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.eviction.Evictor;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.migration.Migrations;
import org.millrace.engine.node.clients.Clients;
import org.millrace.engine.node.clients.LocalSession;
import org.millrace.engine.readers.ReaderAgent;
import org.millrace.engine.readers.Readers;
import org.millrace.engine.replication.primary.Feeder;
import org.millrace.engine.snapshot.Snapshots;
import org.millrace.engine.snapshot.Snapshotter;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.Reactor;

/**
 * One node: the writer's duty cycle over its {@link NodeParts}. {@link #beginCycle} takes the time once, then the
 * caller polls the reactor, then {@link #doWork} does everything that is due. Opens no socket or file, starts no
 * thread, reads no clock of its own.
 */
public final class Node implements AutoCloseable
{
    private static final long CRON_MS = 100;
    private static final long CUT_POLL_MS = 1;
    private static final long SECOND_MS = 1000;
    private static final long NS_PER_MS = 1_000_000;

    private final NodeParts parts;
    private final Clock clock;
    private final ExecutionState state;
    private final Statistics statistics;
    private final NodeData data;
    private final Snapshots snapshots;
    private final WriterState writer;
    private final Clients clients;
    private final Migrations migrations;
    private final Readers readers;
    private final ReadGuard readGuard;
    private final Persistence persistence;
    private final Replication replication;
    private final Shutdown shutdown;
    private final ActiveExpiry expiry;
    private final Evictor evictor;
    private final StageTimes stages;
    private final StartupLoad startup;
    private final NodeStatus status;

    private boolean hasWorked;
    private long readsBefore;
    private long nowMs;
    private long nowNs;
    private long steadyMs;
    private long nextCronMs;
    private long nextSecondMs;

    public Node(final NodeOptions options)
    {
        parts = new NodeParts(options);
        clock = options.host().clock();
        state = parts.state();
        statistics = parts.statistics();
        data = parts.nodeData();
        snapshots = parts.snapshots();
        writer = parts.writer();
        clients = parts.clients();
        migrations = parts.migrations();
        readers = parts.readers();
        readGuard = parts.readGuard();
        persistence = parts.persistence();
        replication = parts.replication();
        shutdown = parts.shutdown();
        expiry = new ActiveExpiry(writer, data, state, replication, clock);
        evictor = parts.evictor();
        stages = parts.stages();
        startup = new StartupLoad(parts);
        status = new NodeStatus(parts);
    }

    /**
     * Load the data set file, if there is one, step by step in the duty cycle, then begin to be what the configuration
     * says (primary or replica).
     *
     * @param ready called once, when clients are served.
     */
    public void start(final Runnable ready)
    {
        time();
        startup.begin(ready);
    }

    /** Take the time for this duty cycle. */
    public void beginCycle()
    {
        final long beganNs = nowNs;
        time();
        if (hasWorked || readsBefore != statistics.socketReads)
        {
            // A turn with work is followed by the next at once: no further look at the clock is needed.
            statistics.turns++;
            statistics.turnNanos += nowNs - beganNs;
        }

        readsBefore = statistics.socketReads;
    }

    private void time()
    {
        nowMs = clock.wallMs();
        nowNs = clock.monotonicNs();
        writer.time(nowMs, nowNs);
        steadyMs = nowNs / NS_PER_MS;
        writer.paused(state.isWritePaused(steadyMs));
        replication.paused(state.isWritePaused(steadyMs));
        readGuard.refresh();
    }

    /** A new client, on the writer's thread. */
    public void accept(final Connection connection)
    {
        if (readers.isEmpty())
        {
            clients.accept(connection);
        }
        else
        {
            readers.accept(connection, clients::accept, null != state.busyError);
        }
    }

    /** Whether maxclients lets one more client come, beside so many that are about to. */
    public boolean hasRoom(final int others)
    {
        return clients.hasRoom(others);
    }

    /** A client that cannot be served, since the process has no descriptor left; it is told and closed. */
    public void refuse(final Connection connection)
    {
        clients.refuse(connection);
    }

    /**
     * A reader thread of {@code reader-threads}; all are added before the first connection. From then on
     * {@link #accept} wants sockets that are not registered with any reactor.
     *
     * @param reactor of the new thread.
     * @param wake makes the thread run again if it has parked; called from any thread.
     * @return the agent that it is to run.
     */
    public ReaderAgent addReader(final Reactor reactor, final Runnable wake)
    {
        return readers.add(reactor, wake);
    }

    /** A bounded step of everything that is due. @return work count. */
    public int doWork()
    {
        if (parts.executor().isEnded())
        {
            // A unit stands open, and will for ever.
            return 0;
        }

        int work = maintain();
        work += readers.doWork();
        work += migrations.doWork(nowNs);
        work += clients.doWork(nowNs);
        work += shutdown.poll(steadyMs);
        if (steadyMs >= nextCronMs)
        {
            nextCronMs = steadyMs + CRON_MS;
            stages.begin();
            cron();
            stages.end(StageTimes.CRON, 0);
        }

        work += clients.flushMessages();
        hasWorked = work > 0;
        return work;
    }

    /** What the node does for itself. What it does for clients is timed command by command, and evictions one by one. */
    private int maintain()
    {
        stages.begin();
        int work = stages.end(StageTimes.LOAD, startup.doWork());
        work += stages.end(StageTimes.REPLICATION, replication.doWork(nowMs, nowNs));
        work += stages.end(StageTimes.EXPIRE, expiry.doWork(nowMs, steadyMs));
        work += evictor.doWork();
        stages.begin();
        work += stages.end(StageTimes.RELEASE, data.current().doWork());
        work += stages.end(StageTimes.COMPACT, state.isLoading ? 0 : data.current().compact(steadyMs));
        parts.rates().compacting(data.current().isCompacting(), steadyMs);
        work += stages.end(StageTimes.SNAPSHOT, snapshots.doWork(steadyMs));
        work += persistence.poll();
        stages.begin();
        return work + stages.end(StageTimes.LOG, parts.durability().doWork());
    }

    private void cron()
    {
        clients.resumePostponed();
        if (writer.settings().isCronPaused)
        {
            return;
        }

        clients.tracking().keepWithinLimit();
        expiry.cron();
        if (steadyMs >= nextSecondMs)
        {
            nextSecondMs = steadyMs + SECOND_MS;
            readers.collect(statistics, writer.settings().latencyTracking);
            replication.cron();
            clients.cron(steadyMs);
            persistence.cron(steadyMs);
            parts.durability().cron(steadyMs);
            data.closeReplaced();
            parts.rates().sample(steadyMs, replication.sentBytes());
            parts.memory().sample();
        }
    }

    /** The shared snapshotter and feeder, or those that need threads of their own. */
    public Snapshotter snapshotter()
    {
        return snapshots.snapshotter();
    }

    public Feeder feeder()
    {
        return replication.feeder();
    }

    /** What {@link #syncedOffset} must have come to before others may be told of what was done by now. Writer thread. */
    public long writtenOffset()
    {
        return parts.streamLog().told();
    }

    /** What of it others may be told of: all of it, unless it must be on disk before. Writer thread. */
    public long syncedOffset()
    {
        return parts.streamLog().isHeld() ? parts.streamLog().synced() : writtenOffset();
    }

    /** Somebody waits for {@link #syncedOffset}. */
    public void hurrySync()
    {
        parts.streamLog().sync();
    }

    /** What brings the stream to disk, for a thread of its own. */
    public ParkingAgent logSyncer()
    {
        return parts.streamLog().syncer();
    }

    /** Before start: to wake that thread. */
    public void wakeLogSyncer(final Runnable wake)
    {
        parts.streamLog().syncer().onWork(wake);
    }

    /** How long the duty cycle may sleep if nothing arrives, ms. */
    public long idleMs()
    {
        if (startup.isRunning())
        {
            return startup.idleMs();
        }

        // A cut waits for its readers' sockets, which wake this thread, or for a snapshotter of its own, which does not.
        final long cronMs = null == snapshots.running() ? nextCronMs - steadyMs : CUT_POLL_MS;
        final long expireMs = expiry.isOn(steadyMs) ? data.current().nextDeadlineMs() - nowMs + 1 : cronMs;
        final long blockedMs = Math.max(0, clients.nextDeadlineNs() - nowNs) / NS_PER_MS + 1;
        final long linkMs = Math.max(0, replication.nextDeadlineNs() - nowNs) / NS_PER_MS + 1;
        final long migrationMs = Math.max(0, migrations.nextDeadlineNs() - nowNs) / NS_PER_MS + 1;
        return Math.max(0, Math.min(Math.min(Math.min(cronMs, linkMs), migrationMs), Math.min(expireMs, blockedMs)));
    }

    /**
     * Any thread: a signal asks for the end; {@link #shutDown} does it.
     *
     * @return false if a signal has asked before, and that shutdown has not been given up.
     */
    public boolean askToShutDown()
    {
        return shutdown.ask();
    }

    /** Any thread, which may see it a moment late: a data set is being loaded, so there is nothing to save. */
    public boolean isLoading()
    {
        return state.isLoading;
    }

    /** Ends as the words of this option say, on the writer's thread: a signal wants it. */
    public void shutDown(final ConfigOption behaviour)
    {
        final String words = parts.config().print(behaviour);
        shutdown.signal(
            steadyMs,
            words.contains("save") && !words.contains("nosave"),
            words.contains("nosave"),
            words.contains("now"),
            words.contains("force"));
    }

    /** SHUTDOWN saves, unless told not to: who embeds the node wants it saved. */
    public void saveOnShutdown()
    {
        shutdown.saveAlways();
    }

    /** Whether SHUTDOWN has ended the node, and has saved before. */
    public boolean isSavedAtShutdown()
    {
        return shutdown.isSaved();
    }

    /**
     * Save before the node is closed: what is being made for replicas, or saved in the background, is given up for it. On
     * the writer's thread. A replica in the middle of a full resync, or behind one that failed, has nothing of its own:
     * its primary has the data, and the last good file stays.
     *
     * @return null, or why there is no new file.
     */
    public String saveBeforeEnd()
    {
        if (parts.executor().isEnded())
        {
            return "a script was in the middle of its writes";
        }

        if (state.isLoading || parts.replication().isReplica() && null != persistence.refusal())
        {
            parts.log().notice("Not saving on close: a full resync with the primary is not complete");
            return null;
        }

        return persistence.saveLast("the node is closing");
    }

    /** Told when this node becomes a replica (true) or a primary (false). */
    public void onRoleChange(final Consumer<Boolean> listener)
    {
        parts.linkHost().roleListener(listener);
    }

    /** A reader for one foreign thread, or null if all slots are taken; on the writer's thread. */
    public KeyReader openReader()
    {
        return openReader("");
    }

    /** As {@link #openReader()}. @param name of the reader for people. */
    public KeyReader openReader(final String name)
    {
        return data.current().openReader(name);
    }

    /**
     * Readers may not look at the data any more: the node is about to close. To be asked until all have left.
     *
     * @return name of one that has not left yet, or null.
     */
    public String shutReaders()
    {
        return data.shutReaders();
    }

    /** What programs that embed the node watch; writer thread. */
    public NodeStatus status()
    {
        return status;
    }

    /** A client within the process; on the writer's thread. */
    public LocalSession openLocalSession()
    {
        return new LocalSession(clients.takeId(), parts.executor());
    }

    public Config config()
    {
        return parts.config();
    }

    /** The data set in service; writer thread, or to open readers. */
    public DataSet data()
    {
        return data.current();
    }

    NodeParts parts()
    {
        return parts;
    }

    /**
     * After the last duty cycle of all agents, and {@link Feeder#onClose}. The memory of a data set that a reader has not
     * {@link #shutReaders left} stays as it is, for good.
     */
    @Override
    public void close()
    {
        clients.closeAll();
        startup.close();
        expiry.close();
        parts.close();
    }
}
