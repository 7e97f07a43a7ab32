package org.millrace.io.runtime;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import org.millrace.engine.backlog.PreparedSegments;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.ConfigStore;
import org.millrace.engine.config.Versions;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.node.Node;
import org.millrace.engine.node.NodeIdentity;
import org.millrace.engine.node.NodeOptions;
import org.millrace.engine.replication.RandomIds;
import org.millrace.io.file.AclFiles;
import org.millrace.io.file.FileSpoolStorage;
import org.millrace.io.file.HostFiles;
import org.millrace.io.file.Leftovers;
import org.millrace.io.file.LogDirectory;
import org.millrace.io.file.RingStorage;
import org.millrace.io.file.SnapshotFiles;
import org.millrace.io.host.ProcessFigures;
import org.millrace.io.host.SystemHost;
import org.millrace.io.lua.LuaMachine;
import org.millrace.io.net.NameResolver;
import org.millrace.io.net.NioReactor;
import org.millrace.io.thread.AgentThread;
import org.millrace.io.tls.TlsSetup;

/** A node and what it works with, opened as its configuration says: selectors, files, memory, and which thread runs what. */
final class NodeParts
{
    /** Ring segments kept ready for the writer in dedicated mode. */
    private static final int SPARE_SEGMENTS = 2;

    /** Part of the machine's memory that the data set may take when maxmemory does not say less. */
    private static final double MEMORY_PART = 0.9;

    private final Config config;
    private final EventLog log;
    private final SystemHost host;
    private final Closer closer;
    private final boolean isDedicated;
    private final NameResolver resolver;
    private final TlsSetup tls;
    private final NioReactor reactor;
    private final NioReactor feederReactor;
    private final RingStorage segments;

    /** Null in shared mode. */
    private final PreparedSegments prepared;

    private final NodeIdentity identity;
    private final Node node;

    /**
     * @param closer what is opened is added to it, also if opening fails half-way.
     * @param executable shown by INFO.
     * @param configFile absolute path shown by INFO, or empty.
     */
    NodeParts(
        final Config config,
        final ConfigStore configStore,
        final EventLog log,
        final SystemHost host,
        final Closer closer,
        final String executable,
        final String configFile)
    {
        this.config = config;
        this.log = log;
        this.host = host;
        this.closer = closer;
        isDedicated = "dedicated".equals(config.print(ConfigOption.THREADING));
        resolver = closer.add(new NameResolver());
        tls = closer.add(new TlsSetup());
        reactor = closer.add(new NioReactor(resolver, tls));
        feederReactor = isDedicated ? closer.add(new NioReactor(resolver, tls)) : reactor;
        final Path directory = HostFiles.path(config.directory());
        final Path backlogDirectory = backlogDirectory(directory);
        Leftovers.remove(new LinkedHashSet<>(List.of(directory, backlogDirectory)), log);
        segments = closer.add(openSegments(backlogDirectory));
        prepared = isDedicated ? new PreparedSegments(segments, SPARE_SEGMENTS) : null;
        identity = identity(executable, configFile);
        node = openNode(configStore, directory);
    }

    private Node openNode(final ConfigStore configStore, final Path directory)
    {
        final FileSpoolStorage spools = closer.add(new FileSpoolStorage(directory, log));
        final BackgroundRelease release = closer.add(new BackgroundRelease());
        final SnapshotFiles snapshotFiles = closer.add(new SnapshotFiles());
        logMemory();
        return new Node(
            new NodeOptions(
                config,
                configStore,
                new AclFiles(),
                identity,
                host,
                log,
                new OffHeap(memoryLimit(), release),
                reactor,
                feederReactor,
                isDedicated ? prepared : segments,
                spools,
                snapshotFiles,
                new LogDirectory(directory, log),
                new LuaMachine(),
                isDedicated));
    }

    private NodeIdentity identity(final String executable, final String configFile)
    {
        return new NodeIdentity(
            RandomIds.next(host::random),
            ProcessHandle.current().pid(),
            executable,
            configFile,
            Versions.MILLRACE,
            System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
            System.getProperty("os.name") + " " + System.getProperty("os.version") + " " +
                System.getProperty("os.arch").replace("amd64", "x86_64"));
    }

    private Path backlogDirectory(final Path directory)
    {
        final String name = config.text(ConfigOption.BACKLOG_DIR);
        return name.isEmpty() ? directory : HostFiles.path(config.path(name));
    }

    private RingStorage openSegments(final Path directory)
    {
        return RingStorage.open(
            directory,
            config.anyPort(),
            SegmentLengths.of(config.number(ConfigOption.REPL_BACKLOG_SIZE)),
            log);
    }

    private static long memoryLimit()
    {
        return (long)(ProcessFigures.machineBytes() * MEMORY_PART);
    }

    private void logMemory()
    {
        final long machine = ProcessFigures.machineBytes();
        final long limit = config.number(ConfigOption.MAXMEMORY);
        if (limit > machine * MEMORY_PART && machine > 0)
        {
            log.warning("WARNING: maxmemory is " + limit + " bytes, but this machine or container has " + machine +
                ": writes are refused with -OOM before its memory runs out.");
        }
        else
        {
            log.notice("Memory: maxmemory " + (0 == limit ? "is not set" : "is " + limit + " bytes") +
                ", this machine or container has " + machine + " bytes.");
        }
    }

    /** The threads of the node, reader threads included; none runs yet. */
    NodeThreads makeThreads(final AgentThread.Listener listener)
    {
        final NodeThreads threads = new NodeThreads(
            node, reactor, "busy-spin".equals(config.print(ConfigOption.IDLE_STRATEGY)), listener);
        if (isDedicated)
        {
            threads.dedicate(feederReactor, prepared);
        }
        else
        {
            threads.share();
        }

        for (int i = 0; i < readerCount(); i++)
        {
            threads.addReader(closer.add(new NioReactor(resolver, tls)));
        }

        return threads;
    }

    private int readerCount()
    {
        return config.integer(ConfigOption.READER_THREADS);
    }

    /** Where clients come in; closed still. */
    Listeners makeListeners()
    {
        return new Listeners(config, log, tls, reactor, node, 0 == readerCount());
    }

    PidFile makePidFile()
    {
        return new PidFile(config, log, identity.processId());
    }

    Node node()
    {
        return node;
    }

    NioReactor reactor()
    {
        return reactor;
    }

    RingStorage segments()
    {
        return segments;
    }
}
