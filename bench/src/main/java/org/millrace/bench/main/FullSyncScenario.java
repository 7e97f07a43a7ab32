package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.DrainFleet;
import org.millrace.bench.rig.MemorySampler;
import org.millrace.bench.rig.PlainPrimary;
import org.millrace.bench.rig.ReplicationStatus;
import org.millrace.bench.rig.ResyncLoop;
import org.millrace.bench.rig.Windows;
import org.millrace.bench.target.MemorySample;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;

/**
 * Full resyncs without other load, to replicas that only drain, one and many at once, and to a real replica that has
 * to load.
 */
final class FullSyncScenario implements Scenario
{
    private static final long SEED = 11;
    private static final long TIMEOUT_MS = 600_000;
    private static final double MIB = 1024 * 1024;
    private static final double GB = 1e9;
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);
    /** More than the history that a server keeps by default, so that no snapshot of before can be used again. */
    private static final int OVERWRITE_BYTES = 4_000_000;

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
        return "row 4: full resync of the data set to draining replicas and to a real one: time, CPU, memory";
    }

    /** {@inheritDoc} */
    @Override
    public boolean takesMixed()
    {
        return true;
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How long does a full resync take, what CPU and how much extra memory does it cost the primary?");
        final int[] counts = Arrays
            .stream(context.numbers("replicas", new int[]{1, 3}, new int[]{1, 16, 32}, new int[]{1, 16, 32}))
            .filter((count) -> count > 0).toArray();
        final int passCount = 2 * (int)context.number("rounds", 1, 1, 2);
        result.parameter("draining replicas", Arrays.toString(counts))
            .parameter("passes (A B, B A)", passCount).parameter("warm-up", "the filling, and one full resync")
            .parameter("writes before each resync, bytes", OVERWRITE_BYTES);
        result.doubt("Draining replicas run on the same machine: with many of them their reading takes a good part " +
            "of the CPU, for every server alike.");
        result.doubt("Memory is sampled five times a second; a shorter peak is missed.");
        result.doubt("No load during the resync: see the latency scenario for that.");

        for (final Case each : cases(context))
        {
            result.parameter("data set", each.data.describe());
            try (
                DrainFleet fleet = DrainFleet.open();
                Lineup lineup = Lineup.start(
                    context,
                    each.data.memoryBytes(),
                    (server) -> fill(context, each.data, server)))
            {
                new Drain(context, result, fleet, lineup, each, passCount).run(counts);
                if (lineup.isOneAtATime())
                {
                    result.doubt("No room for a real replica beside the primary: to draining replicas only.");
                }
                else if (each.isLoaded)
                {
                    load(context, result, lineup, each.data.keyCount());
                }
            }
        }

        return result;
    }

    private static List<Case> cases(final BenchContext context)
    {
        if (context.isMixed())
        {
            final long mixedBytes = context.number("data", 1_000_000, 275_000_000, 1_000_000_000);
            final DataSet mixed = MixedData.ofBytes(mixedBytes, SEED);
            return List.of(new Case(mixed, new double[]{5, 3, Double.NaN}, Goal.atMost(64, "MiB"), true));
        }

        final long dataBytes = context.number("data", 5_000_000, 500_000_000, 2_000_000_000);
        final int valueLength = (int)context.number("value", 1_024, 1_024, 1_024);
        final List<Case> cases = new ArrayList<>();
        final DataSet strings = new StringData(dataBytes / valueLength, valueLength, SEED);
        cases.add(new Case(strings, new double[]{3.5, 2, 2.2}, null, true));
        if (!context.line().has("data") && !context.line().has("value"))
        {
            final DataSet shorter = new StringData(context.pick(5_000, 500_000, 2_000_000), 200, SEED);
            cases.add(new Case(shorter, new double[]{8, 4, Double.NaN}, null, false));
        }

        return cases;
    }

    private static void fill(final BenchContext context, final DataSet data, final ServerProcess server)
        throws IOException
    {
        final long startNs = System.nanoTime();
        data.fill(server);
        context.progress("  filled %s in %.1f s", server.label(), (System.nanoTime() - startNs) / 1e9);
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
            loadOnce(context, table, primary, lineup.spec(index), keyCount, reference);
            if (index > 0)
            {
                loadOnce(context, table, primary, lineup.spec(0), keyCount, reference);
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
        final String name = "replica " + replicaSpec.label() + " of " + primary.label();
        try (ServerProcess replica = Lineup.launch(context, replicaSpec, name))
        {
            replica.awaitReady();
            final long cpuBefore = ServerUse.cpuUs(replica);
            final double seconds = loadSeconds(primary, replica, keyCount);
            reference[0] = Double.isNaN(reference[0]) ? seconds : reference[0];
            context.progress("  %s: %.2f s", name, seconds);
            table.add(
                primary.label(),
                replicaSpec.label(),
                seconds,
                reference[0] / seconds,
                cpuBefore < 0 ? Double.NaN : (ServerUse.cpuUs(replica) - cpuBefore) / 1e6);
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
        final ReplicationStatus status = ReplicationStatus.of(client);
        return !status.isPrimary() && status.isLinkUp();
    }

    /**
     * A data set, and what is asked of it.
     *
     * @param data       with which each primary is filled.
     * @param goals      times the peer's speed, for the numbers of replicas in order; NaN for none.
     * @param memoryGoal extra memory of the primary; null where that is not judged here.
     * @param isLoaded   true if it is also sent to a real replica.
     */
    private record Case(DataSet data, double[] goals, Goal memoryGoal, boolean isLoaded)
    {
    }

    /** Full resyncs of one data set to draining replicas. */
    private static final class Drain
    {
        private static final int SECONDS = 0;
        private static final int GIGABYTES = 1;
        private static final int CPU_SECONDS = 2;
        private static final int OWN_MIB = 3;
        private static final int FILE_MIB = 4;
        private static final int FIELD_COUNT = 5;

        private final BenchContext context;
        private final ScenarioResult result;
        private final DrainFleet fleet;
        private final Lineup lineup;
        private final Case what;
        private final int passCount;
        /** By number of replicas, field, server, place. */
        private final List<double[][][]> measured = new ArrayList<>();

        Drain(
            final BenchContext context,
            final ScenarioResult result,
            final DrainFleet fleet,
            final Lineup lineup,
            final Case what,
            final int passCount)
        {
            this.context = context;
            this.result = result;
            this.fleet = fleet;
            this.lineup = lineup;
            this.what = what;
            this.passCount = passCount;
        }

        void run(final int[] counts) throws IOException
        {
            Arrays.stream(counts).forEach((count) -> measured.add(new double[FIELD_COUNT][lineup.size()][passCount]));
            // All numbers of replicas in one turn: a server that is filled for each turn is filled once for all.
            lineup.passes(passCount, (server, index, place) ->
            {
                fleet.checkRoom(Arrays.stream(counts).max().orElse(0), server.pid());
                once(server, 1);
                for (int c = 0; c < counts.length; c++)
                {
                    final double[] fields = once(server, counts[c]);
                    for (int field = 0; field < FIELD_COUNT; field++)
                    {
                        measured.get(c)[field][index][place] = fields[field];
                    }

                    context.progress(
                        "  %s, %d replicas %d/%d %-24s %.2f s",
                        what.data.describe(),
                        counts[c],
                        place + 1,
                        passCount,
                        server.label(),
                        fields[SECONDS]);
                }
            });
            report(counts);
            control();
        }

        private double[] once(final ServerProcess server, final int count) throws IOException
        {
            // A snapshot that is kept for late joiners must not serve the next measurement.
            what.data.overwrite(server, OVERWRITE_BYTES);
            final MemorySample before = ServerUse.memory(server);
            final long cpuBefore = ServerUse.cpuUs(server);
            try (MemorySampler sampler = MemorySampler.start(server))
            {
                final ResyncLoop.Sync sync = ResyncLoop.once(fleet, server, count, new Windows());
                ResyncLoop.awaitNoChild(server);
                final MemorySample peak = sampler.finish();
                return new double[]{
                    sync.seconds(),
                    sync.payloadBytes() / GB,
                    cpuBefore < 0 ? Double.NaN : (ServerUse.cpuUs(server) - cpuBefore) / 1e6,
                    (sampler.peakOwn().own() - before.own()) / MIB,
                    (peak.file() - before.file()) / MIB};
            }
        }

        private void report(final int[] counts)
        {
            final Table table = result.table(
                new Table(
                    what.data.describe() + " to draining replicas, medians of " + passCount,
                    Table.column("primary"),
                    Table.column("replicas"),
                    Table.column("seconds", 2),
                    Table.column("speed, x " + context.reference()),
                    Table.column("MB/s sent", 0),
                    Table.column("CPU s", 2),
                    Table.column("CPU s/GB sent", 2),
                    Table.column("extra memory MiB", 1),
                    Table.column("extra mapped file MiB", 1)));
            final Plot plot = result.plot(
                Plot.bars(
                    "Time of a full resync of " + what.data.describe(),
                    "seconds",
                    Arrays.stream(counts).mapToObj((count) -> Table.counted(count, "replica"))
                        .collect(Collectors.toList())));
            for (int c = 0; c < counts.length; c++)
            {
                final double[][][] fields = measured.get(c);
                for (int i = 0; i < lineup.size(); i++)
                {
                    final double seconds = Statistics.median(fields[SECONDS][i]);
                    final double gigabytes = Statistics.median(fields[GIGABYTES][i]);
                    final double cpu = Statistics.median(fields[CPU_SECONDS][i]);
                    table.add(
                        lineup.label(i),
                        counts[c],
                        seconds,
                        Statistics.describe(Statistics.ratios(fields[SECONDS][0], fields[SECONDS][i])),
                        gigabytes * 1e3 / seconds,
                        cpu,
                        cpu / gigabytes,
                        Statistics.median(fields[OWN_MIB][i]),
                        Statistics.median(fields[FILE_MIB][i]));
                }

                findings(counts, c, fields);
            }

            for (int i = 0; i < lineup.size(); i++)
            {
                final int index = i;
                plot.bar(
                    lineup.label(i),
                    measured.stream().mapToDouble((fields) -> Statistics.median(fields[SECONDS][index])).toArray());
            }
        }

        private void findings(final int[] counts, final int c, final double[][][] fields)
        {
            final double goal = goal(counts[c]);
            final double[][] speeds = Arrays.stream(fields[SECONDS])
                .map(
                    (places) -> Arrays.stream(places).map((seconds) -> what.data.dataBytes() / 1e6 / seconds).toArray())
                .toArray(double[][]::new);
            context.pairedFindings(
                result,
                4,
                "full resync, " + what.data.describe() + ", to " + counts[c] + " draining: speed",
                "MB/s each",
                speeds,
                Double.isNaN(goal) ? Goal.NONE : Goal.ratioAtLeast(goal));
            if (null != what.memoryGoal)
            {
                context.pairedFindings(
                    result,
                    5,
                    "full resync, " + what.data.describe() + ", to " + counts[c] + " draining: extra memory",
                    "MiB",
                    fields[OWN_MIB],
                    what.memoryGoal);
            }
        }

        private double goal(final int count)
        {
            return 1 == count
                ? what.goals[0]
                : 16 == count ? what.goals[1] : 32 == count ? what.goals[2] : Double.NaN;
        }

        private void control() throws IOException
        {
            final long length = (long)(measured.get(0)[GIGABYTES][0][0] * GB);
            PlainPrimary.seconds(fleet, length, TIMEOUT_MS);
            final double seconds = PlainPrimary.seconds(fleet, length, TIMEOUT_MS);
            context.progress("  the same bytes by plain writes to one replica: %.2f s", seconds);
            result.table(
                new Table(
                    "Control: the bytes of the first resync above by plain writes of one buffer to one replica",
                    Table.column("bytes"),
                    Table.column("seconds", 2),
                    Table.column("MB/s", 0)))
                .add(length, seconds, length / 1e6 / seconds);
        }
    }
}
