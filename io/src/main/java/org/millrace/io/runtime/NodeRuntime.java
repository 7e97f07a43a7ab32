package org.millrace.io.runtime;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.millrace.engine.backlog.PreparedSegments;
import org.millrace.engine.base.ParkingAgent;
import org.millrace.engine.config.Config;
import org.millrace.engine.config.ConfigOption;
import org.millrace.engine.config.ConfigStore;
import org.millrace.engine.config.Versions;
import org.millrace.engine.counters.EventLog;
import org.millrace.engine.memory.OffHeap;
import org.millrace.engine.node.Node;
import org.millrace.engine.node.NodeIdentity;
import org.millrace.engine.node.NodeOptions;
import org.millrace.engine.node.Replids;
import org.millrace.io.file.FileSpoolStorage;
import org.millrace.io.file.HostFiles;
import org.millrace.io.file.Leftovers;
import org.millrace.io.file.RingStorage;
import org.millrace.io.file.SnapshotFiles;
import org.millrace.io.host.JvmFlags;
import org.millrace.io.host.ProcessFigures;
import org.millrace.io.host.Supervision;
import org.millrace.io.host.SystemHost;
import org.millrace.io.net.NameResolver;
import org.millrace.io.net.NioReactor;
import org.millrace.io.thread.AgentThread;
import org.millrace.io.thread.Waits;

/**
 * A node with its reactors, listeners, files and threads. Open, {@link #listen}, then {@link #run} on a thread of the
 * caller's, which becomes the writer's; {@link #stop} ends it from any thread.
 */
public final class NodeRuntime implements AutoCloseable
{
    /** Ring segments kept ready for the writer in dedicated mode. */
    private static final int SPARE_SEGMENTS = 2;

    private static final long JOIN_MS = 5_000;
    private static final long READERS_POLL_NS = 100_000;

    /** Part of the machine's memory that the data set may take when maxmemory does not say less. */
    private static final double MEMORY_PART = 0.9;

    private final Config config;
    private final EventLog log;
    private final SystemHost host;
    private final Closer closer;
    private final NioReactor reactor;
    private final RingStorage segments;
    private final Node node;
    private final NodeThreads threads;
    private final Listeners listeners;
    private final PidFile pidFile;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Set<Thread> agentThreads = ConcurrentHashMap.newKeySet();
    private Runnable beforeEnd = () ->
    {
    };
    private volatile int exitCode;
    private volatile long readersLimitMs = JOIN_MS;
    private volatile String readerInside;

    /**
     * @param executable shown by INFO.
     * @param configFile absolute path shown by INFO, or empty.
     */
    public NodeRuntime(
        final Config config,
        final ConfigStore configStore,
        final EventLog log,
        final String executable,
        final String configFile)
    {
        JvmFlags.check();
        this.config = config;
        this.log = log;
        host = new SystemHost(this::exit);
        closer = new Closer(log);
        try
        {
            final boolean isDedicated = "dedicated".equals(config.print(ConfigOption.THREADING));
            final NameResolver resolver = closer.add(new NameResolver());
            reactor = closer.add(new NioReactor(resolver));
            final NioReactor feederReactor = isDedicated ? closer.add(new NioReactor(resolver)) : reactor;
            final Path directory = HostFiles.path(config.directory());
            final Path backlogDirectory = backlogDirectory(directory);
            Leftovers.remove(new LinkedHashSet<>(List.of(directory, backlogDirectory)), log);
            segments = closer.add(openSegments(backlogDirectory));
            final PreparedSegments prepared = isDedicated ? new PreparedSegments(segments, SPARE_SEGMENTS) : null;
            final FileSpoolStorage spools = closer.add(new FileSpoolStorage(directory, log));
            final BackgroundRelease release = closer.add(new BackgroundRelease());
            final SnapshotFiles snapshotFiles = closer.add(new SnapshotFiles());
            final NodeIdentity identity = identity(executable, configFile);
            logMemory();
            node = new Node(
                new NodeOptions(
                    config,
                    configStore,
                    identity,
                    host,
                    log,
                    new OffHeap(memoryLimit(), release),
                    reactor,
                    feederReactor,
                    isDedicated ? prepared : segments,
                    spools,
                    snapshotFiles,
                    isDedicated));
            threads = new NodeThreads(
                node, reactor, "busy-spin".equals(config.print(ConfigOption.IDLE_STRATEGY)), new AgentLife());
            if (isDedicated)
            {
                threads.dedicate(feederReactor, prepared);
            }
            else
            {
                threads.share();
            }

            final int readers = config.integer(ConfigOption.READER_THREADS);
            for (int i = 0; i < readers; i++)
            {
                threads.addReader(closer.add(new NioReactor(resolver)));
            }

            listeners = new Listeners(config, log, reactor, node, 0 == readers);
            pidFile = new PidFile(config, log, identity.processId());
        }
        catch (final RuntimeException | Error e)
        {
            closer.close();
            throw e;
        }
    }

    private NodeIdentity identity(final String executable, final String configFile)
    {
        return new NodeIdentity(
            Replids.next(host),
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
            config.integer(ConfigOption.PORT),
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

    /**
     * Listen on what the configuration says.
     *
     * @return false if an address is taken; the log says which.
     */
    public boolean listen()
    {
        return listeners.open();
    }

    /** As {@link #listen}, on a port that is free. */
    public boolean listenAnywhere()
    {
        return listeners.openAnywhere();
    }

    /** Whether there is any way in for clients, once {@link #listen} has been called. */
    public boolean isListening()
    {
        return listeners.isListening();
    }

    /** Be the writer's thread until the node ends. @return the exit code. */
    public int run(final Runnable onReady)
    {
        try
        {
            threads.start();
            node.start(() ->
            {
                onReady.run();
                warmUp();
            });
            threads.run();
            if (0 == exitCode)
            {
                beforeEnd.run();
            }
        }
        finally
        {
            shutDown();
        }

        return exitCode;
    }

    /** The first mapped segment loads classes for a quarter of a second: not on the writer's time. */
    private void warmUp()
    {
        final Thread thread = new Thread(segments::warmUp, "millrace-warm-up");
        thread.setDaemon(true);
        thread.start();
        closer.add(() -> Waits.join(thread, JOIN_MS));
    }

    /** What becomes of the agents' threads. */
    private final class AgentLife implements AgentThread.Listener
    {
        @Override
        public void onStart(final String roleName)
        {
            agentThreads.add(Thread.currentThread());
            host.figures().register(roleName);
        }

        /** A bug of ours on another thread: a node that goes on would be wrong. */
        @Override
        public void onFailure(final Throwable failure)
        {
            log.warning("Guru meditation: an agent has failed: " + failure + " " + stackOf(failure));
            exit(1);
        }
    }

    public static String stackOf(final Throwable e)
    {
        final StringBuilder text = new StringBuilder();
        for (final StackTraceElement element : e.getStackTrace())
        {
            text.append(" at ").append(element);
        }

        return null == e.getCause() ? text.toString() : text + " caused by " + e.getCause() + stackOf(e.getCause());
    }

    private void exit(final int code)
    {
        exitCode = code;
        threads.stop();
    }

    /** On the writer's thread: end once this duty cycle is over. */
    public void exit()
    {
        exit(0);
    }

    /**
     * Before {@link #run}: on the writer's thread, behind its last turn and while all other parts are still there, unless
     * the node has failed.
     */
    public void beforeEnd(final Runnable task)
    {
        beforeEnd = task;
    }

    /** Whether the calling thread runs an agent of this node. */
    public boolean isAgentThread()
    {
        return agentThreads.contains(Thread.currentThread());
    }

    /** Run something on the writer's thread. */
    public void execute(final Runnable task)
    {
        reactor.execute(task);
    }

    /** Before {@link #run}: an agent that the writer's thread runs too, after everything else of a duty cycle. */
    public void inbox(final ParkingAgent agent)
    {
        threads.addToWriter(agent);
    }

    /** Make the writer's thread go on if it sleeps; any thread, after a full fence behind what it is to see. */
    public void wakeup()
    {
        reactor.wakeup();
    }

    /** How long the end waits for readers within the process that are in the middle of a read, ms. */
    public void readersLimitMs(final long value)
    {
        readersLimitMs = value;
    }

    /** After {@link #stop}: the reader that was waited for in vain, whose memory stays mapped; null if there is none. */
    public String readerInside()
    {
        return readerInside;
    }

    /** End from any thread but the writer's, without saving; returns when it has ended. */
    public void stop()
    {
        exit(0);
        Waits.await(stopped, JOIN_MS + readersLimitMs);
    }

    private void shutDown()
    {
        try
        {
            listeners.close();
            if (threads.close(JOIN_MS))
            {
                readerInside = awaitReaders();
                node.close();
            }
            else
            {
                log.warning("A thread of the node has not ended after " + JOIN_MS + " ms: its memory stays mapped.");
            }
        }
        finally
        {
            closer.close();
            pidFile.delete();
            stopped.countDown();
        }
    }

    private String awaitReaders()
    {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(readersLimitMs);
        String inside;
        while (null != (inside = node.shutReaders()) && System.nanoTime() - endNs < 0)
        {
            LockSupport.parkNanos(READERS_POLL_NS);
        }

        if (null != inside)
        {
            log.warning("Reader '" + inside + "' still looks at the data after " + readersLimitMs +
                " ms: the memory stays mapped.");
        }

        return inside;
    }

    /** Before {@link #run}: who is told how the node is. */
    public void supervised(final Supervision by)
    {
        host.supervised(by);
    }

    /** pidfile, when asked for. */
    public void writePidFile()
    {
        pidFile.write();
    }

    /** Told on the writer's thread when the node becomes a replica (true) or a primary. */
    public void onRoleChange(final Consumer<Boolean> listener)
    {
        node.onRoleChange(listener);
    }

    /** Give up before {@link #run}. */
    public void abandon()
    {
        shutDown();
    }

    public Node node()
    {
        return node;
    }

    /** The TCP port that was bound first, 0 if none. */
    public int port()
    {
        return listeners.port();
    }

    /** Turns without work of all threads so far: how busy the node is while it idles. */
    public long emptyTurns()
    {
        return threads.emptyTurns();
    }

    @Override
    public void close()
    {
        stop();
    }
}
