package org.millrace.bench.main;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;
import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.DrainFleet;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.MemorySampler;
import org.millrace.bench.rig.OpenLoopRig;
import org.millrace.bench.target.MemorySample;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.server.ServerProcess;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * A thousand replicas at once, under a steady stream of a megabyte a second: what clients wait, whether all replicas
 * keep up, and what memory each takes.
 */
final class CrowdScenario implements Scenario
{
    /** Makes a SET of 200 bytes in the stream: 5,000 of them are a megabyte. */
    private static final int VALUE_LENGTH = 156;
    private static final int CONNECTIONS = 50;
    private static final int KEY_COUNT = 5_000;
    private static final long SEED = 31;
    private static final long TIMEOUT_MS = 300_000;
    private static final double KIB = 1024;

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "crowd";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "row 8: 1,000 draining replicas under 1 MB/s of stream: client latency, keeping up, memory of each";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "Do very many replicas stay in sync under a steady stream, and what do clients notice of it?");
        final int count = context.numbers("replicas", new int[]{20}, new int[]{1_000}, new int[]{1_000})[0];
        final int rate = (int)context.number("rate", 1_000, 5_000, 5_000);
        final long runMs = context.millis("seconds", 300, 8_000, 20_000);
        final long warmUpMs = context.number("warm-up-ms", 200, 3_000, 10_000);
        result.parameter("replicas", count).parameter("keys", KEY_COUNT).parameter("value bytes", VALUE_LENGTH)
            .parameter("writes a second", rate).parameter("run, ms", runMs)
            .parameter("warm-up without and with replicas, ms each", warmUpMs);
        result.doubt("The process that drains does as many reads as the server does writes, on the same CPUs.");
        result.doubt("Memory of a replica is the greatest growth of heap and anonymous memory from before they were " +
            "attached, divided by their number; that of the kernel is of both ends of the connections.");

        final Measured[] measured = new Measured[context.specs().size()];
        final Values values = new Values(SEED, VALUE_LENGTH);
        try (
            DrainFleet fleet = DrainFleet.open();
            Lineup lineup = Lineup.start(context, "--client-output-buffer-limit", "replica 0 0 0"))
        {
            lineup.each((server, index, place) ->
            {
                measured[index] = measure(fleet, server, values, count, rate, warmUpMs, runMs);
                context.progress("  %-24s %s", server.label(), measured[index].describe());
            });
        }

        report(context, result, measured, count, rate);
        return result;
    }

    private static Measured measure(
        final DrainFleet fleet,
        final ServerProcess server,
        final Values values,
        final int count,
        final int rate,
        final long warmUpMs,
        final long runMs) throws IOException
    {
        fleet.checkRoom(count, server.pid());
        Fill.run(ServerProcess.HOST, server.port(), 0, KEY_COUNT, values, VALUE_LENGTH, 0);
        final Workload workload = Workloads.set(KEY_COUNT, values, VALUE_LENGTH, SEED);
        final Measured measured = new Measured();
        try (OpenLoopRig rig = OpenLoopRig.open(ServerProcess.HOST, server.port(), CONNECTIONS))
        {
            rig.run(workload, rate, TimeUnit.MILLISECONDS.toNanos(warmUpMs));
            measured.before = ServerUse.memory(server);
            try (
                MemorySampler sampler = MemorySampler.start(server);
                DrainFleet.Group group = fleet.attach(ServerProcess.HOST, server.port(), count, DrainRig.UNLIMITED))
            {
                final long startNs = System.nanoTime();
                group.awaitSynced(TIMEOUT_MS);
                measured.attachSeconds = (System.nanoTime() - startNs) / 1e9;
                rig.run(workload, rate, TimeUnit.MILLISECONDS.toNanos(warmUpMs));
                group.awaitCaughtUp(server, TIMEOUT_MS);
                final long cpuBefore = ServerUse.cpuUs(server);
                final OpenLoopRig.Result run = rig.run(workload, rate, TimeUnit.MILLISECONDS.toNanos(runMs));
                final long endNs = System.nanoTime();
                group.awaitCaughtUp(server, TIMEOUT_MS);
                measured.caughtUpMs = (System.nanoTime() - endNs) / 1e6;
                measured.cpuUs = (ServerUse.cpuUs(server) - cpuBefore) / (double)run.load().requestCount();
                measured.latencyNs = run.load().latencyNs();
                sampler.finish();
                measured.peak = sampler.samples().stream().map(MemorySampler.Sample::memory)
                    .reduce(MemorySample.ZERO, MemorySample::max);
                measured.tcpBytes = sampler.peakTcpBytes();
            }
        }

        return measured;
    }

    private static void report(
        final BenchContext context,
        final ScenarioResult result,
        final Measured[] measured,
        final int count,
        final int rate)
    {
        final Table table = result.table(
            new Table(
                count + " replicas under " + rate + " writes a second",
                Table.column("server"),
                Table.column("all in sync after, s", 2),
                Table.column("p50 us", 0),
                Table.column("p99 us", 0),
                Table.column("p99.9 us", 0),
                Table.column("max us", 0),
                Table.column("CPU us/SET", 1),
                Table.column("caught up after, ms", 0),
                Table.column("process KiB/replica", 1),
                Table.column("kernel KiB/replica, both ends", 1)));
        final Plot plot = result.plot(Plot.percentiles("SET latency with " + Table.counted(count, "replica")));
        final double[][] fields = new double[3][measured.length];
        for (int i = 0; i < measured.length; i++)
        {
            final Measured each = measured[i];
            fields[0][i] = each.latencyNs.getValueAtPercentile(50) / 1e6;
            fields[1][i] = each.caughtUpMs;
            fields[2][i] = (each.peak.anonymous() - each.before.anonymous()) / KIB / count;
            final String label = context.specs().get(i).label();
            table.add(
                label,
                each.attachSeconds,
                each.latencyNs.getValueAtPercentile(50) / 1e3,
                each.latencyNs.getValueAtPercentile(99) / 1e3,
                each.latencyNs.getValueAtPercentile(99.9) / 1e3,
                each.latencyNs.getMaxValue() / 1e3,
                each.cpuUs,
                each.caughtUpMs,
                fields[2][i],
                each.tcpBytes / KIB / count);
            plot.histogram(label, each.latencyNs);
            result.histogram(label, each.latencyNs);
        }

        final String what = String.format(Locale.ROOT, "%s, %,d writes/s: ", Table.counted(count, "replica"), rate);
        context.findings(result, 8, what + "client p50", "ms", fields[0], Goal.atMost(10, "ms"));
        context.findings(result, 8, what + "all caught up after the end", "ms", fields[1], Goal.atMost(1_000, "ms"));
        context.findings(
            result,
            8,
            what + "process memory of each replica",
            "KiB",
            fields[2],
            Goal.atMost(64, "KiB"));
    }

    /** What one server did. */
    private static final class Measured
    {
        private MemorySample before;
        private MemorySample peak;
        private Histogram latencyNs;
        private double attachSeconds;
        private double caughtUpMs;
        private double cpuUs;
        private long tcpBytes;

        String describe()
        {
            return String.format(
                Locale.ROOT,
                "in sync after %.1f s, p50 %,.0f us, caught up after %.0f ms",
                attachSeconds,
                latencyNs.getValueAtPercentile(50) / 1e3,
                caughtUpMs);
        }
    }
}
