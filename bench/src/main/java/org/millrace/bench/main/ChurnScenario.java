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
import org.millrace.bench.rig.Fill;
import org.millrace.bench.target.ServerUse;
import org.millrace.kit.server.ServerProcess;
import org.millrace.kit.server.ServerSpec;

/**
 * Overwrites and deletes with sizes that change from phase to phase, for as long as one likes; at the end the data are
 * made those of a fresh load, and the memory is compared with that of one.
 */
final class ChurnScenario implements Scenario
{
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
            "How much memory is lost to fragmentation when sizes change for a long time?");
        final ChurnLoad load = context.isMixed() ? new MixedChurn(context) : new StringChurn(context);
        final int cycles = context.isMixed()
            ? (int)context.number("cycles", 1, 1, 2)
            : (int)context.number("cycles", 1, 2, 6);
        result.parameter("data", load.describe()).parameter("phases", ChurnLoad.PHASES.length * cycles)
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
            final double fresh = fresh(context, spec, load);
            final Churned churned = churn(context, spec, load, cycles);
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
            "memory after churn to that of a fresh load" + (context.isMixed() ? ", all types" : ""),
            "x",
            ratios,
            Goal.atMost(context.isMixed() ? 1.2 : 1.1, "x"));
        return result;
    }

    private static double fresh(final BenchContext context, final ServerSpec spec, final ChurnLoad load)
        throws IOException
    {
        final ServerProcess server = Lineup.launch(context, spec, spec.label() + " fresh");
        try
        {
            server.awaitReady();
            final long empty = empty(context, server, load);
            send(server, load.fresh());
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
        final ChurnLoad load,
        final int cycles) throws IOException
    {
        final ServerProcess server = Lineup.launch(context, spec, spec.label() + " churned");
        try
        {
            server.awaitReady();
            final Churned churned = new Churned();
            final long empty = empty(context, server, load);
            send(server, load.fresh());
            churned.mib.add(settled(context, server, empty));
            final long startNs = System.nanoTime();
            long commandCount = 0;
            for (int phase = 0; phase < ChurnLoad.PHASES.length * cycles; phase++)
            {
                final ChurnLoad.Step step = load.phase(phase);
                send(server, step);
                commandCount += step.count();
                churned.mib.add((ServerUse.residentBytes(server) - empty) / MIB);
            }

            churned.perSecond = commandCount * 1e9 / (System.nanoTime() - startNs);
            send(server, load.restore());
            churned.mib.add(settled(context, server, empty));
            return churned;
        }
        finally
        {
            server.kill();
        }
    }

    /** Resident size of the server when it has run for a while and holds nothing. */
    private static long empty(final BenchContext context, final ServerProcess server, final ChurnLoad load)
        throws IOException
    {
        load.warmUp(server);
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

    private static void send(final ServerProcess server, final ChurnLoad.Step step) throws IOException
    {
        Fill.commands(ServerProcess.HOST, server.port(), step.workload(), step.count());
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
