package org.millrace.bench.gate;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.LoadResult;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerGroup;
import org.millrace.kit.server.ServerProcess;
import org.millrace.bench.workload.Keys;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * Measures the counters: one server with all its work on one thread, and one with a thread for each kind of work.
 */
final class CounterRun
{
    private static final String[] OPTIONS = {
        "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0", "--loglevel", "warning"};
    private static final String INFO = "INFO";
    private static final String PROC_IO = "/proc/PID/io";
    private static final String RECEIVED = "bytes received";
    private static final long SEED = 43;
    private static final int VALUE_LENGTH = 64;
    private static final Values VALUES = new Values(SEED, VALUE_LENGTH);
    private static final int WARM_KEY_COUNT = 100_000;
    private static final long WARM_UP_NS = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final int CONNECTION_COUNT = 16;
    private static final int PIPELINE = 16;
    private static final int GROWN_KEY_COUNT = 1_000_000;
    private static final int REPLICA_COUNT = 4;
    private static final int PACED_WRITES = 300;
    private static final long TRACED_BATCHES = 2_000;
    private static final long TIMEOUT_MS = 30_000;
    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final List<Counter> counters = new ArrayList<>();
    private final Path home;
    private final long commandCount;
    private final PrintStream out;

    /**
     * @param home         top of the tree to measure.
     * @param commandCount commands that allocation is averaged over.
     * @param out          for progress.
     */
    CounterRun(final Path home, final long commandCount, final PrintStream out)
    {
        this.home = home;
        this.commandCount = commandCount;
        this.out = out;
    }

    /** Measures all of them. */
    List<Counter> run() throws IOException
    {
        final Path directory = Files.createTempDirectory("millrace-gate-");
        final GcLog log = new GcLog(directory.resolve("gc.log"));
        try
        {
            runMode("shared", log);
            Files.delete(directory.resolve("gc.log"));
            runMode("dedicated", log);
            runCollections();
        }
        finally
        {
            Files.deleteIfExists(directory.resolve("gc.log"));
            Files.deleteIfExists(directory);
        }

        return counters;
    }

    private void runMode(final String mode, final GcLog log) throws IOException
    {
        final boolean isShared = "shared".equals(mode);
        try (
            ServerGroup group = ServerGroup.open();
            ServerProcess server = group
                .start(mode, ServerCommands.millrace(mode, home, mode, log.jvmOption()), OPTIONS);
            ServerFigures figures = new ServerFigures(server))
        {
            warmUp(server);
            final long pausesBefore = log.pauseCount();
            if (isShared)
            {
                memory(server, figures);
                calls(server, figures);
            }

            commands(server, figures, mode);
            replicas(server, figures, mode);
            snapshot(server, figures, mode);
            add(mode + " collections", "pauses", "log of the JVM", log.pauseCount() - pausesBefore, 0);
        }
    }

    private void runCollections() throws IOException
    {
        try (
            ServerGroup group = ServerGroup.open();
            ServerProcess server = group
                .start("collections", ServerCommands.millrace("collections", home, "shared"), OPTIONS);
            ServerFigures figures = new ServerFigures(server))
        {
            final CollectionCounters collections = new CollectionCounters(server, figures, this::add);
            collections.memory();
            collections.commands(commandCount / 4);
        }
    }

    /** Until the JVM has compiled it all: its interpreter and first compiler allocate where the last one does not. */
    private static void warmUp(final ServerProcess server) throws IOException
    {
        fill(server, 0, WARM_KEY_COUNT);
        load(server, CONNECTION_COUNT, PIPELINE, CounterRun::set, WARM_UP_NS);
        load(server, CONNECTION_COUNT, PIPELINE, CounterRun::get, WARM_UP_NS);
        load(server, 1, 1, CounterRun::set, WARM_UP_NS / 2);
        for (int i = 0; i < 3; i++)
        {
            fill(server, 0, WARM_KEY_COUNT);
            try (DrainRig replicas = DrainRig.open(ServerProcess.HOST, server.port(), REPLICA_COUNT))
            {
                replicas.awaitSynced(TIMEOUT_MS);
                load(server, CONNECTION_COUNT, PIPELINE, CounterRun::set, WARM_UP_NS / 3);
            }
        }
    }

    private void memory(final ServerProcess server, final ServerFigures figures) throws IOException
    {
        final long usedBefore = figures.info("memory", "used_memory");
        final long residentBefore = figures.residentBytes();
        fill(server, WARM_KEY_COUNT, WARM_KEY_COUNT + GROWN_KEY_COUNT);
        final double used = figures.info("memory", "used_memory") - usedBefore;
        final double resident = figures.residentBytes() - residentBefore;
        final int payload = Keys.DEFAULT.length() + VALUE_LENGTH;
        add("overhead a key, accounted", "bytes", INFO, used / GROWN_KEY_COUNT - payload, 0.5);
        add("overhead a key, resident", "bytes", "/proc/PID/status", resident / GROWN_KEY_COUNT - payload, 8);
        figures.client().callOk("FLUSHALL");
        fill(server, 0, WARM_KEY_COUNT);
    }

    private void calls(final ServerProcess server, final ServerFigures figures) throws IOException
    {
        for (final int pipeline : new int[]{1, PIPELINE})
        {
            final long count = 20_000L * pipeline;
            final double[] calls = figures.callsBy(() -> loadCount(server, 1, pipeline, CounterRun::set, count));
            add("reads a command, pipeline " + pipeline, "calls", PROC_IO, calls[0] / count, 0.02 / pipeline);
            add("writes a command, pipeline " + pipeline, "calls", PROC_IO, calls[1] / count, 0.02 / pipeline);
            final long traced = TRACED_BATCHES * pipeline;
            final double all = Strace
                .count(server.pid(), () -> loadCount(server, 1, pipeline, CounterRun::set, traced));
            add("system calls a command, pipeline " + pipeline, "calls", "strace -c", all / traced, 0.9 / pipeline);
        }
    }

    private void commands(final ServerProcess server, final ServerFigures figures, final String mode)
        throws IOException
    {
        final boolean isShared = "shared".equals(mode);
        final long set = figures.allocatedBy(
            isShared,
            () -> loadCount(server, CONNECTION_COUNT, PIPELINE, CounterRun::set, commandCount));
        add(mode + " allocated a SET", "bytes", INFO, (double)set / commandCount, 0.25);
        final long get = figures.allocatedBy(
            isShared,
            () -> loadCount(server, CONNECTION_COUNT, PIPELINE, CounterRun::get, commandCount));
        add(mode + " allocated a GET", "bytes", INFO, (double)get / commandCount, 0.25);
        final long sentBefore = figures.info("stats", "total_net_output_bytes");
        final long sentOwn = figures.info("stats", "total_net_output_bytes") - sentBefore;
        final long count = commandCount / 10;
        loadCount(server, CONNECTION_COUNT, PIPELINE, CounterRun::set, count);
        final double sent = figures.info("stats", "total_net_output_bytes") - sentBefore - 2 * sentOwn;
        if (isShared)
        {
            add("reply to a SET", "bytes", INFO, sent / count, 0.01);
        }
    }

    private void replicas(final ServerProcess server, final ServerFigures figures, final String mode)
        throws IOException
    {
        final boolean isShared = "shared".equals(mode);
        try (DrainRig replicas = DrainRig.open(ServerProcess.HOST, server.port(), REPLICA_COUNT))
        {
            replicas.awaitSynced(TIMEOUT_MS);
            paced(server, figures, replicas, 50);
            final double[] calls = figures.callsBy(() -> paced(server, figures, replicas, PACED_WRITES));
            add(
                mode + " writes a lone SET and replica",
                "calls",
                PROC_IO,
                (calls[1] - PACED_WRITES) / (PACED_WRITES * REPLICA_COUNT),
                0.1);
            final long offsetBefore = figures.info("replication", "master_repl_offset");
            final long sentBefore = figures.info("stats", "total_net_repl_output_bytes");
            final long allocated = figures.allocatedBy(isShared, () ->
            {
                loadCount(server, CONNECTION_COUNT, PIPELINE, CounterRun::set, commandCount);
                awaitOffset(figures, replicas);
            });
            final double produced = figures.info("replication", "master_repl_offset") - offsetBefore;
            final double sent = figures.info("stats", "total_net_repl_output_bytes") - sentBefore;
            add(mode + " allocated a stream byte", "bytes", INFO, allocated / produced, 0.005);
            if (isShared)
            {
                add("stream a SET", "bytes", INFO, produced / commandCount, 0.05);
                add("sent a stream byte and replica", "bytes", INFO, sent / (produced * REPLICA_COUNT), 0.002);
            }
        }
    }

    private void snapshot(final ServerProcess server, final ServerFigures figures, final String mode)
        throws IOException
    {
        final boolean isShared = "shared".equals(mode);
        // More stream than the last image is long: a new one has to be made.
        fill(server, 0, WARM_KEY_COUNT);
        fill(server, 0, WARM_KEY_COUNT);
        final long syncsBefore = figures.info("stats", "sync_full");
        final double[] payload = new double[1];
        final long allocated = figures.allocatedBy(isShared, () ->
        {
            try (DrainRig replicas = DrainRig.open(ServerProcess.HOST, server.port(), REPLICA_COUNT))
            {
                replicas.awaitSynced(TIMEOUT_MS);
                payload[0] = replicas.payloadBytes();
            }
        });
        add(mode + " allocated a snapshot entry", "bytes", INFO, (double)allocated / WARM_KEY_COUNT, 1);
        final double logical = (double)WARM_KEY_COUNT * (Keys.DEFAULT.length() + VALUE_LENGTH);
        if (isShared)
        {
            add("snapshot a logical byte", "bytes", RECEIVED, payload[0] / (logical * REPLICA_COUNT), 0.001);
        }

        cutLink(server, figures);
        final double syncs = figures.info("stats", "sync_full") - syncsBefore;
        add(mode + " full resyncs of 4 joining, 1 returning", "resyncs", INFO, syncs, 0);
    }

    /** A replica that has been in sync and comes back must be told to go on where it was. */
    private static void cutLink(final ServerProcess server, final ServerFigures figures) throws IOException
    {
        final String replid = figures.client().info("replication").text("master_replid", "?");
        final long next = 1 + figures.info("replication", "master_repl_offset");
        try (RespClient link = server.connect())
        {
            link.callOk("REPLCONF", "capa", "eof", "capa", "psync2");
            // What the primary decides is counted before it answers.
            link.call("PSYNC", replid, Long.toString(next));
        }
    }

    /** One write at a time, the next when all replicas have the last one: nothing can be sent together. */
    private static void paced(
        final ServerProcess server,
        final ServerFigures figures,
        final DrainRig replicas,
        final int count) throws IOException
    {
        awaitOffset(figures, replicas);
        try (RespClient client = server.connect())
        {
            for (int i = 0; i < count; i++)
            {
                final long before = replicas.smallestOffset();
                client.callOk("SET", "key:000000000001", "value");
                awaitMoved(replicas, before);
            }
        }
    }

    private static void awaitMoved(final DrainRig replicas, final long before) throws IOException
    {
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (replicas.smallestOffset() == before)
        {
            failIfLost(replicas, deadlineNs);
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private static void awaitOffset(final ServerFigures figures, final DrainRig replicas) throws IOException
    {
        final long produced = figures.info("replication", "master_repl_offset");
        final long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS);
        while (replicas.smallestOffset() < produced)
        {
            failIfLost(replicas, deadlineNs);
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private static void failIfLost(final DrainRig replicas, final long deadlineNs) throws IOException
    {
        if (null != replicas.failure() || System.nanoTime() - deadlineNs > 0)
        {
            throw new IOException("replicas did not catch up: " + replicas.failure());
        }
    }

    private static void fill(final ServerProcess server, final long first, final long end) throws IOException
    {
        Fill.run(ServerProcess.HOST, server.port(), first, end, VALUES, VALUE_LENGTH, 0);
    }

    private static Workload set(final int index)
    {
        return Workloads.set(WARM_KEY_COUNT, VALUES, VALUE_LENGTH, SEED + index);
    }

    private static Workload get(final int index)
    {
        return Workloads.get(WARM_KEY_COUNT, SEED + index);
    }

    private static void load(
        final ServerProcess server,
        final int connectionCount,
        final int pipeline,
        final java.util.function.IntFunction<Workload> workloads,
        final long durationNs) throws IOException
    {
        try (ClosedLoopRig rig = ClosedLoopRig
            .open(ServerProcess.HOST, server.port(), connectionCount, pipeline, workloads))
        {
            check(rig.runFor(durationNs));
        }
    }

    static void loadCount(
        final ServerProcess server,
        final int connectionCount,
        final int pipeline,
        final java.util.function.IntFunction<Workload> workloads,
        final long count) throws IOException
    {
        try (ClosedLoopRig rig = ClosedLoopRig
            .open(ServerProcess.HOST, server.port(), connectionCount, pipeline, workloads))
        {
            check(rig.runCount(count));
        }
    }

    private static void check(final LoadResult result) throws IOException
    {
        if (result.errorCount() > 0)
        {
            throw new IOException(result.errorCount() + " requests were answered with errors");
        }
    }

    private void add(
        final String name,
        final String unit,
        final String source,
        final double value,
        final double allowance)
    {
        if (Double.isFinite(value))
        {
            counters.add(new Counter(name, unit, source, value, allowance));
            out.printf(Locale.ROOT, "  %-45s %,12.4f %s%n", name, value, unit);
            out.flush();
        }
    }
}
