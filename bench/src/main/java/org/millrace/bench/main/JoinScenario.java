package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.BackgroundLoad;
import org.millrace.bench.rig.DrainFleet;
import org.millrace.bench.rig.DrainRig;
import org.millrace.bench.rig.DrainStatus;
import org.millrace.bench.rig.Fill;
import org.millrace.bench.rig.ResyncLoop;
import org.millrace.bench.rig.Windows;
import org.millrace.kit.server.ServerProcess;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workloads;

/**
 * A replica that asks for its full resync when another is half through, and one that reads slowly beside others.
 */
final class JoinScenario implements Scenario
{
    private static final long SEED = 29;
    private static final int VALUE_LENGTH = 1_024;
    private static final int TRICKLE_RATE = 1_000;
    private static final int TRICKLE_CONNECTIONS = 4;
    private static final int OVERWRITE_BYTES = 4_000_000;
    private static final long TIMEOUT_MS = 1_200_000;
    /** A server that takes so long is not asked again. */
    private static final double PATIENCE_S = 20;
    private static final double PERCENT = 100;

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "join";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "row 4: a replica joins half-way through another's full resync; one slow replica beside others";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "Does a replica that joins late cost another pass over the data? How much does a slow one slow the others?");
        final int keyCount = (int)(context.number("data", 4_000_000, 300_000_000, 2_000_000_000) / VALUE_LENGTH);
        final int otherCount = context.numbers("replicas", new int[]{2}, new int[]{4}, new int[]{4})[0];
        final long slowBytes = context.number("slow", 4_000_000, 10_000_000, 10_000_000);
        final int repeatCount = (int)context.number("rounds", 1, 3, 5);
        result.parameter("keys", keyCount).parameter("value bytes", VALUE_LENGTH)
            .parameter("writes a second beside it", TRICKLE_RATE).parameter("other replicas", otherCount)
            .parameter("slow replica, bytes/s", slowBytes).parameter("repeats", repeatCount)
            .parameter("warm-up", "the filling, and one full resync");
        result
            .doubt("Passes are counted by the offsets of the snapshots that the replicas are promised: two replicas " +
                "that share a pass get the same, and under writes two passes never have the same.");
        result.doubt("A server whose run with the slow replica takes more than " + PATIENCE_S + " s is not asked " +
            "again, so its figure is of one run.");

        final Measured[] measured = new Measured[context.specs().size()];
        final Values values = new Values(SEED, VALUE_LENGTH);
        try (
            DrainFleet fleet = DrainFleet.open();
            Lineup lineup = Lineup.start(
                context,
                (long)keyCount * VALUE_LENGTH,
                (server) -> Fill.run(ServerProcess.HOST, server.port(), 0, keyCount, values, VALUE_LENGTH, 0),
                "--client-output-buffer-limit",
                "replica 0 0 0"))
        {
            final Bench bench = new Bench(context, fleet, values, keyCount, otherCount, slowBytes, repeatCount);
            lineup.each((server, index, place) -> measured[index] = bench.measure(server));
        }

        report(context, result, measured, otherCount, slowBytes);
        return result;
    }

    private static void report(
        final BenchContext context,
        final ScenarioResult result,
        final Measured[] measured,
        final int otherCount,
        final long slowBytes)
    {
        final Table joins = result.table(
            new Table(
                "A second replica joins when the first is half through",
                Table.column("server"),
                Table.column("one alone, s", 2),
                Table.column("the first, s", 2),
                Table.column("the joiner from its start, s", 2),
                Table.column("both, s", 2),
                Table.column("passes over the data", 1)));
        final Table slow = result.table(
            new Table(
                otherCount + " replicas beside one that reads " + slowBytes / 1_000_000 + " MB/s",
                Table.column("server"),
                Table.column("without it, s", 2),
                Table.column("beside it, s", 2),
                Table.column("slower by %", 1)));
        for (int i = 0; i < measured.length; i++)
        {
            final String label = context.specs().get(i).label();
            final Measured each = measured[i];
            joins.add(
                label,
                median(each.alone),
                median(each.first),
                median(each.joiner),
                median(each.both),
                median(each.passes));
            slow.add(label, median(each.without), median(each.beside), each.slowerPercent());
        }

        context.findings(
            result,
            4,
            "a replica joins half-way: passes over the data for both",
            "",
            Arrays.stream(measured).mapToDouble((each) -> median(each.passes)).toArray(),
            Goal.atMost(1, ""));
        context.findings(
            result,
            4,
            "a replica joins half-way: its own time",
            "s",
            Arrays.stream(measured).mapToDouble((each) -> median(each.joiner)).toArray(),
            Goal.NONE);
        context.findings(
            result,
            4,
            "one replica at " + slowBytes / 1_000_000 + " MB/s beside " + otherCount + ": the others slower by",
            "%",
            Arrays.stream(measured).mapToDouble(Measured::slowerPercent).toArray(),
            Goal.atMost(10, "%"));
        final Plot plot = result.plot(
            Plot.bars("Time of full resyncs", "s", List.of("alone", "joiner", "without slow", "beside slow")));
        for (int i = 0; i < measured.length; i++)
        {
            plot.bar(
                context.specs().get(i).label(),
                median(measured[i].alone),
                median(measured[i].joiner),
                median(measured[i].without),
                median(measured[i].beside));
        }
    }

    private static double median(final List<Double> values)
    {
        return Statistics.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** What one server did. */
    private static final class Measured
    {
        private final List<Double> alone = new ArrayList<>();
        private final List<Double> first = new ArrayList<>();
        private final List<Double> joiner = new ArrayList<>();
        private final List<Double> both = new ArrayList<>();
        private final List<Double> passes = new ArrayList<>();
        private final List<Double> without = new ArrayList<>();
        private final List<Double> beside = new ArrayList<>();

        double slowerPercent()
        {
            return (median(beside) / median(without) - 1) * PERCENT;
        }
    }

    /** Runs everything on one server. */
    private record Bench(
        BenchContext context,
        DrainFleet fleet,
        Values values,
        int keyCount,
        int otherCount,
        long slowBytes,
        int repeatCount)
    {
        Measured measure(final ServerProcess server) throws IOException
        {
            final Measured measured = new Measured();
            try (BackgroundLoad load = BackgroundLoad.start(
                ServerProcess.HOST,
                server.port(),
                TRICKLE_CONNECTIONS,
                Workloads.set(keyCount, values, VALUE_LENGTH, SEED),
                TRICKLE_RATE,
                null))
            {
                resync(server, 1);
                for (int i = 0; i < repeatCount; i++)
                {
                    final ResyncLoop.Sync alone = resync(server, 1);
                    measured.alone.add(alone.seconds());
                    join(server, measured, alone.payloadBytes());
                }

                context.progress(
                    "  %s: alone %.2f s, joiner %.2f s, %.1f passes",
                    server.label(),
                    median(measured.alone),
                    median(measured.joiner),
                    median(measured.passes));
                for (int i = 0; i < repeatCount; i++)
                {
                    measured.without.add(resync(server, otherCount).seconds());
                    if (measured.beside.isEmpty() || measured.beside.get(0) < PATIENCE_S)
                    {
                        measured.beside.add(besideSlow(server));
                    }
                }

                context.progress(
                    "  %s: %d replicas %.2f s, beside a slow one %.2f s",
                    server.label(),
                    otherCount,
                    median(measured.without),
                    median(measured.beside));
                load.finish();
            }

            return measured;
        }

        /** Until no snapshot of before can serve again. */
        private void settle(final ServerProcess server) throws IOException
        {
            ResyncLoop.awaitNoChild(server);
            Fill.overwrite(ServerProcess.HOST, server.port(), keyCount, values, VALUE_LENGTH, OVERWRITE_BYTES);
        }

        private ResyncLoop.Sync resync(final ServerProcess server, final int count) throws IOException
        {
            settle(server);
            return ResyncLoop.once(fleet, server, count, new Windows());
        }

        private void join(final ServerProcess server, final Measured measured, final long payloadBytes)
            throws IOException
        {
            settle(server);
            try (DrainFleet.Group first = attach(server, 1, DrainRig.UNLIMITED))
            {
                first.await(TIMEOUT_MS, "get half its snapshot", (status) -> status.payloadBytes() > payloadBytes / 2);
                try (DrainFleet.Group second = attach(server, 1, DrainRig.UNLIMITED))
                {
                    final DrainStatus joined = second.awaitSynced(TIMEOUT_MS);
                    final DrainStatus earlier = first.awaitSynced(TIMEOUT_MS);
                    measured.first.add(seconds(earlier));
                    measured.joiner.add(seconds(joined));
                    measured.both.add(
                        (Math.max(joined.lastSyncedNs(), earlier.lastSyncedNs()) - earlier.startNs()) / 1e9);
                    measured.passes.add(
                        (double)LongStream.concat(
                            Arrays.stream(earlier.snapshotOffsets()),
                            Arrays.stream(joined.snapshotOffsets())).distinct().count());
                }
            }
        }

        private double besideSlow(final ServerProcess server) throws IOException
        {
            settle(server);
            try (
                DrainFleet.Group slow = attach(server, 1, slowBytes);
                DrainFleet.Group others = attach(server, otherCount, DrainRig.UNLIMITED))
            {
                final double seconds = seconds(others.awaitSynced(TIMEOUT_MS));
                if (null != slow.status().failure())
                {
                    throw new IOException("the slow replica was dropped: " + slow.status().failure());
                }

                return seconds;
            }
        }

        private DrainFleet.Group attach(final ServerProcess server, final int count, final long bytesPerSecond)
            throws IOException
        {
            return fleet.attach(ServerProcess.HOST, server.port(), count, bytesPerSecond);
        }

        private static double seconds(final DrainStatus status)
        {
            return (status.lastSyncedNs() - status.startNs()) / 1e9;
        }
    }
}
