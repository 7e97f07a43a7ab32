package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.rig.DrainFleet;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.LoadResult;
import org.millrace.bench.rig.MemorySampler;
import org.millrace.bench.target.MemorySample;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.server.ServerProcess;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workloads;

/**
 * What replicas cost a primary under pipelined writes: CPU of the whole process per SET, requests a second and memory,
 * with none to a hundred replicas.
 */
final class FanOutScenario implements Scenario
{
    private static final int VALUE_LENGTH = 64;
    private static final int PIPELINE = 32;
    private static final long SEED = 19;
    private static final long SYNC_TIMEOUT_MS = 300_000;
    private static final long CATCH_UP_MS_MAX = 120_000;
    private static final double MIB = 1024 * 1024;
    /** From so many replicas on the goal is the rate and the time to catch up. */
    private static final int MANY = 100;

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
        return "rows 7, 8: SET, pipeline 32, with 0 to 100 draining replicas: CPU an operation, requests a second";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "What does a write cost the primary's process with more and more replicas attached?");
        final int keyCount = (int)context.number("keys", 2_000, 100_000, 1_000_000);
        final int connectionCount = (int)context.number("connections", 4, 16, 16);
        final int[] counts = context
            .numbers("replicas", new int[]{0, 2}, new int[]{0, 1, 8, 32, 100}, new int[]{0, 1, 8, 32, 100});
        final int rounds = (int)context.number("rounds", 1, 1, 2);
        final long blockMs = context.number("block-ms", 60, 2_000, 4_000);
        final long warmUpMs = context.number("warm-up-ms", 60, 3_000, 10_000);
        result.parameter("keys", keyCount).parameter("value bytes", VALUE_LENGTH).parameter("pipeline", PIPELINE)
            .parameter("connections", connectionCount).parameter("replicas", Arrays.toString(counts))
            .parameter("rounds (A B B A)", rounds).parameter("block, ms", blockMs)
            .parameter("warm-up of each server, ms", warmUpMs);
        result.doubt("The draining replicas compete with the server for the CPU; CPU an operation is the number to " +
            "look at, requests a second is not the server's limit.");
        result.doubt("A server that is slowed down by others coalesces more, which flatters its CPU an operation.");

        final Table table = result.table(
            new Table(
                "SET with draining replicas, medians of " + 2 * rounds,
                Table.column("server"),
                Table.column("replicas"),
                Table.column("CPU us/SET", 2),
                Table.column("x " + context.reference() + " CPU"),
                Table.column("requests/s", 0),
                Table.column("x " + context.reference()),
                Table.column("all caught up after, ms", 0),
                Table.column("extra memory MiB", 1),
                Table.column("TCP of the machine MiB", 1)));
        final List<Case> cases = new ArrayList<>();
        try (
            DrainFleet fleet = DrainFleet.open();
            Lineup lineup = Lineup.start(context, "--client-output-buffer-limit", "replica 0 0 0"))
        {
            final Load load = new Load(new Values(SEED, VALUE_LENGTH), keyCount, connectionCount);
            lineup.each((server, index, place) -> load.run(server, warmUpMs));
            for (final int count : counts)
            {
                final Case measured = new Case(lineup.size(), count, 2 * rounds);
                lineup.alternate(rounds, (server, index, place) ->
                {
                    measured.run(fleet, load, blockMs, server, index, place);
                    context.progress(
                        "  %d replicas %d/%d %-24s %s",
                        count,
                        place + 1,
                        2 * rounds,
                        server.label(),
                        measured.describe(index, place));
                });
                measured.report(context, result, table);
                cases.add(measured);
            }

            plot(result, lineup, counts, cases);
        }

        return result;
    }

    private static void plot(
        final ScenarioResult result, final Lineup lineup, final int[] counts, final List<Case> cases)
    {
        final List<String> groups = Arrays.stream(counts).mapToObj((count) -> Table.counted(count, "replica"))
            .collect(Collectors.toList());
        final Plot cpu = result.plot(Plot.bars("CPU a SET", "us", groups));
        final Plot rates = result.plot(Plot.bars("SETs a second", "requests/s", groups));
        for (int i = 0; i < lineup.size(); i++)
        {
            final int index = i;
            cpu.bar(
                lineup.label(i),
                cases.stream().mapToDouble((each) -> Statistics.median(each.cpuUs[index])).toArray());
            rates.bar(
                lineup.label(i),
                cases.stream().mapToDouble((each) -> Statistics.median(each.perSecond[index])).toArray());
        }
    }

    /** The load of one block. */
    private record Load(Values values, int keyCount, int connectionCount)
    {
        /** One write, so that there is something to catch up with. */
        void touch(final ServerProcess server) throws IOException
        {
            Fill.run(ServerProcess.HOST, server.port(), 0, 1, values, VALUE_LENGTH, 0);
        }

        LoadResult run(final ServerProcess server, final long timeMs) throws IOException
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

    /** One number of replicas, on all servers. */
    private static final class Case
    {
        private final int count;
        private final double[][] cpuUs;
        private final double[][] perSecond;
        private final double[][] caughtUpMs;
        private final double[][] extraMib;
        private final double[][] tcpMib;

        Case(final int serverCount, final int count, final int placeCount)
        {
            this.count = count;
            cpuUs = new double[serverCount][placeCount];
            perSecond = new double[serverCount][placeCount];
            caughtUpMs = new double[serverCount][placeCount];
            extraMib = new double[serverCount][placeCount];
            tcpMib = new double[serverCount][placeCount];
        }

        void run(
            final DrainFleet fleet,
            final Load load,
            final long blockMs,
            final ServerProcess server,
            final int index,
            final int place) throws IOException
        {
            fleet.checkRoom(count, server.pid());
            final MemorySample before = ServerUse.memory(server);
            try (
                DrainFleet.Group group = fleet.attach(ServerProcess.HOST, server.port(), count, DrainRig.UNLIMITED);
                MemorySampler sampler = MemorySampler.start(server))
            {
                group.awaitSynced(SYNC_TIMEOUT_MS);
                load.touch(server);
                group.awaitCaughtUp(server, CATCH_UP_MS_MAX);
                final long cpuBefore = ServerUse.cpuUs(server);
                final LoadResult result = load.run(server, blockMs);
                // What the replicas have yet to be sent belongs to the cost of these writes.
                caughtUpMs[index][place] = 0 == count ? Double.NaN : awaitCaughtUp(server, group);
                cpuUs[index][place] = cpuBefore < 0
                    ? Double.NaN
                    : (ServerUse.cpuUs(server) - cpuBefore) / (double)result.requestCount();
                perSecond[index][place] = result.perSecond();
                sampler.finish();
                extraMib[index][place] = (sampler.peakOwn().own() - before.own()) / MIB;
                tcpMib[index][place] = sampler.peakTcpBytes() / MIB;
            }
        }

        String describe(final int index, final int place)
        {
            return String.format(
                Locale.ROOT,
                "%.2f us CPU, %,.0f requests/s, caught up after %.0f ms",
                cpuUs[index][place],
                perSecond[index][place],
                caughtUpMs[index][place]);
        }

        void report(final BenchContext context, final ScenarioResult result, final Table table)
        {
            for (int i = 0; i < cpuUs.length; i++)
            {
                table.add(
                    context.specs().get(i).label(),
                    count,
                    Statistics.median(cpuUs[i]),
                    Statistics.describe(Statistics.ratios(cpuUs[i], cpuUs[0])),
                    Statistics.median(perSecond[i]),
                    Statistics.describe(Statistics.ratios(perSecond[i], perSecond[0])),
                    Statistics.median(caughtUpMs[i]),
                    Statistics.median(extraMib[i]),
                    Statistics.median(tcpMib[i]));
            }

            final String what = "SET, pipeline " + PIPELINE + ", " + Table.counted(count, "replica") + ": ";
            if (count < MANY)
            {
                context.pairedFindings(result, 7, what + "CPU an operation", "us", cpuUs, cpuGoal());
            }
            else
            {
                context.pairedFindings(result, 8, what + "requests", "/s", perSecond, Goal.ratioAtLeast(2));
                context.pairedFindings(
                    result,
                    8,
                    what + "all caught up after the end",
                    "ms",
                    caughtUpMs,
                    Goal.atMost(1_000, "ms"));
            }
        }

        private Goal cpuGoal()
        {
            switch (count)
            {
                case 0 :
                    return Goal.atMost(0.8, "us");

                case 1 :
                    return Goal.atMost(0.85, "us");

                case 8 :
                    return Goal.atMost(1.0, "us");

                case 32 :
                    return Goal.atMost(1.4, "us");

                default :
                    return Goal.NONE;
            }
        }

        private static double awaitCaughtUp(final ServerProcess server, final DrainFleet.Group group)
            throws IOException
        {
            final long startNs = System.nanoTime();
            group.awaitCaughtUp(server, CATCH_UP_MS_MAX);
            return (System.nanoTime() - startNs) / 1e6;
        }
    }
}
