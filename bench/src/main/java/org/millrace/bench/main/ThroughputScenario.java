package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import org.HdrHistogram.Histogram;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.LoadResult;
import org.millrace.bench.target.ServerProcess;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * SET and GET over 50 connections in a closed loop, without and with pipeline, servers alternating in short blocks.
 */
final class ThroughputScenario implements Scenario
{
    private static final int VALUE_LENGTH = 64;
    private static final long SEED = 7;

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "throughput";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "SET and GET, 50 connections, pipeline 1 and 16: requests a second, CPU a request";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How many SET and GET requests a second does each server answer, and what CPU does one cost?");
        final int keyCount = (int)context.number("keys", 20_000, 1_000_000, 1_000_000);
        final int connectionCount = (int)context.number("connections", 50, 50, 50);
        final int[] pipelines = context.numbers("pipeline", new int[]{1, 16}, new int[]{1, 16}, new int[]{1, 16});
        final int rounds = (int)context.number("rounds", 1, 4, 4);
        final long blockMs = context.number("block-ms", 300, 2_000, 2_000);
        final long warmUpMs = context.number("warm-up-ms", 200, 4_000, 4_000);
        result.parameter("keys", keyCount).parameter("value bytes", VALUE_LENGTH)
            .parameter("connections", connectionCount).parameter("rounds (A B B A)", rounds)
            .parameter("block, ms", blockMs).parameter("warm-up of each server and case, ms", warmUpMs);
        result.doubt("Load generator and server share the machine; with few cores they compete.");
        result.doubt("A closed loop hides pauses: its percentiles are of whole batches, from the actual send time.");

        final Values values = new Values(SEED, VALUE_LENGTH);
        final Table table = result.table(
            new Table(
                "Throughput, medians of " + 2 * rounds + " blocks",
                Table.column("server"),
                Table.column("command"),
                Table.column("pipeline"),
                Table.column("requests/s"),
                Table.column("x " + context.specs().get(0).label()),
                Table.column("server CPU us/request", 2),
                Table.column("x " + context.specs().get(0).label() + " CPU"),
                Table.column("p50 us", 1),
                Table.column("p99 us", 1),
                Table.column("p99.9 us", 1),
                Table.column("max us", 1),
                Table.column("errors")));
        final List<String> groups = new ArrayList<>();
        final List<Case> cases = new ArrayList<>();
        try (Lineup lineup = Lineup.start(context))
        {
            lineup.each(
                (server, index, place) -> Fill
                    .run(ServerProcess.HOST, server.port(), 0, keyCount, values, VALUE_LENGTH, 0));
            for (final int pipeline : pipelines)
            {
                for (final String command : List.of("SET", "GET"))
                {
                    final IntFunction<Workload> workloads = (index) -> "SET".equals(command)
                        ? Workloads.set(keyCount, values, VALUE_LENGTH, SEED + index)
                        : Workloads.get(keyCount, SEED + index);
                    final Case measured = new Case(lineup, command, pipeline, connectionCount, rounds);
                    measured.run(context, workloads, warmUpMs, blockMs);
                    measured.report(result, table);
                    groups.add(command + " P" + pipeline);
                    cases.add(measured);
                }
            }

            plot(result, lineup, groups, cases);
        }

        return result;
    }

    private static void plot(
        final ScenarioResult result,
        final Lineup lineup,
        final List<String> groups,
        final List<Case> cases)
    {
        final Plot rates = result.plot(Plot.bars("Requests a second", "requests/s", groups));
        final Plot cpu = result.plot(Plot.bars("Server CPU a request", "us", groups));
        for (int i = 0; i < lineup.size(); i++)
        {
            final int index = i;
            rates.bar(
                lineup.label(i),
                cases.stream().mapToDouble((each) -> Statistics.median(each.perSecond[index])).toArray());
            cpu.bar(
                lineup.label(i),
                cases.stream().mapToDouble((each) -> Statistics.median(each.cpuUs[index])).toArray());
        }

        for (int c = 0; c < cases.size(); c++)
        {
            final Plot latencies = result.plot(Plot.percentiles("Latency of a batch, " + groups.get(c)));
            for (int i = 0; i < lineup.size(); i++)
            {
                latencies.histogram(lineup.label(i), cases.get(c).latencyNs[i]);
            }
        }
    }

    /** One command at one pipeline depth, on all servers. */
    private static final class Case
    {
        private final Lineup lineup;
        private final String command;
        private final int pipeline;
        private final int connectionCount;
        private final int rounds;
        private final double[][] perSecond;
        private final double[][] cpuUs;
        private final long[] errorCount;
        private final Histogram[] latencyNs;

        Case(
            final Lineup lineup,
            final String command,
            final int pipeline,
            final int connectionCount,
            final int rounds)
        {
            this.lineup = lineup;
            this.command = command;
            this.pipeline = pipeline;
            this.connectionCount = connectionCount;
            this.rounds = rounds;
            perSecond = new double[lineup.size()][2 * rounds];
            cpuUs = new double[lineup.size()][2 * rounds];
            errorCount = new long[lineup.size()];
            latencyNs = new Histogram[lineup.size()];
        }

        void run(
            final BenchContext context,
            final IntFunction<Workload> workloads,
            final long warmUpMs,
            final long blockMs) throws IOException
        {
            lineup.each((server, index, place) -> block(server, workloads, warmUpMs));
            lineup.alternate(rounds, (server, index, place) ->
            {
                final long cpuBefore = server.cpuUs();
                final LoadResult load = block(server, workloads, blockMs);
                perSecond[index][place] = load.perSecond();
                cpuUs[index][place] = cpuBefore < 0
                    ? Double.NaN
                    : (server.cpuUs() - cpuBefore) / (double)load.requestCount();
                errorCount[index] += load.errorCount();
                if (null == latencyNs[index])
                {
                    latencyNs[index] = load.latencyNs();
                }
                else
                {
                    latencyNs[index].add(load.latencyNs());
                }

                context.progress(
                    "  %s P%d %d/%d %-24s %,.0f requests/s, %.2f us CPU",
                    command,
                    pipeline,
                    place + 1,
                    2 * rounds,
                    server.spec().label(),
                    perSecond[index][place],
                    cpuUs[index][place]);
            });
        }

        void report(final ScenarioResult result, final Table table)
        {
            for (int i = 0; i < lineup.size(); i++)
            {
                final Histogram latency = latencyNs[i];
                table.add(
                    lineup.label(i),
                    command,
                    pipeline,
                    Math.round(Statistics.median(perSecond[i])),
                    Statistics.describe(Statistics.ratios(perSecond[i], perSecond[0])),
                    Statistics.median(cpuUs[i]),
                    Statistics.describe(Statistics.ratios(cpuUs[i], cpuUs[0])),
                    latency.getValueAtPercentile(50) / 1e3,
                    latency.getValueAtPercentile(99) / 1e3,
                    latency.getValueAtPercentile(99.9) / 1e3,
                    latency.getMaxValue() / 1e3,
                    errorCount[i]);
                result.histogram(lineup.label(i) + "_" + command + "_pipeline" + pipeline, latency);
                if (errorCount[i] > 0)
                {
                    result.failure(lineup.label(i) + " answered " + errorCount[i] + " requests with errors");
                }
            }
        }

        private LoadResult block(final ServerProcess server, final IntFunction<Workload> workloads, final long timeMs)
            throws IOException
        {
            try (ClosedLoopRig rig = ClosedLoopRig
                .open(ServerProcess.HOST, server.port(), connectionCount, pipeline, workloads))
            {
                return rig.runFor(TimeUnit.MILLISECONDS.toNanos(timeMs));
            }
        }
    }
}
