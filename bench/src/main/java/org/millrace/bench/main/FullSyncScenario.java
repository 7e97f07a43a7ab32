package org.millrace.bench.main;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.MemorySampler;
import org.millrace.bench.rig.ReplicationView;
import org.millrace.bench.target.MemorySample;
import org.millrace.bench.target.RespClient;
import org.millrace.bench.target.ServerProcess;
import org.millrace.bench.target.ServerSpec;
import org.millrace.bench.workload.Values;

/**
 * Full resyncs to replicas that only drain, one and many at once, and to a real replica that has to load.
 */
final class FullSyncScenario implements Scenario
{
    private static final long SEED = 11;
    private static final long TIMEOUT_MS = 300_000;
    private static final double MIB = 1024 * 1024;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "fullsync";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "full resync of the data set to draining replicas and to a real one: time, CPU, memory";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How long does a full resync take, what CPU and how much extra memory does it cost the primary?");
        final int valueLength = (int)context.number("value", 1_024, 1_024);
        final long keyCount = context.number("data", 20_000_000, 2_000_000_000) / valueLength;
        final int[] counts = Arrays
            .stream(context.numbers("replicas", new int[]{1, 3}, new int[]{1, 8, 16})).filter((count) -> count > 0)
            .toArray();
        final int rounds = (int)context.number("rounds", 1, 2);
        result.parameter("keys", keyCount).parameter("value bytes", valueLength)
            .parameter("draining replicas", Arrays.toString(counts)).parameter("rounds (A B B A)", rounds);
        result.doubt("Draining replicas run in the load generator's process on the same machine: with many of them " +
            "their reading takes a good part of the CPU, for every server alike.");
        result.doubt("Memory is sampled five times a second; a shorter peak is missed. Socket buffers belong to the " +
            "kernel and are not in it.");
        result.doubt("No load during the resync: see the latency scenario for that.");

        try (Lineup lineup = Lineup.start(context))
        {
            final Values values = new Values(SEED, valueLength);
            lineup.each((server, index, place) ->
            {
                final double seconds = Fill
                    .run(ServerProcess.HOST, server.port(), 0, keyCount, values, valueLength, 0).elapsedNs() / 1e9;
                context.progress("  filled %s in %.1f s", server.spec().label(), seconds);
            });
            drain(context, result, lineup, counts, rounds);
            load(context, result, lineup, keyCount);
        }

        return result;
    }

    private void drain(
        final BenchContext context,
        final ScenarioResult result,
        final Lineup lineup,
        final int[] counts,
        final int rounds) throws IOException
    {
        final Table table = result.table(
            new Table(
                "Full resync to draining replicas, medians of " + 2 * rounds,
                Table.column("primary"),
                Table.column("replicas"),
                Table.column("seconds", 2),
                Table.column("speed, x " + lineup.label(0)),
                Table.column("MB/s sent", 0),
                Table.column("CPU s", 2),
                Table.column("CPU s/GB sent", 2),
                Table.column("extra memory MiB", 1),
                Table.column("extra mapped file MiB", 1)));
        final List<String> groups = Arrays.stream(counts).mapToObj((count) -> count + " replicas")
            .collect(Collectors.toList());
        final double[][] plotted = new double[lineup.size()][counts.length];
        for (int c = 0; c < counts.length; c++)
        {
            final int count = counts[c];
            final Sync[][] syncs = new Sync[lineup.size()][2 * rounds];
            lineup.alternate(rounds, (server, index, place) ->
            {
                syncs[index][place] = drainOnce(server, count);
                context.progress(
                    "  %d replicas %d/%d %-24s %.2f s",
                    count,
                    place + 1,
                    2 * rounds,
                    server.spec().label(),
                    syncs[index][place].seconds);
            });
            for (int i = 0; i < lineup.size(); i++)
            {
                final double seconds = median(syncs[i], (sync) -> sync.seconds);
                final double gigabytes = median(syncs[i], (sync) -> sync.bytes) / 1e9;
                final double cpu = median(syncs[i], (sync) -> sync.cpuSeconds);
                plotted[i][c] = seconds;
                table.add(
                    lineup.label(i),
                    count,
                    seconds,
                    Statistics.describe(Statistics.ratios(seconds(syncs[0]), seconds(syncs[i]))),
                    gigabytes * 1e3 / seconds,
                    cpu,
                    cpu / gigabytes,
                    median(syncs[i], (sync) -> sync.extra.anonymous() / MIB),
                    median(syncs[i], (sync) -> sync.extra.file() / MIB));
            }
        }

        final Plot plot = result.plot(Plot.bars("Time of a full resync", "seconds", groups));
        for (int i = 0; i < lineup.size(); i++)
        {
            plot.bar(lineup.label(i), plotted[i]);
        }
    }

    private static Sync drainOnce(final ServerProcess server, final int count) throws IOException
    {
        final MemorySample before = server.memory();
        final long cpuBefore = server.cpuUs();
        final Sync sync = new Sync();
        try (MemorySampler sampler = MemorySampler.start(server))
        {
            final long startNs = System.nanoTime();
            try (DrainRig rig = DrainRig.open(ServerProcess.HOST, server.port(), count))
            {
                rig.awaitSynced(TIMEOUT_MS);
                sync.seconds = (rig.lastSyncedNs() - startNs) / 1e9;
                sync.bytes = rig.payloadBytes();
            }

            awaitNoChild(server);
            sync.extra = sampler.finish().minus(before);
        }

        sync.cpuSeconds = cpuBefore < 0 ? Double.NaN : (server.cpuUs() - cpuBefore) / 1e6;
        return sync;
    }

    /** A forked child's CPU time counts for its parent only once it has ended. */
    private static void awaitNoChild(final ServerProcess server) throws IOException
    {
        try (RespClient client = server.connect())
        {
            final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (client.info("persistence").is("rdb_bgsave_in_progress", "1") &&
                System.nanoTime() - deadlineNs < 0)
            {
                LockSupport.parkNanos(POLL_NS);
            }
        }
    }

    private void load(
        final BenchContext context,
        final ScenarioResult result,
        final Lineup lineup,
        final long keyCount) throws IOException
    {
        final Table table = result.table(
            new Table(
                "Full resync to a real replica on the same machine, from REPLICAOF to link up",
                Table.column("primary"),
                Table.column("replica"),
                Table.column("seconds", 2),
                Table.column("x " + lineup.label(0) + " to itself", 2),
                Table.column("replica CPU s", 2)));
        final double[] reference = {Double.NaN};
        lineup.each((primary, index, place) ->
        {
            loadOnce(context, table, primary, primary.spec(), keyCount, reference);
            if (index > 0)
            {
                loadOnce(context, table, primary, lineup.get(0).spec(), keyCount, reference);
            }
        });
    }

    private void loadOnce(
        final BenchContext context,
        final Table table,
        final ServerProcess primary,
        final ServerSpec replicaSpec,
        final long keyCount,
        final double[] reference) throws IOException
    {
        final String name = "replica " + replicaSpec.label() + " of " + primary.spec().label();
        try (ServerProcess replica = Lineup.launch(context, replicaSpec, name))
        {
            replica.awaitReady();
            final long cpuBefore = replica.cpuUs();
            final double seconds = loadSeconds(primary, replica, keyCount);
            reference[0] = Double.isNaN(reference[0]) ? seconds : reference[0];
            context.progress("  %s: %.2f s", name, seconds);
            table.add(
                primary.spec().label(),
                replicaSpec.label(),
                seconds,
                reference[0] / seconds,
                cpuBefore < 0 ? Double.NaN : (replica.cpuUs() - cpuBefore) / 1e6);
            replica.kill();
        }
    }

    private static double loadSeconds(final ServerProcess primary, final ServerProcess replica, final long keyCount)
        throws IOException
    {
        try (RespClient client = replica.connect())
        {
            final long startNs = System.nanoTime();
            client.callOk("REPLICAOF", ServerProcess.HOST, Integer.toString(primary.port()));
            while (!isLinked(client))
            {
                if (System.nanoTime() - startNs > TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MS))
                {
                    throw new IOException("replica did not come up\n" + replica.logTail());
                }

                LockSupport.parkNanos(POLL_NS);
            }

            final double seconds = (System.nanoTime() - startNs) / 1e9;
            final long found = client.callLong("DBSIZE");
            if (found != keyCount)
            {
                throw new IOException("replica has " + found + " keys of " + keyCount);
            }

            return seconds;
        }
    }

    private static boolean isLinked(final RespClient client) throws IOException
    {
        final ReplicationView view = ReplicationView.of(client);
        return !view.isPrimary() && view.isLinkUp();
    }

    private static double[] seconds(final Sync[] syncs)
    {
        return Arrays.stream(syncs).mapToDouble((sync) -> sync.seconds).toArray();
    }

    private static double median(final Sync[] syncs, final ToDoubleFunction<Sync> field)
    {
        return Statistics.median(Arrays.stream(syncs).mapToDouble(field).toArray());
    }

    /** One full resync to a number of draining replicas. */
    private static final class Sync
    {
        private double seconds;
        private double bytes;
        private double cpuSeconds;
        private MemorySample extra;
    }
}
