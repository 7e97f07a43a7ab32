package org.millrace.engine.node;

import java.util.List;
import org.millrace.engine.acl.AclException;
import org.millrace.engine.backlog.LogStore;
import org.millrace.engine.backlog.ReplicationHistory;
import org.millrace.engine.backlog.ReplicationStream;
import org.millrace.engine.backlog.StreamLog;
import org.millrace.engine.base.Clock;
import org.millrace.engine.command.CommandExecutor;
import org.millrace.engine.command.CommandGate;
import org.millrace.engine.command.CommandTable;
import org.millrace.engine.command.ExecutionState;
import org.millrace.engine.command.KeyNews;
import org.millrace.engine.command.Settings;
import org.millrace.engine.command.Statistics;
import org.millrace.engine.command.WriterState;
import org.millrace.engine.commands.DataCommands;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.eviction.Evictor;
import org.millrace.engine.interest.KeyInterest;
import org.millrace.engine.interest.KeySignals;
import org.millrace.engine.keyspace.DataSet;
import org.millrace.engine.migration.Migrations;
import org.millrace.engine.node.clients.Clients;
import org.millrace.engine.node.clients.Monitors;
import org.millrace.engine.node.clients.PubSub;
import org.millrace.engine.node.clients.SessionCommands;
import org.millrace.engine.node.clients.Tracking;
import org.millrace.engine.readers.Readers;
import org.millrace.engine.replication.RandomIds;
import org.millrace.engine.script.ScriptMachine;
import org.millrace.engine.script.Scripts;
import org.millrace.engine.snapshot.Snapshots;
import org.millrace.engine.snapshot.Snapshotter;

/**
 * What a node is made of, wired once: {@link Node} runs it, turn after turn, and what takes part in a load or in a change
 * of the role finds the others here. Writer thread.
 */
final class NodeParts implements AutoCloseable
{
    private static final int WINDOW_BYTES = 16 << 20;

    private final Config config;
    private final EventLog log;
    private final NodeHost host;
    private final Clock clock;
    private final Settings settings = new Settings();
    private final Statistics statistics = new Statistics();
    private final ExecutionState state = new ExecutionState();
    private final ErrorCounts errors = new ErrorCounts();
    private final CommandTable table = new CommandTable();
    private final Rates rates = new Rates(statistics);
    private final MemoryFigures memory;
    private final NodeData data;
    private final KeyInterest keyInterest;
    private final KeySignals keySignals;
    private final Tracking tracking;
    private final ReplicationStream stream;
    private final StreamLog streamLog;
    private final Snapshots snapshots;
    private final WriterState writer;
    private final StageTimes stages;
    private final Evictor evictor;
    private final NodeAccess access;
    private final CommandExecutor executor;
    private final Clients clients;
    private final Migrations migrations;
    private final Readers readers;
    private final ReadGuard readGuard;
    private final Persistence persistence;
    private final Durability durability;
    private final Replication replication;
    private final Shutdown shutdown;
    private final SnapshotStore snapshotStore;
    private final LogStore logStore;
    private final NodeLinkHost linkHost;

    /** Null if the node has no machine for scripts. */
    private final Scripts scripts;

    NodeParts(final NodeOptions options)
    {
        config = options.config();
        log = options.log();
        host = options.host();
        clock = host.clock();
        snapshotStore = options.snapshots();
        logStore = options.logs();
        final PubSub pubSub = new PubSub();
        final Monitors monitors = new Monitors();
        final LatencyMonitor latency = new LatencyMonitor();
        final DataSet dataSet = new DataSet(options.memory(), config.integer(ConfigOption.DATABASES), host.random());
        data = new NodeData(dataSet, pubSub);
        keyInterest = new KeyInterest(data::current, this::nowMs, host.random());
        tracking = new Tracking(config, host.random());
        keySignals = new KeyNews(keyInterest, tracking);
        final Slowlog slowlog = new Slowlog(config);
        final Observers observers = new Observers(monitors, slowlog, latency, errors, settings, statistics, clock);
        stream = new ReplicationStream(
            new ReplicationHistory(RandomIds.next(host::random)), config.number(ConfigOption.REPL_BACKLOG_SIZE));
        streamLog = makeStreamLog(options);
        snapshots = new Snapshots(dataSet, options.spools(), log, WINDOW_BYTES).dedicated(options.isDedicated());
        snapshots.mayGiveUpLateJoiners(!"always".equals(config.print(ConfigOption.LATE_JOINERS)));
        replication = new Replication(options, table, stream, snapshots, settings);
        writer = new WriterState(
            dataSet, stream, settings, keySignals, pubSub, replication, log, statistics);
        writer.seed(host.random());
        stages = new StageTimes(settings, clock, observers);
        writer.caches(tracking);
        evictor = new Evictor(writer, state, clock, observers, this::clientBytes);
        access = new NodeAccess(options, table, writer);
        final CommandGate gate = new CommandGate(writer, state, table, evictor, access.gate());
        executor = new CommandExecutor(table, writer, gate, observers, clock);
        clients = new Clients(config, log, state, executor, pubSub, keyInterest, monitors, tracking, access.users(),
            access.log(), streamLog);
        clients.replicas(replication.primary()::replicaCount);
        migrations = new Migrations(
            writer, state, keyInterest, options.reactor(), () -> config.is(ConfigOption.TLS_CLUSTER));
        readers = new Readers(table, writer, clock, options.reactor());
        readGuard = new ReadGuard(writer, state, monitors, readers, clients::isCallingBack);
        followOptions(pubSub);
        memory = new MemoryFigures(
            host, data, replication::backlogBytes, () -> config.number(ConfigOption.REPL_BACKLOG_SIZE), clients);
        persistence = new Persistence(
            config, log, clock, snapshots, snapshotStore, statistics, state, replication::isReplica,
            replication::snapshotHeader);
        durability = new Durability(this);
        shutdown = new Shutdown(config, log, state, persistence, replication, host);
        scripts = makeScripts(options.scripts());
        adoptFunctions(dataSet);
        linkHost = new NodeLinkHost(this);
        replication.attach(linkHost, executor, state);
        registerCommands(options, slowlog, latency);
        renameCommands();
        beginAccess();
        if (config.integer(ConfigOption.READER_THREADS) > 0)
        {
            table.decorate(readGuard::guard);
        }
    }

    /** Who waits for the disk is woken: clients, and the feeder, which sends no more than what is there. */
    private StreamLog makeStreamLog(final NodeOptions options)
    {
        final StreamLog made = new StreamLog(options.logs(), stream, clock, host::random, log);
        made.syncer().onChange(() ->
        {
            options.reactor().wakeup();
            options.feederReactor().wakeup();
        });
        return made;
    }

    /** What options say now, and whenever one of them is set. */
    private void followOptions(final PubSub pubSub)
    {
        config.listen(ConfigOption.RDB_KEY_SAVE_DELAY, (c, o) -> slowDown());
        slowDown();
        SettingsBinding.bind(config, settings, clients.protocolLimits(), pubSub);
        config.listen(ConfigOption.MAXMEMORY, (c, o) -> warnOfMemory());
    }

    /** Whoever is refused a start gives back what has been taken for it. */
    private void beginAccess()
    {
        try
        {
            access.begin();
        }
        catch (final AclException e)
        {
            close();
            throw e;
        }
    }

    private String warnOfMemory()
    {
        final long used = data.current().liveBytes() + clientBytes();
        if (settings.maxMemory > 0 && settings.maxMemory < used)
        {
            log.warning("WARNING: the new maxmemory value set via CONFIG SET (" + settings.maxMemory +
                ") is smaller than the current memory usage (" + used +
                "). This will result in key eviction and/or the inability to accept new write commands depending on " +
                "the maxmemory-policy.");
        }

        return null;
    }

    private long clientBytes()
    {
        return clients.bytes() + tracking.bytes();
    }

    private String slowDown()
    {
        snapshots.snapshotter().keyDelay(clock, config.integer(ConfigOption.RDB_KEY_SAVE_DELAY) * 1000L);
        return null;
    }

    private void registerCommands(final NodeOptions options, final Slowlog slowlog, final LatencyMonitor latency)
    {
        final LatencyStatistics latencies = new LatencyStatistics(config, table);
        final InfoReport info = new NodeInfo(this, options.identity(), errors, latencies).report();
        DataCommands.register(table);
        SessionCommands.register(
            table, clients, replication.peers(), NodeIdentity.REDIS_VERSION, options.identity().mode());
        new ServerCommands(info, persistence, durability, shutdown, slowlog, latency, latencies, clock).register(table);
        ClusterCommands.register(table);
        ModuleCommands.register(table);
        new MemoryCommands(memory).register(table);
        new ConfigCommands(config, options.configStore(), log, state, this::resetStatistics).register(table);
        new DebugCommands(config, options.configStore(), log, host, new NodeReload(this)).register(table);
        new TableCommands(table).register(table);
        replication.register(table);
        migrations.register(table);
        access.register(table);
        if (null != scripts)
        {
            scripts.register(table);
            memory.scripts(scripts);
        }
    }

    private Scripts makeScripts(final ScriptMachine machine)
    {
        return null == machine ? null : new Scripts(machine, executor, state, clock, new NodeBusy(this));
    }

    /** A new data set is to run the libraries that are loaded into it, if this node can. */
    void adoptFunctions(final DataSet newData)
    {
        if (null != scripts)
        {
            scripts.adopt(newData);
        }
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

    private void resetStatistics()
    {
        statistics.reset();
        statistics.releasedBefore = data.current().valuesReleased();
        readers.resetCounts();
        errors.reset();
        table.resetStatistics();
        replication.resetCounts();
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

    StreamLog streamLog()
    {
        return streamLog;
    }

    Durability durability()
    {
        return durability;
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

    Evictor evictor()
    {
        return evictor;
    }

    StageTimes stages()
    {
        return stages;
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

    /** What happens to keys is told here. */
    KeySignals keySignals()
    {
        return keySignals;
    }

    Tracking tracking()
    {
        return tracking;
    }

    Replication replication()
    {
        return replication;
    }

    LogStore logStore()
    {
        return logStore;
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

    /** Monotonic clock of the unit. */
    long nowNs()
    {
        return writer.nowNs();
    }

    Config config()
    {
        return config;
    }

    CommandTable table()
    {
        return table;
    }

    Settings settings()
    {
        return settings;
    }

    Statistics statistics()
    {
        return statistics;
    }

    MemoryFigures memory()
    {
        return memory;
    }

    Rates rates()
    {
        return rates;
    }

    Migrations migrations()
    {
        return migrations;
    }

    Readers readers()
    {
        return readers;
    }

    /** Null if the node has no machine for scripts. */
    Scripts scripts()
    {
        return scripts;
    }

    Shutdown shutdown()
    {
        return shutdown;
    }

    NodeLinkHost linkHost()
    {
        return linkHost;
    }

    /** The data set in service. */
    DataSet data()
    {
        return data.current();
    }

    /** Wall clock of the unit, epoch ms. */
    long nowMs()
    {
        return writer.nowMs();
    }

    /**
     * After the last duty cycle of all agents, and {@link org.millrace.engine.replication.primary.Feeder#onClose}. The
     * memory of a data set that a reader has not left stays as it is, for good.
     */
    @Override
    public void close()
    {
        migrations.close();
        streamLog.close();
        replication.close();
        streamLog.closeStore();
        snapshots.close();
        releaseImages();
        data.close();
        tracking.close();
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
