package org.millrace.bench.main;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import org.HdrHistogram.Histogram;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.OpenLoopRig;
import org.millrace.bench.rig.SyncLoop;
import org.millrace.bench.target.ServerProcess;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * Latency of writes at a fixed rate, idle and while full resyncs go on one after another.
 */
final class LatencyScenario implements Scenario
{
    private static final int CONNECTIONS = 50;
    private static final long SEED = 17;

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "latency";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "write latency at a fixed rate from the intended send time, idle and during full resyncs";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How much do writes at a fixed rate suffer from full resyncs to one and to several replicas?");
        final int valueLength = (int)context.number("value", 1_024, 1_024);
        final int keyCount = (int)(context.number("data", 20_000_000, 2_000_000_000) / valueLength);
        final int rate = (int)context.number("rate", 2_000, 10_000);
        final long runMs = context.number("seconds", 1, 10) * 1_000;
        final int[] counts = context.numbers("replicas", new int[]{0, 1}, new int[]{0, 1, 16});
        result.parameter("keys", keyCount).parameter("value bytes", valueLength).parameter("writes a second", rate)
            .parameter("run, s", runMs / 1_000).parameter("replicas in resync", Arrays.toString(counts))
            .parameter("connections", CONNECTIONS);
        result.doubt("Load generator, draining replicas and server share the machine: with few cores a part of the " +
            "tail is waiting for a CPU. 'Generator late' shows how late the generator itself was.");
        result.doubt("A fast full resync is repeated during the run, a slow one may not end within it: 'resyncs' " +
            "says how many ended.");

        final Table table = result.table(
            new Table(
                "SET latency at " + rate + " writes a second",
                Table.column("server"),
                Table.column("replicas in resync"),
                Table.column("p50 us", 0),
                Table.column("p99 us", 0),
                Table.column("p99.9 us", 0),
                Table.column("max us", 0),
                Table.column("p99.9, x own idle", 2),
                Table.column("resyncs"),
                Table.column("generator late p99.9 us", 0),
                Table.column("errors")));
        try (Lineup lineup = Lineup.start(context))
        {
            final Values values = new Values(SEED, valueLength);
            lineup.each((server, index, place) ->
            {
                Fill.run(ServerProcess.HOST, server.port(), 0, keyCount, values, valueLength, 0);
                context.progress("  filled %s", server.spec().label());
            });
            measure(context, result, table, lineup, counts, rate, runMs, values, keyCount, valueLength);
        }

        return result;
    }

    private void measure(
        final BenchContext context,
        final ScenarioResult result,
        final Table table,
        final Lineup lineup,
        final int[] counts,
        final int rate,
        final long runMs,
        final Values values,
        final int keyCount,
        final int valueLength) throws IOException
    {
        final double[] idle = new double[lineup.size()];
        Arrays.fill(idle, Double.NaN);
        for (final int count : counts)
        {
            final Plot percentiles = result.plot(Plot.percentiles("SET latency, " + describe(count)));
            final Plot overTime = result.plot(
                Plot.lines("Greatest latency in each 0.1 s, " + describe(count), "s", "us", true));
            lineup.each((server, index, place) ->
            {
                final Workload workload = Workloads.set(keyCount, values, valueLength, SEED);
                final Run run = runOnce(server, workload, rate, runMs, count);
                final Histogram latency = run.result.load().latencyNs();
                final double tail = latency.getValueAtPercentile(99.9) / 1e3;
                idle[index] = 0 == count ? tail : idle[index];
                table.add(
                    lineup.label(index),
                    count,
                    latency.getValueAtPercentile(50) / 1e3,
                    latency.getValueAtPercentile(99) / 1e3,
                    tail,
                    latency.getMaxValue() / 1e3,
                    tail / idle[index],
                    run.syncCount,
                    run.result.sendDelayNs().getValueAtPercentile(99.9) / 1e3,
                    run.result.load().errorCount());
                context.progress("  %s %-24s p99.9 %,.0f us", describe(count), lineup.label(index), tail);
                percentiles.histogram(lineup.label(index), latency);
                overTime.line(lineup.label(index), seconds(run), micros(run));
                result.histogram(lineup.label(index) + "_" + count + "_replicas", latency);
                check(result, lineup.label(index), count, run, rate, runMs);
            });
        }
    }

    private static void check(
        final ScenarioResult result,
        final String label,
        final int count,
        final Run run,
        final int rate,
        final long runMs)
    {
        final double achieved = run.result.load().requestCount() * 1e3 / runMs;
        final double generatorLateMs = run.result.sendDelayNs().getValueAtPercentile(99) / 1e6;
        if (achieved < rate * 0.99 || generatorLateMs > 50)
        {
            result.failure(label + " with " + count + " replicas: the generator did not hold the rate");
        }

        if (null != run.failure)
        {
            result.failure(label + " with " + count + " replicas: " + run.failure);
        }
    }

    private static Run runOnce(
        final ServerProcess server,
        final Workload workload,
        final int rate,
        final long runMs,
        final int count) throws IOException
    {
        final Run run = new Run();
        try (OpenLoopRig rig = OpenLoopRig.open(ServerProcess.HOST, server.port(), CONNECTIONS))
        {
            // Warm-up, not counted: connections, buffers, compiled code.
            rig.run(workload, rate, TimeUnit.MILLISECONDS.toNanos(runMs / 4));
            try (SyncLoop loop = SyncLoop.start(() -> DrainRig.open(ServerProcess.HOST, server.port(), count), count))
            {
                run.result = rig.run(workload, rate, TimeUnit.MILLISECONDS.toNanos(runMs));
                run.syncCount = loop.completedCount();
                run.failure = loop.failure();
            }
        }

        return run;
    }

    private static double[] seconds(final Run run)
    {
        final double[] x = new double[run.result.sliceMaxNs().length];
        Arrays.setAll(x, (i) -> i / 10.0);
        return x;
    }

    private static double[] micros(final Run run)
    {
        return Arrays.stream(run.result.sliceMaxNs()).mapToDouble((ns) -> Math.max(1, ns / 1e3)).toArray();
    }

    private static String describe(final int count)
    {
        return 0 == count ? "idle" : count + (1 == count ? " replica" : " replicas") + " in full resync";
    }

    /** One run at a fixed rate. */
    private static final class Run
    {
        private OpenLoopRig.Result result;
        private long syncCount;
        private String failure;
    }
}
