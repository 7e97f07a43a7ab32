package org.millrace.engine.node;

import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.ReplicationRole;
import org.millrace.engine.command.Settings;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.replication.RandomIds;
import org.millrace.engine.replication.Upstream;
import org.millrace.engine.replication.primary.Feeder;
import org.millrace.engine.replication.primary.Primary;
import org.millrace.engine.replication.primary.PrimaryCommands;
import org.millrace.engine.replication.primary.PrimaryInfo;
import org.millrace.engine.replication.primary.PrimarySettings;
import org.millrace.engine.replication.primary.SyncCounts;
import org.millrace.engine.replication.replica.LinkHost;
import org.millrace.engine.replication.replica.ReplicaCommands;
import org.millrace.engine.replication.replica.ReplicaContext;
import org.millrace.engine.replication.replica.ReplicaRole;
import org.millrace.engine.replication.replica.ReplicaSettings;
import org.millrace.engine.replication.replica.ReplicationInfo;
import org.millrace.engine.snapshot.RdbLoader;
import org.millrace.engine.snapshot.SnapshotHeader;
import org.millrace.engine.snapshot.Snapshots;

/** The two halves of replication, put together: what node and commands see of both. Writer thread. */
final class Replication implements ReplicationRole, Shutdown.Replicas, Upstream
{
    private final NodeOptions options;
    private final Config config;
    private final EventLog log;
    private final ReplicationStream stream;
    private final Settings settings;
    private final PrimarySettings primarySettings = new PrimarySettings();
    private final ReplicaSettings replicaSettings = new ReplicaSettings();
    private final Primary primary;
    private final PrimaryInfo primaryInfo;
    private final Peers peers;
    private ReplicaRole role;
    private Failover failover;
    private ReplicationInfo info;
    private long nowNs;
    private boolean isStarted;

    Replication(
        final NodeOptions options,
        final CommandTable table,
        final ReplicationStream stream,
        final Snapshots snapshots,
        final Settings settings)
    {
        this.options = options;
        this.config = options.config();
        this.log = options.log();
        this.stream = stream;
        this.settings = settings;
        ReplicationSettings.bind(config, primarySettings, replicaSettings, this::settingsChanged);
        primarySettings.processId = options.identity().processId();
        primary = new Primary(
            stream,
            options.segments(),
            snapshots,
            this,
            options.reactor(),
            options.feederReactor(),
            options.host().clock(),
            table,
            log,
            options.host()::random,
            primarySettings);
        primary.feeder().onChange(options.reactor()::wakeup);
        primaryInfo = new PrimaryInfo(primary);
        peers = new Peers(primary, stream);
    }

    private void settingsChanged()
    {
        if (null != primary)
        {
            primary.settingsChanged();
        }
    }

    /** The second half of the construction: what needs the executor. */
    void attach(final LinkHost host, final CommandExecutor executor, final ExecutionState state)
    {
        role = new ReplicaRole(
            new ReplicaContext(
                options.reactor(),
                host,
                primary,
                executor,
                stream,
                options.segments(),
                options.spools(),
                replicaSettings,
                log,
                options.host()::random));
        failover = new Failover(primary, role, stream, state, log);
        info = new ReplicationInfo(
            role, (out, ns) -> primaryInfo.appendReplicas(out), stream, replicaSettings, failover::stateWord);
        primary.usedMemory(() -> host.data().memory().usedBytes());
    }

    void register(final CommandTable table)
    {
        new PrimaryCommands(primary).register(table);
        new ReplicaCommands(role, primaryInfo::replyRole, failover::isGoingOn, log).register(table);
        failover.register(table);
    }

    /** True if the file says where in which history its data stand. */
    static boolean hasPlace(final RdbLoader loader)
    {
        return null != loader && null != loader.aux().replid() && loader.aux().replOffset() >= 0 &&
            loader.aux().streamDb() >= 0;
    }

    /** The data set has been loaded ({@code loader} null: there was no file): take up the configured role. */
    void start(final RdbLoader loader, final long monotonicNs)
    {
        nowNs = monotonicNs;
        isStarted = true;
        final boolean hasPlace = hasPlace(loader);
        if (null == config.primaryHost())
        {
            if (hasPlace)
            {
                primary.restore(loader.aux().replid(), loader.aux().replOffset());
            }

            return;
        }

        if (hasPlace)
        {
            role.restore(loader.aux().replid(), loader.aux().replOffset(), loader.aux().streamDb());
        }

        role.follow(config.primaryHost(), config.primaryPort(), monotonicNs);
    }

    /** A ring that is to be there from the start. False: there can be none. */
    boolean beginRing(final boolean hasPlace)
    {
        return null == config.primaryHost() ? primary.beginAtStart() : !hasPlace || role.beginAtStart();
    }

    /** Another ring instead of the present one, from the next byte on. False: there can be none. */
    boolean renewRing()
    {
        if (!stream.isActive())
        {
            return isReplica() ? !role.isPositionKnown() || role.beginAtStart() : primary.beginAtStart();
        }

        stream.deactivate();
        if (!isReplica())
        {
            stream.selectedDb(ReplicationStream.NO_DB);
        }

        return stream.activate(options.segments());
    }

    /** The data and the ring are what an earlier process has left. */
    void startRecovered(final long monotonicNs)
    {
        nowNs = monotonicNs;
        isStarted = true;
        if (null == config.primaryHost())
        {
            primary.beginAtStart();
        }
        else
        {
            role.follow(config.primaryHost(), config.primaryPort(), monotonicNs);
        }
    }

    ReplicaRole role()
    {
        return role;
    }

    int doWork(final long wallMs, final long monotonicNs)
    {
        nowNs = monotonicNs;
        if (!isStarted)
        {
            return 0;
        }

        failover.poll(monotonicNs);
        return primary.doWork() + role.doWork(wallMs, monotonicNs);
    }

    /** In the midst of a script: the primary hears that this node is alive, and its silence does not count. */
    void doWorkWhileBusy(final long monotonicNs)
    {
        nowNs = monotonicNs;
        primary.doWorkWhileBusy();
        role.doWorkWhileBusy(monotonicNs);
    }

    /** Once a second. */
    void cron()
    {
        if (isStarted)
        {
            primary.cron();
        }
    }

    long nextDeadlineNs()
    {
        return role.nextDeadlineNs();
    }

    Feeder feeder()
    {
        return primary.feeder();
    }

    Primary primary()
    {
        return primary;
    }

    /** Replicas and the primary as those who stay connected. */
    Peers peers()
    {
        return peers;
    }

    SnapshotHeader snapshotHeader()
    {
        return primary.cutHeader();
    }

    /** What the running configuration calls the primary follows the role: CONFIG REWRITE writes it. */
    void roleChanged(final boolean isReplicaNow)
    {
        config.primary(isReplicaNow ? role.primaryHost() : null, isReplicaNow ? role.primaryPort() : 0);
    }

    /** Writes are paused: the stream must stand still. */
    void paused(final boolean isPaused)
    {
        primary.holdAcks(isPaused);
    }

    void info(final StringBuilder out)
    {
        info.append(out, config.number(ConfigOption.REPL_BACKLOG_SIZE), settings.replicaReadOnly, nowNs);
        primaryInfo.appendExtras(out);
    }

    /** As Redis counts it; what the segments take stands in a line of INFO replication. */
    long backlogBytes()
    {
        return primaryInfo.keptBytes();
    }

    /** Full, partial, refused; bytes sent to replicas. */
    long[] syncCounts()
    {
        final SyncCounts counts = primary.syncCounts();
        return new long[]{counts.full(), counts.partial(), counts.refused(), primary.feeder().bytesSent()};
    }

    /** Bytes sent to replicas. */
    long sentBytes()
    {
        return primary.feeder().bytesSent();
    }

    void resetCounts()
    {
        primary.resetStatistics();
    }

    /** DEBUG CHANGE-REPL-ID. */
    void changeReplid()
    {
        stream.history().reset(RandomIds.next(options.host()::random));
    }

    // ReplicationRole and Upstream.

    @Override
    public boolean isReplica()
    {
        return null != role && role.isReplica();
    }

    @Override
    public boolean isLinkUp()
    {
        return role.isLinkUp();
    }

    /** As ROLE names it; "none" for a primary. */
    String linkState()
    {
        return role.linkState();
    }

    String linkError()
    {
        return role.linkError();
    }

    String primaryHost()
    {
        return role.primaryHost();
    }

    int primaryPort()
    {
        return role.primaryPort();
    }

    long endOffset()
    {
        return stream.endOffset();
    }

    @Override
    public boolean isFailingOver()
    {
        return null != failover && failover.isGoingOn();
    }

    @Override
    public void promote(final String requestedBy)
    {
        role.promote(nowNs);
        log.notice("MASTER MODE enabled (failover request from '" + requestedBy + "')");
    }

    @Override
    public int goodReplicas()
    {
        return primary.goodReplicas();
    }

    @Override
    public void onFlushAll()
    {
        primary.onFlushAll();
    }

    @Override
    public void onWriteBesideStream()
    {
        role.leaveHistory();
    }

    // Shutdown.Replicas.

    @Override
    public boolean isSomeBehind()
    {
        return !isReplica() && !primaryInfo.areAllInSync();
    }

    @Override
    public void askForAcks()
    {
        primary.askForAcks();
    }

    @Override
    public void logLag()
    {
        if (!isReplica())
        {
            primaryInfo.logShutdown(log);
        }
    }

    /** The feeder has stopped: nobody reads the ring any more. */
    void close()
    {
        role.close();
        stream.abandonUnit();
        stream.deactivate();
        stream.doWork();
    }
}
