package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import org.HdrHistogram.Histogram;
import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ControlProbe;
import org.millrace.bench.rig.DrainFleet;
import org.millrace.bench.rig.MemorySampler;
import org.millrace.bench.rig.OpenLoopRig;
import org.millrace.bench.rig.ResyncLoop;
import org.millrace.bench.rig.Windows;
import org.millrace.bench.target.MemorySample;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.server.ServerProcess;
import org.millrace.bench.workload.Workload;

/**
 * Writes at a fixed rate, idle and while full resyncs go on: their latency beside that of a control process, the time
 * of the resyncs, and the memory they cost, all at once.
 */
final class LatencyScenario implements Scenario
{
    private static final int CONNECTIONS = 50;
    private static final long SEED = 17;
    private static final double MIB = 1024 * 1024;
    private static final double TAIL = 99.9;
    private static final long RUN_NS_MAX = TimeUnit.MINUTES.toNanos(15);
    private static final double MIXED_TAIL_US = 5_000;
    private static final double TIMES_IDLE = 1.2;
    private static final int TAIL_X_IDLE = 0;
    private static final int TAIL_X_CONTROL = 1;

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
        return "rows 3, 5: writes at a fixed rate, idle and during full resyncs: latency, time, memory";
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
            "How much do writes at a fixed rate suffer from full resyncs to one and to many replicas, and what " +
                "memory do these take?");
        final Plan plan = new Plan(context);
        result.parameter("data set", plan.data.describe()).parameter("keys", plan.data.keyCount())
            .parameter("writes", plan.data.writeName() + " of " + plan.data.writeBytes() + " B")
            .parameter("writes a second", plan.rate).parameter("connections", CONNECTIONS)
            .parameter("warm-up, s, and one full resync", plan.warmUpMs / 1e3)
            .parameter("idle, s, and least time of each run", plan.runMs / 1e3)
            .parameter("replicas in resync", Arrays.toString(plan.counts))
            .parameter("passes (A B, B A)", plan.passCount);
        result.doubt("Load generator, draining replicas and server share the machine: with few cores a part of the " +
            "tail is waiting for a CPU. The control process shows how much, 'generator late' how late the " +
            "generator itself was.");
        result.doubt("Only writes meant to leave while a full resync goes on count; a fast resync is repeated until " +
            "the time is over, a slow one is waited for.");
        result.doubt("Socket memory is the payload that waits in the kernel at the server's end; the machine's TCP " +
            "memory has both ends and what the kernel spends around it.");

        final Run[][][] runs = new Run[context.specs().size()][plan.counts.length][plan.passCount];
        try (
            DrainFleet fleet = DrainFleet.open();
            ControlProbe probe = ControlProbe.start();
            Lineup lineup = Lineup.start(
                context,
                plan.data.memoryBytes(),
                (server) -> fill(context, plan, server),
                "--client-output-buffer-limit",
                "replica 0 0 0"))
        {
            final Bench bench = new Bench(context, result, plan, fleet, probe);
            lineup.passes(plan.passCount, (server, index, place) -> bench.measure(server, runs[index], place));
        }

        report(context, result, plan, runs);
        return result;
    }

    private static void fill(final BenchContext context, final Plan plan, final ServerProcess server)
        throws IOException
    {
        final long startNs = System.nanoTime();
        plan.data.fill(server);
        context.progress("  filled %s in %.1f s", server.label(), (System.nanoTime() - startNs) / 1e9);
    }

    private static void report(
        final BenchContext context,
        final ScenarioResult result,
        final Plan plan,
        final Run[][][] runs)
    {
        final Table latencies = result.table(
            new Table(
                plan.data.writeName() + " latency at " + plan.rate + " writes a second",
                Table.column("server"),
                Table.column("replicas in resync"),
                Table.column("p50 us", 0),
                Table.column("p99 us", 0),
                Table.column("p99.9 us", 0),
                Table.column("max us", 0),
                Table.column("p99.9, x own idle", 2),
                Table.column("p99.9, x control", 2),
                Table.column("p99.9, x " + context.reference(), 3),
                Table.column("control p99.9 us", 0),
                Table.column("generator late p99.9 us", 0),
                Table.column("errors")));
        final Table resyncs = result.table(
            new Table(
                "Full resyncs under these writes",
                Table.column("server"),
                Table.column("replicas"),
                Table.column("resyncs"),
                Table.column("seconds, median", 2),
                Table.column("x " + context.reference(), 2),
                Table.column("MB/s sent", 0),
                Table.column("passes over the data, each", 1),
                Table.column("extra memory MiB"),
                Table.column("of it sockets MiB", 1),
                Table.column("beside it: mapped files MiB", 1),
                Table.column("TCP of the machine MiB", 1)));
        for (int c = 0; c < plan.counts.length; c++)
        {
            final Plot percentiles = result.plot(
                Plot.percentiles(plan.data.writeName() + " latency, " + describe(plan.counts[c])));
            final Plot overTime = result.plot(
                Plot.lines("Greatest latency in each 0.1 s, " + describe(plan.counts[c]), "s", "us", true));
            final Plot memory = plan.counts[c] > 0
                ? result.plot(
                    Plot.lines("Extra memory (heap, anonymous, sockets), " + describe(plan.counts[c]), "s", "MiB",
                        false))
                : null;
            for (int i = 0; i < runs.length; i++)
            {
                final Cell cell = new Cell(runs[i], c);
                final String label = context.specs().get(i).label();
                cell.addLatency(latencies, label, plan.counts[c], new Cell(runs[0], c));
                percentiles.histogram(label, cell.latencyNs());
                overTime.line(label, cell.sliceSeconds(), cell.sliceMicros());
                result.histogram(label + "_" + plan.counts[c] + "_replicas", cell.latencyNs());
                result.histogram(label + "_" + plan.counts[c] + "_replicas_control", cell.controlNs());
                if (null != memory)
                {
                    cell.addResyncs(resyncs, label, plan.counts[c], new Cell(runs[0], c));
                    memory.line(label, cell.memorySeconds(), cell.memoryMib());
                }
            }

            findings(context, result, plan, runs, c);
        }
    }

    private static void findings(
        final BenchContext context,
        final ScenarioResult result,
        final Plan plan,
        final Run[][][] runs,
        final int c)
    {
        final int count = plan.counts[c];
        final String what = plan.describe() + ", " + describe(count) + ": ";
        final double[] idleUs = each(runs, c, (cell) -> cell.idleUs());
        context.findings(
            result,
            3,
            what + "p99.9",
            "us",
            each(runs, c, (cell) -> cell.tailUs()),
            (label) -> tailGoal(plan, count, idleUs[context.labels().indexOf(label)]));
        if (0 == count)
        {
            return;
        }

        final int kind = 1 == count ? TAIL_X_IDLE : TAIL_X_CONTROL;
        context.findings(
            result,
            3,
            what + (TAIL_X_IDLE == kind ? "p99.9 to own idle p99.9" : "p99.9 to that of a control process"),
            "x",
            each(runs, c, (cell) -> TAIL_X_IDLE == kind ? cell.timesIdle() : cell.timesControl()),
            plan.isMixed ? Goal.NONE : TAIL_X_IDLE == kind ? Goal.atMost(TIMES_IDLE, "x") : Goal.atMost(2, "x"));
        context.findings(
            result,
            4,
            what + "time of the resync",
            "s",
            each(runs, c, (cell) -> cell.syncSeconds()),
            Goal.NONE);
        context.findings(
            result,
            5,
            what + "extra memory at its peak",
            "MiB",
            each(runs, c, (cell) -> cell.extraMib()),
            // Among all types, nodes that writes touch may be there twice.
            plan.isMixed ? Goal.NONE : Goal.atMost(64, "MiB"));
    }

    /** For strings beside the peer's; among all types a bound, which the own idle tail may raise. */
    private static Goal tailGoal(final Plan plan, final int count, final double idleUs)
    {
        if (0 == count)
        {
            return Goal.NONE;
        }

        return plan.isMixed
            ? Goal.atMost(Math.max(MIXED_TAIL_US, Math.rint(TIMES_IDLE * idleUs)), "us")
            : count > 1 ? Goal.ratioAtMost(0.05) : Goal.NONE;
    }

    private static double[] each(final Run[][][] runs, final int c, final ToDoubleFunction<Cell> field)
    {
        return Arrays.stream(runs).mapToDouble((run) -> field.applyAsDouble(new Cell(run, c))).toArray();
    }

    private static String describe(final int count)
    {
        return 0 == count ? "idle" : "full resync to " + Table.counted(count, "replica");
    }

    /** Sizes of the scenario. */
    private static final class Plan
    {
        private final DataSet data;
        private final boolean isMixed;
        private final int rate;
        private final long runMs;
        private final long warmUpMs;
        private final int passCount;
        private final int[] counts;

        Plan(final BenchContext context)
        {
            isMixed = context.isMixed();
            data = isMixed ? mixed(context) : strings(context);
            rate = (int)context.number("rate", 1_000, 10_000, 10_000);
            runMs = context.millis("seconds", 400, 5_000, 15_000);
            warmUpMs = context.number("warm-up-ms", 300, 3_000, 10_000);
            passCount = (int)context.number("passes", 1, 1, 2);
            final int[] asked = context
                .numbers("replicas", new int[]{1, 2}, new int[]{1, 16, 32}, new int[]{1, 16, 32});
            // Idle always comes first: the others are compared with it.
            counts = new int[1 + (int)Arrays.stream(asked).filter((count) -> count > 0).count()];
            System.arraycopy(Arrays.stream(asked).filter((count) -> count > 0).toArray(), 0, counts, 1,
                counts.length - 1);
        }

        private static DataSet strings(final BenchContext context)
        {
            final int valueLength = (int)context.number("value", 1_024, 1_024, 1_024);
            return new StringData(
                context.number("data", 10_000_000, 500_000_000, 2_000_000_000) / valueLength, valueLength, SEED);
        }

        private static DataSet mixed(final BenchContext context)
        {
            return MixedData.ofBytes(
                context.number("data", 1_000_000, 275_000_000, 1_000_000_000),
                (int)context.number("keys", 2_000, 1_000_000, 5_000_000),
                SEED);
        }

        String describe()
        {
            return String.format(
                Locale.ROOT,
                "%,d %s/s of %,d B, %.1f GB%s",
                rate,
                isMixed ? data.writeName() : "writes",
                data.writeBytes(),
                data.dataBytes() / 1e9,
                isMixed ? " of all types" : "");
        }
    }

    /** Runs everything on one server. */
    private record Bench(
        BenchContext context,
        ScenarioResult result,
        Plan plan,
        DrainFleet fleet,
        ControlProbe probe)
    {
        void measure(final ServerProcess server, final Run[][] runs, final int place) throws IOException
        {
            final Workload workload = plan.data.writes(SEED + place);
            try (OpenLoopRig rig = OpenLoopRig.open(ServerProcess.HOST, server.port(), CONNECTIONS))
            {
                warmUp(server, rig, workload);
                for (int c = 0; c < plan.counts.length; c++)
                {
                    final Run run = 0 == plan.counts[c]
                        ? idle(rig, workload)
                        : loaded(server, rig, workload, plan.counts[c]);
                    runs[c][place] = run;
                    check(server.label() + ", " + describe(plan.counts[c]), run);
                    context.progress(
                        "  %s, %s: p99.9 %,.0f us, control %,.0f us%s",
                        server.label(),
                        describe(plan.counts[c]),
                        run.latency.load().latencyNs().getValueAtPercentile(TAIL) / 1e3,
                        run.controlNs.getValueAtPercentile(TAIL) / 1e3,
                        run.describeSyncs());
                }
            }
        }

        /** Connections, buffers, compiled code, and the paths of a full resync. */
        private void warmUp(final ServerProcess server, final OpenLoopRig rig, final Workload workload)
            throws IOException
        {
            rig.run(workload, plan.rate, TimeUnit.MILLISECONDS.toNanos(plan.warmUpMs));
            try (ResyncLoop loop = ResyncLoop.start(fleet, server, 1, 0, new Windows()))
            {
                rig.run(workload, plan.rate, RUN_NS_MAX, null, loop::isDone);
            }
        }

        private Run idle(final OpenLoopRig rig, final Workload workload) throws IOException
        {
            final Run run = new Run();
            final Windows windows = new Windows();
            windows.open(System.nanoTime());
            probe.count(windows);
            run.latency = rig.run(workload, plan.rate, TimeUnit.MILLISECONDS.toNanos(plan.runMs));
            windows.close(System.nanoTime());
            run.controlNs = probe.latencyNs();
            return run;
        }

        private Run loaded(
            final ServerProcess server,
            final OpenLoopRig rig,
            final Workload workload,
            final int count) throws IOException
        {
            final Run run = new Run();
            final Windows windows = new Windows();
            fleet.checkRoom(count, server.pid());
            run.before = ServerUse.memory(server);
            probe.count(windows);
            try (
                MemorySampler sampler = MemorySampler.start(server);
                ResyncLoop loop = ResyncLoop
                    .start(fleet, server, count, TimeUnit.MILLISECONDS.toNanos(plan.runMs), windows))
            {
                run.latency = rig.run(workload, plan.rate, RUN_NS_MAX, windows, loop::isDone);
                run.controlNs = probe.latencyNs();
                run.peak = sampler.finish();
                run.peakOwn = sampler.peakOwn();
                run.samples = sampler.samples();
                run.peakTcpBytes = sampler.peakTcpBytes();
                run.syncs.addAll(loop.syncs());
                run.failure = loop.failure();
            }

            return run;
        }

        private void check(final String what, final Run run)
        {
            final double generatorLateMs = run.latency.sendDelayNs().getValueAtPercentile(99) / 1e6;
            if (generatorLateMs > 50)
            {
                result.failure(what + ": the generator did not hold the rate");
            }

            if (run.latency.load().errorCount() > 0)
            {
                result.failure(what + ": " + run.latency.load().errorCount() + " errors");
            }

            if (null != run.failure)
            {
                result.failure(what + ": " + run.failure);
            }
        }
    }

    /** One run at a fixed rate. */
    private static final class Run
    {
        private final List<ResyncLoop.Sync> syncs = new ArrayList<>();
        private OpenLoopRig.Result latency;
        private Histogram controlNs;
        private List<MemorySampler.Sample> samples = List.of();
        private MemorySample before = MemorySample.ZERO;
        private MemorySample peak = MemorySample.ZERO;
        private MemorySample peakOwn = MemorySample.ZERO;
        private long peakTcpBytes;
        private String failure;

        String describeSyncs()
        {
            return syncs.isEmpty()
                ? ""
                : String.format(
                    Locale.ROOT,
                    ", %d resyncs, the first in %.2f s, memory +%.0f MiB",
                    syncs.size(),
                    syncs.get(0).seconds(),
                    (peakOwn.own() - before.own()) / MIB);
        }
    }

    /** All runs of one server with one number of replicas. */
    private static final class Cell
    {
        private final Run[] runs;
        private final Run[] idle;

        Cell(final Run[][] runs, final int c)
        {
            this.runs = runs[c];
            idle = runs[0];
        }

        Histogram latencyNs()
        {
            return merged(runs, (run) -> run.latency.load().latencyNs());
        }

        Histogram controlNs()
        {
            return merged(runs, (run) -> run.controlNs);
        }

        double tailUs()
        {
            return tail(latencyNs());
        }

        double idleUs()
        {
            return tail(merged(idle, (run) -> run.latency.load().latencyNs()));
        }

        double timesIdle()
        {
            return tailUs() / idleUs();
        }

        double timesControl()
        {
            return tailUs() / tail(controlNs());
        }

        double syncSeconds()
        {
            return Statistics.median(
                Arrays.stream(runs).flatMap((run) -> run.syncs.stream()).mapToDouble(ResyncLoop.Sync::seconds)
                    .toArray());
        }

        double extraMib()
        {
            return Arrays.stream(runs).mapToDouble((run) -> (run.peakOwn.own() - run.before.own()) / MIB).max()
                .orElse(Double.NaN);
        }

        double[] sliceSeconds()
        {
            final double[] x = new double[runs[0].latency.sliceMaxNs().length];
            Arrays.setAll(x, (i) -> i / 10.0);
            return x;
        }

        double[] sliceMicros()
        {
            return Arrays.stream(runs[0].latency.sliceMaxNs()).mapToDouble((ns) -> Math.max(1, ns / 1e3)).toArray();
        }

        double[] memorySeconds()
        {
            return runs[0].samples.stream().mapToDouble(MemorySampler.Sample::seconds).toArray();
        }

        double[] memoryMib()
        {
            return runs[0].samples.stream()
                .mapToDouble((sample) -> Math.max(0, sample.memory().own() - runs[0].before.own()) / MIB).toArray();
        }

        void addLatency(final Table table, final String label, final int count, final Cell reference)
        {
            final Histogram latency = latencyNs();
            table.add(
                label,
                count,
                latency.getValueAtPercentile(50) / 1e3,
                latency.getValueAtPercentile(99) / 1e3,
                tailUs(),
                latency.getMaxValue() / 1e3,
                timesIdle(),
                timesControl(),
                tailUs() / reference.tailUs(),
                tail(controlNs()),
                tail(merged(runs, (run) -> run.latency.sendDelayNs())),
                Arrays.stream(runs).mapToLong((run) -> run.latency.load().errorCount()).sum());
        }

        void addResyncs(final Table table, final String label, final int count, final Cell reference)
        {
            final long syncCount = Arrays.stream(runs).mapToLong((run) -> run.syncs.size()).sum();
            final double bytes = Arrays.stream(runs).flatMap((run) -> run.syncs.stream())
                .mapToDouble(ResyncLoop.Sync::payloadBytes).average().orElse(Double.NaN);
            table.add(
                label,
                count,
                syncCount,
                syncSeconds(),
                reference.syncSeconds() / syncSeconds(),
                bytes / 1e6 / syncSeconds(),
                Arrays.stream(runs).flatMap((run) -> run.syncs.stream()).mapToInt(ResyncLoop.Sync::passCount)
                    .average().orElse(Double.NaN),
                extraMib(),
                Arrays.stream(runs).mapToDouble((run) -> run.peak.socket() / MIB).max().orElse(Double.NaN),
                Arrays.stream(runs).mapToDouble((run) -> (run.peak.file() - run.before.file()) / MIB).max()
                    .orElse(Double.NaN),
                Arrays.stream(runs).mapToDouble((run) -> run.peakTcpBytes / MIB).max().orElse(Double.NaN));
        }

        private static double tail(final Histogram histogram)
        {
            return 0 == histogram.getTotalCount() ? Double.NaN : histogram.getValueAtPercentile(TAIL) / 1e3;
        }

        private static Histogram merged(final Run[] runs, final Function<Run, Histogram> field)
        {
            final Histogram sum = field.apply(runs[0]).copy();
            for (int i = 1; i < runs.length; i++)
            {
                sum.add(field.apply(runs[i]));
            }

            return sum;
        }
    }
}
