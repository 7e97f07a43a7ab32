package org.millrace.io.main;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.CompositeAgent;
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
import org.millrace.engine.node.Replids;
import org.millrace.io.config.HostFiles;
import org.millrace.io.file.FileSpoolStorage;
import org.millrace.io.file.MappedSegmentStorage;
import org.millrace.io.file.SnapshotFiles;
import org.millrace.io.net.NameResolver;
import org.millrace.io.net.NioReactor;

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
    private final NameResolver resolver = new NameResolver();
    private final NioReactor reactor = new NioReactor(resolver);
    private final NioReactor feederReactor;
    private final MappedSegmentStorage segments;
    private final SnapshotFiles snapshotFiles = new SnapshotFiles();
    private final BackgroundRelease release = new BackgroundRelease();
    private final Node node;
    private final NodeIdentity identity;
    private final WriterLoop writerLoop;
    private final List<AgentLoop> agentLoops = new ArrayList<>();
    private final List<ReaderLoop> readerLoops = new ArrayList<>();
    private final List<NioReactor> readerReactors = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Listeners listeners;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile int exitCode;
    private volatile long readersLimitMs = JOIN_MS;
    private volatile String readerInside;

    /**
     * @param executable shown by INFO.
     * @param configFile absolute path shown by INFO, or empty.
     * @throws IOException if the directory for the backlog cannot be used; nothing stays open then.
     */
    public NodeRuntime(
        final Config config,
        final ConfigStore configStore,
        final EventLog log,
        final String executable,
        final String configFile) throws IOException
    {
        JvmFlags.check();
        this.config = config;
        this.log = log;
        host = new SystemHost(this::exit);
        final boolean isDedicated = "dedicated".equals(config.print(ConfigOption.THREADING));
        final boolean isBusySpin = "busy-spin".equals(config.print(ConfigOption.IDLE_STRATEGY));
        feederReactor = isDedicated ? new NioReactor(resolver) : reactor;
        final Path directory = HostFiles.path(config.directory());
        segments = openSegments(directory);
        final PreparedSegments prepared = isDedicated ? new PreparedSegments(segments, SPARE_SEGMENTS) : null;
        identity = new NodeIdentity(
            Replids.next(host),
            ProcessHandle.current().pid(),
            executable,
            configFile,
            Versions.MILLRACE,
            System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
            System.getProperty("os.name") + " " + System.getProperty("os.version") + " " +
                System.getProperty("os.arch"),
            System.currentTimeMillis());
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
                null == prepared ? segments : prepared,
                new FileSpoolStorage(directory, log),
                snapshotFiles,
                isDedicated));
        final Agent[] shared = isDedicated ? new Agent[0] : new Agent[]{node.feeder(), node.snapshotter()};
        writerLoop = new WriterLoop(node, reactor, shared, isBusySpin, () -> host.figures().register("writer"));
        if (isDedicated)
        {
            agentLoops.add(
                new AgentLoop(
                    node.feeder(), feederReactor, isBusySpin, () -> host.figures().register("feeder")));
            // It touches files anyway: let it also make and remove those of the ring, so that the writer need not.
            agentLoops.add(
                new AgentLoop(
                    new CompositeAgent(node.snapshotter(), prepared), null, isBusySpin,
                    () -> host.figures().register("snapshotter")));
        }

        for (int i = 1; i <= config.integer(ConfigOption.READER_THREADS); i++)
        {
            addReader("reader-" + i, isBusySpin);
        }

        listeners = new Listeners(config, log, reactor, node, readerLoops.isEmpty());
    }

    private void addReader(final String name, final boolean isBusySpin)
    {
        final NioReactor readerReactor = new NioReactor(resolver);
        final ReaderLoop loop = new ReaderLoop(readerReactor, isBusySpin, () -> host.figures().register(name));
        loop.agent(node.addReader(readerReactor, loop::wake));
        readerReactors.add(readerReactor);
        readerLoops.add(loop);
    }

    private MappedSegmentStorage openSegments(final Path directory) throws IOException
    {
        final String backlogDirectory = config.text(ConfigOption.BACKLOG_DIR);
        try
        {
            return MappedSegmentStorage.open(
                backlogDirectory.isEmpty() ? directory : HostFiles.path(config.path(backlogDirectory)),
                config.integer(ConfigOption.PORT),
                SegmentLengths.of(config.number(ConfigOption.REPL_BACKLOG_SIZE)),
                0,
                log);
        }
        catch (final IOException e)
        {
            feederReactor.close();
            reactor.close();
            resolver.close();
            throw e;
        }
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

    /** Whether there is any way in for clients, once {@link #listen} has been called. */
    boolean isListening()
    {
        return listeners.isListening();
    }

    /** Be the writer's thread until the node ends. @return the exit code. */
    public int run(final Runnable onReady)
    {
        try
        {
            agentLoops.forEach(this::startThread);
            readerLoops.forEach(this::startThread);

            node.start(() ->
            {
                onReady.run();
                warmUp();
            });
            writerLoop.run();
        }
        finally
        {
            shutDown();
        }

        return exitCode;
    }

    private void startThread(final Runnable loop)
    {
        final Thread thread = new Thread(loop, "millrace-agent-" + threads.size());
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((t, e) -> fatal(e));
        threads.add(thread);
        thread.start();
    }

    /** The first mapped segment loads classes for a quarter of a second: not on the writer's time. */
    private void warmUp()
    {
        final Thread thread = new Thread(segments::warmUp, "millrace-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** A bug of ours on another thread: a node that goes on would be wrong. */
    private void fatal(final Throwable e)
    {
        log.warning("Guru meditation: an agent has failed: " + e + " " + stackOf(e));
        exit(1);
    }

    static String stackOf(final Throwable e)
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
        writerLoop.stop();
    }

    /** On the writer's thread: end once this duty cycle is over. */
    void exit()
    {
        exit(0);
    }

    /** Run something on the writer's thread. */
    public void execute(final Runnable task)
    {
        reactor.execute(task);
    }

    /** Before {@link #run}: an agent that the writer's thread runs too, after everything else of a duty cycle. */
    void inbox(final Agent agent)
    {
        writerLoop.inbox(agent);
    }

    /** Make the writer's thread go on if it sleeps; any thread, after a full fence behind what it is to see. */
    void wakeup()
    {
        reactor.wakeup();
    }

    /** How long the end waits for readers within the process that are in the middle of a read, ms. */
    void readersLimitMs(final long value)
    {
        readersLimitMs = value;
    }

    /** After {@link #stop}: the reader that was waited for in vain, whose memory stays mapped; null if there is none. */
    String readerInside()
    {
        return readerInside;
    }

    /** End from any thread but the writer's, without saving; returns when it has ended. */
    public void stop()
    {
        exit(0);
        try
        {
            stopped.await(JOIN_MS + readersLimitMs, TimeUnit.MILLISECONDS);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void shutDown()
    {
        listeners.close();
        agentLoops.forEach(AgentLoop::stop);
        readerLoops.forEach(ReaderLoop::stop);

        try
        {
            for (final Thread thread : threads)
            {
                thread.join(JOIN_MS);
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }

        readerLoops.forEach(ReaderLoop::closeIfNotStarted);
        readerInside = awaitReaders();
        node.close();
        release.close();
        snapshotFiles.close();
        segments.close();
        feederReactor.close();
        readerReactors.forEach(NioReactor::close);
        reactor.close();
        resolver.close();
        deletePidFile();
        stopped.countDown();
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

    /** pidfile, when asked for. */
    public void writePidFile()
    {
        final String name = config.text(ConfigOption.PIDFILE);
        if (!name.isEmpty())
        {
            try
            {
                Files.writeString(HostFiles.path(config.path(name)), identity.processId() + "\n");
            }
            catch (final IOException e)
            {
                log.warning("Failed to write PID file: " + e.getMessage());
            }
        }
    }

    private void deletePidFile()
    {
        final String name = config.text(ConfigOption.PIDFILE);
        if (!name.isEmpty())
        {
            try
            {
                Files.deleteIfExists(HostFiles.path(config.path(name)));
            }
            catch (final IOException e)
            {
                log.warning("Failed to delete PID file: " + e.getMessage());
            }
        }
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

    @Override
    public void close()
    {
        stop();
    }
}
