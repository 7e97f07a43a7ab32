package org.millrace.engine.node;

import java.util.List;
import java.util.function.Consumer;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandGate;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.commands.DataCommands;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.keyspace.KeyReader;
import org.millrace.engine.node.clients.Clients;
import org.millrace.engine.node.clients.LocalSession;
import org.millrace.engine.node.clients.Monitors;
import org.millrace.engine.node.clients.PubSub;
import org.millrace.engine.node.clients.SessionCommands;
import org.millrace.engine.readers.ReaderAgent;
import org.millrace.engine.readers.Readers;
import org.millrace.engine.replication.RandomIds;
import org.millrace.engine.replication.primary.Feeder;
import org.millrace.engine.snapshot.Snapshots;
import org.millrace.engine.snapshot.Snapshotter;
import org.millrace.engine.transport.Connection;
import org.millrace.engine.transport.Reactor;

/**
 * One node: wires the parts and runs the writer's duty cycle. {@link #beginCycle} takes the time once, then the
 * caller polls the reactor, then {@link #doWork} does everything that is due. Opens no socket or file, starts no
 * thread, reads no clock of its own.
 */
public final class Node implements AutoCloseable
{
    private static final long CRON_MS = 100;
    private static final long CUT_POLL_MS = 1;
    private static final long SECOND_MS = 1000;
    private static final long NS_PER_MS = 1_000_000;
    private static final int WINDOW_BYTES = 16 << 20;

    private final Config config;
    private final EventLog log;
    private final NodeHost host;
    private final Clock clock;
    private final Settings settings = new Settings();
    private final Statistics statistics = new Statistics();
    private final ExecutionState state = new ExecutionState();
    private final PubSub pubSub = new PubSub();
    private final Monitors monitors = new Monitors();
    private final LatencyMonitor latency = new LatencyMonitor();
    private final LatencyStatistics latencies;
    private final ErrorCounts errors = new ErrorCounts();
    private final CommandTable table = new CommandTable();
    private final Rates rates = new Rates(statistics);
    private final InfoReport info = new InfoReport();
    private final MemoryFigures memory;
    private final NodeData data;
    private final KeyInterest keyInterest;
    private final Observers observers;
    private final ReplicationStream stream;
    private final Snapshots snapshots;
    private final WriterState writer;
    private final CommandExecutor executor;
    private final Clients clients;
    private final Readers readers;
    private final ReadGuard readGuard;
    private final Persistence persistence;
    private final Replication replication;
    private final Shutdown shutdown;
    private final SnapshotStore snapshotStore;
    private final ActiveExpiry expiry;
    private final StartupLoad startup;
    private final NodeStatus status;

    private Consumer<Boolean> onRoleChange = (isReplica) ->
    {
    };
    private boolean hasWorked;
    private long readsBefore;
    private long nowMs;
    private long nowNs;
    private long steadyMs;
    private long nextCronMs;
    private long nextSecondMs;

    public Node(final NodeOptions options)
    {
        config = options.config();
        log = options.log();
        host = options.host();
        clock = host.clock();
        snapshotStore = options.snapshots();
        latencies = new LatencyStatistics(config, table);
        final DataSet dataSet = new DataSet(options.memory(), config.integer(ConfigOption.DATABASES), host.random());
        data = new NodeData(dataSet, pubSub);
        keyInterest = new KeyInterest(data::current, this::nowMs, host.random());
        final Slowlog slowlog = new Slowlog(config);
        observers = new Observers(monitors, slowlog, latency, errors, settings, statistics, clock);
        stream = new ReplicationStream(
            new ReplicationHistory(RandomIds.next(host::random)), config.number(ConfigOption.REPL_BACKLOG_SIZE));
        snapshots = new Snapshots(dataSet, options.spools(), log, WINDOW_BYTES).dedicated(options.isDedicated());
        snapshots.mayGiveUpLateJoiners(!"always".equals(config.print(ConfigOption.LATE_JOINERS)));
        replication = new Replication(options, table, stream, snapshots, settings);
        writer = new WriterState(
            dataSet,
            stream,
            settings,
            keyInterest,
            pubSub,
            replication,
            log,
            statistics);
        writer.seed(host.random());
        executor = new CommandExecutor(table, writer, new CommandGate(writer, state, table), observers, clock);
        clients = new Clients(config, log, state, executor, pubSub, keyInterest, monitors);
        clients.replicas(replication.primary()::replicaCount);
        readers = new Readers(table, writer, clock, options.reactor());
        readGuard = new ReadGuard(writer, state, monitors, readers);
        config.listen(ConfigOption.RDB_KEY_SAVE_DELAY, (c, o) -> slowDown());
        slowDown();
        SettingsBinding.bind(config, settings, clients.protocolLimits(), pubSub);
        memory = new MemoryFigures(host, data, replication::backlogBytes, clients);
        persistence = new Persistence(
            config,
            log,
            clock,
            snapshots,
            snapshotStore,
            statistics,
            state,
            replication::isReplica,
            replication::snapshotHeader);
        shutdown = new Shutdown(config, log, state, persistence, replication, host);
        replication.attach(new NodeLinkHost(this), executor);
        registerCommands(options, slowlog);
        renameCommands();
        if (config.integer(ConfigOption.READER_THREADS) > 0)
        {
            table.decorate(readGuard::guard);
        }

        registerInfo(options);
        expiry = new ActiveExpiry(writer, data, state, replication);
        startup = new StartupLoad(this);
        status = new NodeStatus(this);
    }

    private String slowDown()
    {
        snapshots.snapshotter().keyDelay(clock, config.integer(ConfigOption.RDB_KEY_SAVE_DELAY) * 1000L);
        return null;
    }

    private void registerCommands(final NodeOptions options, final Slowlog slowlog)
    {
        DataCommands.register(table);
        SessionCommands.register(
            table, clients, replication.peers(), NodeIdentity.REDIS_VERSION, options.identity().mode());
        new ServerCommands(info, persistence, shutdown, slowlog, latency, latencies, clock).register(table);
        new MemoryCommands(memory).register(table);
        new ConfigCommands(config, options.configStore(), log, state, this::resetStatistics).register(table);
        new DebugCommands(config, options.configStore(), log, host, new NodeReload(this)).register(table);
        new TableCommands(table).register(table);
        replication.register(table);
    }

    private void renameCommands()
    {
        for (final List<String> names : config.renames())
        {
            table.rename(names.get(0), names.get(1));
        }

        if (table.hasRenamed())
        {
            writer.renamed(table);
            stream.names(table::streamName);
        }
    }

    private void registerInfo(final NodeOptions options)
    {
        final InfoSections sections = new InfoSections(
            host,
            options.identity(),
            config,
            data,
            statistics,
            settings,
            state,
            clients,
            rates,
            errors,
            table,
            persistence);
        info.add("Server", true, (out) ->
        {
            sections.server(out);
            if (shutdown.isWaiting())
            {
                InfoSections.line(out, "shutdown_in_milliseconds", shutdown.remainingMs(steadyMs));
            }
        });
        info.add("Clients", true, sections::clients);
        info.add("Memory", true, new MemoryInfo(memory, host, data, config, settings)::append);
        info.add("Persistence", true, sections::persistence);
        info.add("Stats", true, (out) ->
        {
            sections.statistics(out, replication.syncCounts());
            InfoSections.line(out, "millrace_reader_threads", readers.threads());
            InfoSections.line(out, "millrace_reader_commands", readers.served());
        });
        info.add("Replication", true, replication::info);
        info.add("CPU", true, sections::cpu);
        info.add("Modules", true, (out) ->
        {
        });
        info.add("Commandstats", false, sections::commandStatistics);
        info.add("Errorstats", true, sections::errorStatistics);
        info.add("Latencystats", false, latencies::info);
        info.add("Cluster", true, (out) -> InfoSections.line(out, "cluster_enabled", 0));
        info.add("Keyspace", true, sections::keyspace);
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
            readers.accept(connection, clients::accept);
        }
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
        int work = startup.doWork();
        work += replication.doWork(nowMs, nowNs);
        work += expiry.doWork(nowMs, steadyMs);
        work += data.current().doWork();
        work += state.isLoading ? 0 : data.current().compact(steadyMs);
        rates.compacting(data.current().isCompacting(), steadyMs);
        work += snapshots.doWork(steadyMs);
        work += persistence.poll();
        work += readers.doWork();
        work += clients.doWork(nowNs);
        work += shutdown.poll(steadyMs);
        if (steadyMs >= nextCronMs)
        {
            nextCronMs = steadyMs + CRON_MS;
            cron();
        }

        work += clients.flushMessages();
        hasWorked = work > 0;
        return work;
    }

    private void cron()
    {
        clients.resumePostponed();
        expiry.cron();
        if (steadyMs >= nextSecondMs)
        {
            nextSecondMs = steadyMs + SECOND_MS;
            readers.collect(statistics, writer.settings().latencyTracking);
            replication.cron();
            clients.cron(steadyMs);
            persistence.cron(steadyMs);
            data.closeReplaced();
            rates.sample(steadyMs, replication.sentBytes());
            memory.sample();
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

    /** How long the duty cycle may sleep if nothing arrives, ms. */
    public long idleMs()
    {
        if (startup.isRunning())
        {
            return 0;
        }

        // A cut waits for its readers' sockets, which wake this thread, or for a snapshotter of its own, which does not.
        final long cronMs = null == snapshots.running() ? nextCronMs - steadyMs : CUT_POLL_MS;
        final long expireMs = expiry.isOn(steadyMs) ? data.current().nextDeadlineMs() - nowMs + 1 : cronMs;
        final long blockedMs = Math.max(0, clients.nextDeadlineNs() - nowNs) / NS_PER_MS + 1;
        final long linkMs = Math.max(0, replication.nextDeadlineNs() - nowNs) / NS_PER_MS + 1;
        return Math.max(0, Math.min(Math.min(cronMs, linkMs), Math.min(expireMs, blockedMs)));
    }

    private void resetStatistics()
    {
        statistics.reset();
        errors.reset();
        table.resetStatistics();
        replication.resetCounts();
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
        final String words = config.print(behaviour);
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
     * the writer's thread.
     *
     * @return null, or why there is no new file.
     */
    public String saveBeforeEnd()
    {
        return state.isLoading ? "a data set is being loaded" : persistence.saveLast("the node is closing");
    }

    /** Told when this node becomes a replica (true) or a primary (false). */
    public void onRoleChange(final Consumer<Boolean> listener)
    {
        onRoleChange = listener;
    }

    void roleChanged(final boolean isReplica)
    {
        writer.replicaKeys().clear();
        replication.roleChanged(isReplica);
        if (isReplica)
        {
            clients.demoted();
        }

        readGuard.refresh();
        onRoleChange.accept(isReplica);
    }

    /** A loaded data set takes over; the old one is closed. */
    void switchData(final DataSet loaded)
    {
        writer.readGate().beginUnit();
        snapshots.data(loaded);
        data.replace(loaded, writer);
        readers.data(loaded);
        writer.readGate().endUnit();
        data.closeReplaced();
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
        return new LocalSession(clients.takeId(), executor);
    }

    public Config config()
    {
        return config;
    }

    /** The data set in service; writer thread, or to open readers. */
    public DataSet data()
    {
        return data.current();
    }

    NodeData nodeData()
    {
        return data;
    }

    ReadGuard readGuard()
    {
        return readGuard;
    }

    ExecutionState state()
    {
        return state;
    }

    ReplicationStream stream()
    {
        return stream;
    }

    Snapshots snapshots()
    {
        return snapshots;
    }

    Persistence persistence()
    {
        return persistence;
    }

    WriterState writer()
    {
        return writer;
    }

    CommandExecutor executor()
    {
        return executor;
    }

    Clients clients()
    {
        return clients;
    }

    KeyInterest keyInterest()
    {
        return keyInterest;
    }

    Replication replication()
    {
        return replication;
    }

    SnapshotStore snapshotStore()
    {
        return snapshotStore;
    }

    EventLog log()
    {
        return log;
    }

    NodeHost host()
    {
        return host;
    }

    long nowNs()
    {
        return nowNs;
    }

    long nowMs()
    {
        return writer.nowMs();
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
        replication.close();
        snapshots.close();
        releaseImages();
        data.close();
        table.close();
    }

    /** The snapshotter has lost its thread: let it let go of what it holds. */
    private void releaseImages()
    {
        final Snapshotter snapshotter = snapshots.snapshotter();
        while (!snapshotter.isIdle())
        {
            snapshotter.doWork();
        }

        snapshotter.doWork();
    }
}
