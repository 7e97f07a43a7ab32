package org.millrace.bench.main;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.millrace.bench.report.Goal;
import org.millrace.bench.report.Plot;
import org.millrace.bench.report.ScenarioResult;
import org.millrace.bench.report.Table;
import org.millrace.bench.rig.ClosedLoopRig;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.resp.RespClient;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;
import org.millrace.bench.workload.Values;
import org.millrace.bench.workload.Workload;
import org.millrace.bench.workload.Workloads;

/**
 * Overwrites and deletes with sizes that change from phase to phase, for as long as one likes; at the end the data are
 * made those of a fresh load, and the memory is compared with that of one.
 */
final class ChurnScenario implements Scenario
{
    /** Shortest and longest value of each phase; all have the same mean, so the data stay as large as they are. */
    private static final int[][] PHASES = {{16, 496}, {240, 272}, {32, 480}, {128, 384}, {200, 312}, {16, 496}};
    private static final int VALUE_LENGTH_MAX = 496;
    private static final int PIPELINE = 32;
    private static final long SEED = 41;
    private static final double MIB = 1024 * 1024;

    /** {@inheritDoc} */
    @Override
    public String name()
    {
        return "churn";
    }

    /** {@inheritDoc} */
    @Override
    public String summary()
    {
        return "row 6: memory over a long time of overwrites and deletes with changing sizes, against a fresh load";
    }

    /** {@inheritDoc} */
    @Override
    public ScenarioResult run(final BenchContext context) throws IOException
    {
        final ScenarioResult result = new ScenarioResult(
            name(),
            "How much memory is lost to fragmentation when sizes change for a long time?");
        final int keyCount = (int)context.number("keys", 2_000, 500_000, 2_000_000);
        final int cycles = (int)context.number("cycles", 1, 2, 6);
        result.parameter("keys", keyCount).parameter("mean value bytes", (PHASES[0][0] + PHASES[0][1]) / 2)
            .parameter("phases", PHASES.length * cycles)
            .parameter("commands a phase", keyCount + ", one in eight a DEL")
            .parameter("warm-up", "the first fill, from which the growth is counted");
        result.doubt("Resident memory less that of the server when empty. Servers may give memory back later than " +
            "they free it.");

        final Table table = result.table(
            new Table(
                "Memory after churn and of the same data loaded afresh",
                Table.column("server"),
                Table.column("fresh MiB", 1),
                Table.column("greatest in between MiB", 1),
                Table.column("after churn MiB", 1),
                Table.column("after churn, x fresh", 3),
                Table.column("commands/s", 0)));
        final Plot plot = result.plot(Plot.lines("Resident memory during churn", "phase", "MiB", false));
        final double[] ratios = new double[context.specs().size()];
        for (int i = 0; i < ratios.length; i++)
        {
            final ServerSpec spec = context.specs().get(i);
            final double fresh = fresh(context, spec, keyCount);
            final Churned churned = churn(context, spec, keyCount, cycles);
            ratios[i] = churned.last() / fresh;
            table.add(spec.label(), fresh, churned.greatest(), churned.last(), ratios[i], churned.perSecond);
            final double[] x = new double[churned.mib.size()];
            Arrays.setAll(x, (index) -> index);
            plot.line(spec.label(), x, churned.mib.stream().mapToDouble(Double::doubleValue).toArray());
            context.progress("  %-24s %.1f MiB fresh, %.3f of it after churn", spec.label(), fresh, ratios[i]);
        }

        context.findings(
            result,
            6,
            "memory after churn to that of a fresh load",
            "x",
            ratios,
            Goal.atMost(1.1, "x"));
        return result;
    }

    private static double fresh(final BenchContext context, final ServerSpec spec, final int keyCount)
        throws IOException
    {
        final ServerProcess server = Lineup.launch(context, spec, spec.label() + " fresh");
        try
        {
            server.awaitReady();
            final long empty = empty(context, server);
            load(server, last(keyCount), keyCount);
            return settled(context, server, empty);
        }
        finally
        {
            server.kill();
        }
    }

    private static Churned churn(
        final BenchContext context,
        final ServerSpec spec,
        final int keyCount,
        final int cycles) throws IOException
    {
        final ServerProcess server = Lineup.launch(context, spec, spec.label() + " churned");
        try
        {
            server.awaitReady();
            final Churned churned = new Churned();
            final long empty = empty(context, server);
            load(server, last(keyCount), keyCount);
            churned.mib.add(settled(context, server, empty));
            final long startNs = System.nanoTime();
            for (int phase = 0; phase < PHASES.length * cycles; phase++)
            {
                final int[] lengths = PHASES[phase % PHASES.length];
                load(
                    server,
                    Workloads.churn(
                        keyCount,
                        new Values(SEED, VALUE_LENGTH_MAX),
                        lengths[0],
                        lengths[1],
                        SEED + phase),
                    keyCount);
                churned.mib.add((ServerUse.residentBytes(server) - empty) / MIB);
            }

            churned.perSecond = (double)keyCount * PHASES.length * cycles * 1e9 / (System.nanoTime() - startNs);
            load(server, last(keyCount), keyCount);
            churned.mib.add(settled(context, server, empty));
            return churned;
        }
        finally
        {
            server.kill();
        }
    }

    /** Every key once, in order, with a length that depends on the key: what both end with. */
    private static Workload last(final int keyCount)
    {
        return Workloads.fillVarying(
            keyCount,
            new Values(SEED, VALUE_LENGTH_MAX),
            PHASES[0][0],
            PHASES[0][1]);
    }

    /** Resident size of the server when it has run for a while and holds nothing. */
    private static long empty(final BenchContext context, final ServerProcess server) throws IOException
    {
        final Values values = new Values(SEED, VALUE_LENGTH_MAX);
        load(server, Workloads.set(1, values, VALUE_LENGTH_MAX, SEED), context.pick(5_000, 500_000, 500_000));
        try (RespClient client = server.connect())
        {
            client.callOk("FLUSHALL");
        }

        settle(context);
        return ServerUse.residentBytes(server);
    }

    private static double settled(final BenchContext context, final ServerProcess server, final long empty)
    {
        settle(context);
        return (ServerUse.residentBytes(server) - empty) / MIB;
    }

    private static void settle(final BenchContext context)
    {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(context.pick(100, 1_500, 3_000)));
    }

    private static void load(final ServerProcess server, final Workload workload, final long count) throws IOException
    {
        try (ClosedLoopRig rig = ClosedLoopRig
            .open(ServerProcess.HOST, server.port(), 1, PIPELINE, (index) -> workload))
        {
            if (rig.runCount(count).errorCount() > 0)
            {
                throw new IOException("errors during churn, is there enough memory?");
            }
        }
    }

    /** Memory of one server after each phase. */
    private static final class Churned
    {
        private final List<Double> mib = new ArrayList<>();
        private double perSecond;

        double last()
        {
            return mib.get(mib.size() - 1);
        }

        double greatest()
        {
            return mib.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
        }
    }
}
