package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

import javax.net.ssl.SSLContext;
import org.HdrHistogram.Histogram;
import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.LoadResult;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.tls.TestCertificates;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * SET and GET over 50 connections in a closed loop, without and with pipeline, servers alternating in short blocks.
 */
final class ThroughputScenario implements Scenario
{
    private static final long SEED = 7;
    private static final int PIPELINE_ONE = 1;
    private static final int PIPELINE_DEEP = 16;
    private static final String SPIN = "busy-spin";

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
        return "rows 1, 2: SET and GET by pipeline depth, value size and connections: requests a second, CPU a request";
    }

    /** {@inheritDoc} */
    @Override
    public List<String> moreVariants()
    {
        return List.of("shared:" + SPIN);
    }

    /** {@inheritDoc} */
    @Override
    public boolean takesTls()
    {
        return true;
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How many SET and GET requests a second does each server answer, and what CPU does one cost?");
        final int keyCount = (int)context.number("keys", 1_000, 1_000_000, 1_000_000);
        final int[] connections = context.numbers("connections", new int[]{5}, new int[]{50, 1}, new int[]{50, 1, 500});
        final int[] pipelines = context.numbers(
            "pipeline",
            new int[]{PIPELINE_ONE, PIPELINE_DEEP},
            new int[]{PIPELINE_ONE, PIPELINE_DEEP},
            new int[]{PIPELINE_ONE, PIPELINE_DEEP, 4, 64});
        final int[] lengths = context.numbers("value", new int[]{64}, new int[]{64, 1_024},
            new int[]{64, 1_024, 16_384});
        final int rounds = (int)context.number("rounds", 1, 1, 3);
        final long blockMs = context.number("block-ms", 40, 1_500, 2_000);
        final long warmUpMs = context.number("warm-up-ms", 20, 2_000, 4_000);
        result.parameter("keys", keyCount).parameter("value bytes", Arrays.toString(lengths))
            .parameter("connections", Arrays.toString(connections)).parameter("pipeline", Arrays.toString(pipelines))
            .parameter("rounds (A B B A)", rounds).parameter("block, ms", blockMs)
            .parameter("warm-up of each server and case, ms", warmUpMs);
        result.doubt("Load generator and server share the machine; with few cores they compete.");
        result.doubt("A closed loop hides pauses: its percentiles are of whole batches, from the actual send time.");
        result.doubt("Larger values are written after the small ones: the last case leaves the data set larger.");

        final Values values = new Values(SEED, Arrays.stream(lengths).max().orElse(1));
        final Table table = result.table(
            new Table(
                "Throughput, medians of " + 2 * rounds + " blocks",
                Table.column("server"),
                Table.column("command"),
                Table.column("pipeline"),
                Table.column("value"),
                Table.column("connections"),
                Table.column("requests/s"),
                Table.column("x " + context.reference()),
                Table.column("server CPU us/request", 2),
                Table.column("x " + context.reference() + " CPU"),
                Table.column("p50 us", 1),
                Table.column("p99 us", 1),
                Table.column("p99.9 us", 1),
                Table.column("max us", 1),
                Table.column("errors")));
        final List<Case> cases = new ArrayList<>();
        final SSLContext tls = context.isTls() ? TestCertificates.namelessContext() : null;
        try (Lineup lineup = Lineup.start(context))
        {
            lineup.each(
                (server, index, place) -> Fill
                    .run(ServerProcess.HOST, server.port(), 0, keyCount, values, lengths[0], 0));
            for (final Load load : loads(pipelines, connections, lengths))
            {
                final Case measured = new Case(lineup, load, rounds, tls);
                measured.run(context, load.workloads(keyCount, values), warmUpMs, blockMs);
                measured.report(context, result, table, load.isBase(connections, lengths));
                cases.add(measured);
            }

            plot(result, lineup, cases.stream().map((each) -> each.load.describe()).collect(Collectors.toList()),
                cases);
        }

        return result;
    }

    /** Every pipeline depth with the first number of connections and value size; then one of these changed. */
    private static List<Load> loads(final int[] pipelines, final int[] connections, final int[] lengths)
    {
        final List<Load> loads = new ArrayList<>();
        for (final String command : List.of("SET", "GET"))
        {
            Arrays.stream(pipelines)
                .forEach((pipeline) -> loads.add(new Load(command, pipeline, connections[0], lengths[0])));
            Arrays.stream(connections).skip(1)
                .forEach((count) -> loads.add(new Load(command, PIPELINE_ONE, count, lengths[0])));
        }

        // After all others, since it changes the data set; GET reads what SET has left.
        Arrays.stream(lengths).skip(1).forEach((length) ->
        {
            loads.add(new Load("SET", PIPELINE_DEEP, connections[0], length));
            loads.add(new Load("GET", PIPELINE_DEEP, connections[0], length));
        });
        return loads;
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

    /** What is asked of every server. */
    private record Load(String command, int pipeline, int connectionCount, int valueLength)
    {
        IntFunction<Workload> workloads(final int keyCount, final Values values)
        {
            return (index) -> "SET".equals(command)
                ? Workloads.set(keyCount, values, valueLength, SEED + index)
                : Workloads.get(keyCount, SEED + index);
        }

        /** True for what goals are stated for. */
        boolean isBase(final int[] connections, final int[] lengths)
        {
            return connectionCount == connections[0] && valueLength == lengths[0] &&
                (PIPELINE_ONE == pipeline || PIPELINE_DEEP == pipeline);
        }

        String describe()
        {
            return command + " P" + pipeline + " " + valueLength + " B c" + connectionCount;
        }
    }

    /** One load on all servers. */
    private static final class Case
    {
        private final Lineup lineup;
        private final Load load;
        private final int rounds;
        private final SSLContext tls;
        private final double[][] perSecond;
        private final double[][] cpuUs;
        private final long[] errorCount;
        private final Histogram[] latencyNs;

        /** @param tls null if clients come without it. */
        Case(final Lineup lineup, final Load load, final int rounds, final SSLContext tls)
        {
            this.tls = tls;
            this.lineup = lineup;
            this.load = load;
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
            lineup.each((server, index, place) -> block(server, workloads, warmUpMs, (cpu) ->
            {
            }));
            context.machine().mark();
            lineup.alternate(rounds, (server, index, place) ->
            {
                final LoadResult block = block(
                    server, workloads, blockMs, (cpu) -> cpuUs[index][place] = cpu);
                perSecond[index][place] = block.perSecond();
                errorCount[index] += block.errorCount();
                if (null == latencyNs[index])
                {
                    latencyNs[index] = block.latencyNs();
                }
                else
                {
                    latencyNs[index].add(block.latencyNs());
                }

                context.progress(
                    "  %s %d/%d %-24s %,.0f requests/s, %.2f us CPU",
                    load.describe(),
                    place + 1,
                    2 * rounds,
                    server.label(),
                    perSecond[index][place],
                    cpuUs[index][place]);
            });
        }

        void report(
            final BenchContext context,
            final ScenarioResult result,
            final Table table,
            final boolean isBase)
        {
            for (int i = 0; i < lineup.size(); i++)
            {
                final Histogram latency = latencyNs[i];
                table.add(
                    lineup.label(i),
                    load.command,
                    load.pipeline,
                    load.valueLength,
                    load.connectionCount,
                    Math.round(Statistics.median(perSecond[i])),
                    Statistics.describe(Statistics.ratios(perSecond[i], perSecond[0])),
                    Statistics.median(cpuUs[i]),
                    Statistics.describe(Statistics.ratios(cpuUs[i], cpuUs[0])),
                    latency.getValueAtPercentile(50) / 1e3,
                    latency.getValueAtPercentile(99) / 1e3,
                    latency.getValueAtPercentile(99.9) / 1e3,
                    latency.getMaxValue() / 1e3,
                    errorCount[i]);
                result.histogram(lineup.label(i) + "_" + load.describe(), latency);
                if (errorCount[i] > 0)
                {
                    result.failure(lineup.label(i) + " answered " + errorCount[i] + " requests with errors");
                }
            }

            final boolean isDeep = load.pipeline > PIPELINE_ONE;
            final String what = String.format(
                Locale.ROOT,
                "%s, pipeline %d, %,d B, %s: ",
                load.command,
                load.pipeline,
                load.valueLength,
                Table.counted(load.connectionCount, "connection"));
            context.pairedFindings(
                result,
                isDeep ? 2 : 1,
                what + "requests",
                "/s",
                perSecond,
                (label) -> !isBase
                    ? Goal.NONE
                    : Goal.ratioAtLeast(isDeep ? 1.7 : label.contains(SPIN) ? 1.1 : 1.0));
            context.pairedFindings(
                result,
                isDeep ? 2 : 1,
                what + "CPU a request",
                "us",
                cpuUs,
                // Who spins uses a whole CPU whatever comes.
                (label) -> !isBase || label.contains(SPIN) ? Goal.NONE : Goal.ratioAtMost(isDeep ? 0.5 : 1.0));
        }

        /** @param cpu gets the server's CPU a request, in us, without what the connections cost as they are made. */
        private LoadResult block(
            final ServerProcess server,
            final IntFunction<Workload> workloads,
            final long timeMs,
            final DoubleConsumer cpu) throws IOException
        {
            final int port = null == tls ? server.port() : Lineup.tlsPort(server);
            try (ClosedLoopRig rig = ClosedLoopRig
                .open(ServerProcess.HOST, port, tls, load.connectionCount, load.pipeline, workloads))
            {
                final long before = ServerUse.cpuUs(server);
                final LoadResult result = rig.runFor(TimeUnit.MILLISECONDS.toNanos(timeMs));
                cpu.accept(
                    before < 0
                        ? Double.NaN
                        : (ServerUse.cpuUs(server) - before) / (double)result.requestCount());
                return result;
            }
        }
    }
}
