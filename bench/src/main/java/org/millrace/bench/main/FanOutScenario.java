package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.LoadResult;
import org.millrace.bench.target.RespClient;
import org.millrace.bench.target.ServerProcess;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workloads;

/**
 * What replicas cost a primary under pipelined writes: CPU of the whole process per SET, with 0 to many replicas.
 */
final class FanOutScenario implements Scenario
{
    private static final int VALUE_LENGTH = 64;
    private static final int PIPELINE = 32;
    private static final long SEED = 19;
    private static final long SYNC_TIMEOUT_MS = 60_000;
    private static final long CATCH_UP_NS_MAX = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NS = TimeUnit.MICROSECONDS.toNanos(500);

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "fanout";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "SET, pipeline 32, with 0, 1, 8, 32 draining replicas: CPU an operation, requests a second";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "What does a write cost the primary's process with more and more replicas attached?");
        final int keyCount = (int)context.number("keys", 20_000, 1_000_000, 1_000_000);
        final int connectionCount = (int)context.number("connections", 16, 16, 16);
        final int[] counts = context.numbers("replicas", new int[]{0, 2}, new int[]{0, 1, 8, 32},
            new int[]{0, 1, 8, 32});
        final int rounds = (int)context.number("rounds", 1, 2, 2);
        final long blockMs = context.number("block-ms", 300, 3_000, 3_000);
        result.parameter("keys", keyCount).parameter("value bytes", VALUE_LENGTH).parameter("pipeline", PIPELINE)
            .parameter("connections", connectionCount).parameter("replicas", Arrays.toString(counts))
            .parameter("rounds (A B B A)", rounds).parameter("block, ms", blockMs);
        result.doubt("The draining replicas compete with the server for the CPU; CPU an operation is the number to " +
            "look at, requests a second is not the server's limit.");
        result.doubt("A server that is slowed down by others coalesces more, which flatters its CPU an operation.");

        final Table table = result.table(
            new Table(
                "SET with draining replicas, medians of " + 2 * rounds,
                Table.column("server"),
                Table.column("replicas"),
                Table.column("CPU us/SET", 2),
                Table.column("x " + context.specs().get(0).label() + " CPU"),
                Table.column("requests/s", 0),
                Table.column("x " + context.specs().get(0).label()),
                Table.column("all caught up after, ms", 0)));
        final List<double[]> plotted = new ArrayList<>();
        try (Lineup lineup = Lineup.start(context))
        {
            final Values values = new Values(SEED, VALUE_LENGTH);
            final Measurement measurement = new Measurement(values, keyCount, connectionCount, blockMs);
            lineup.each((server, index, place) -> measurement.load(server, blockMs));
            for (final int count : counts)
            {
                plotted.add(measure(context, table, lineup, measurement, count, rounds));
            }

            final Plot plot = result.plot(
                Plot.bars(
                    "CPU a SET",
                    "us",
                    Arrays.stream(counts).mapToObj((count) -> count + " replicas").collect(Collectors.toList())));
            for (int i = 0; i < lineup.size(); i++)
            {
                final int index = i;
                plot.bar(lineup.label(i), plotted.stream().mapToDouble((medians) -> medians[index]).toArray());
            }
        }

        return result;
    }

    private static double[] measure(
        final BenchContext context,
        final Table table,
        final Lineup lineup,
        final Measurement measurement,
        final int count,
        final int rounds) throws IOException
    {
        final double[][] cpuUs = new double[lineup.size()][2 * rounds];
        final double[][] perSecond = new double[lineup.size()][2 * rounds];
        final double[][] caughtUpMs = new double[lineup.size()][2 * rounds];
        lineup.alternate(rounds, (server, index, place) ->
        {
            try (DrainRig rig = DrainRig.open(ServerProcess.HOST, server.port(), count))
            {
                rig.awaitSynced(SYNC_TIMEOUT_MS);
                final long cpuBefore = server.cpuUs();
                final LoadResult load = measurement.load(server, measurement.blockMs);
                // What the replicas have yet to be sent belongs to the cost of these writes.
                caughtUpMs[index][place] = 0 == count ? Double.NaN : awaitCaughtUp(server, rig);
                cpuUs[index][place] = cpuBefore < 0
                    ? Double.NaN
                    : (server.cpuUs() - cpuBefore) / (double)load.requestCount();
                perSecond[index][place] = load.perSecond();
            }

            context.progress(
                "  %d replicas %d/%d %-24s %.2f us CPU, %,.0f requests/s",
                count,
                place + 1,
                2 * rounds,
                server.spec().label(),
                cpuUs[index][place],
                perSecond[index][place]);
        });
        final double[] medians = new double[lineup.size()];
        for (int i = 0; i < lineup.size(); i++)
        {
            medians[i] = Statistics.median(cpuUs[i]);
            table.add(
                lineup.label(i),
                count,
                medians[i],
                Statistics.describe(Statistics.ratios(cpuUs[i], cpuUs[0])),
                Statistics.median(perSecond[i]),
                Statistics.describe(Statistics.ratios(perSecond[i], perSecond[0])),
                Statistics.median(caughtUpMs[i]));
        }

        return medians;
    }

    private static double awaitCaughtUp(final ServerProcess server, final DrainRig rig) throws IOException
    {
        final long startNs = System.nanoTime();
        try (RespClient client = server.connect())
        {
            final long produced = client.info("replication").number("master_repl_offset", 0);
            while (rig.smallestOffset() < produced)
            {
                if (null != rig.failure())
                {
                    throw new IOException("a replica was lost: " + rig.failure());
                }

                if (System.nanoTime() - startNs > CATCH_UP_NS_MAX)
                {
                    throw new IOException("replicas did not catch up");
                }

                LockSupport.parkNanos(POLL_NS);
            }
        }

        return (System.nanoTime() - startNs) / 1e6;
    }

    /** The load of one block. */
    private record Measurement(Values values, int keyCount, int connectionCount, long blockMs)
    {
        LoadResult load(final ServerProcess server, final long timeMs) throws IOException
        {
            try (ClosedLoopRig rig = ClosedLoopRig.open(
                ServerProcess.HOST,
                server.port(),
                connectionCount,
                PIPELINE,
                (index) -> Workloads.set(keyCount, values, VALUE_LENGTH, SEED + index)))
            {
                return rig.runFor(TimeUnit.MILLISECONDS.toNanos(timeMs));
            }
        }
    }
}
